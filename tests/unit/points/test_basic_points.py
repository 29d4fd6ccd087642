"""Basic points (基本积分, 附件 一): every numeric example of the rule catalogue."""

from datetime import UTC, datetime

import pytest

from points.activities.domain.act import Act
from tests.unit.points.acts import Platform, people
from tests.unit.points.counting import GUANGZHOU, awards, points_of


def _shares(count: int) -> list[Act]:
    platform = Platform()
    return [platform.share("T1", f"r{n}", f"hash-{n}") for n in range(count)]


@pytest.mark.parametrize(("count", "points"), [(1, 20), (5, 100), (6, 100)])
def test_gz_bp_04_each_distinct_share_earns_20_up_to_100(count: int, points: int) -> None:
    assert points_of(_shares(count), "GZ-BP-04") == {"T1": points}


def test_gz_bp_04_the_sixth_share_is_kept_with_nothing_granted() -> None:
    assert [award.points for award in awards(_shares(6))] == [20, 20, 20, 20, 20, 0]


def test_gz_bp_04_the_same_file_twice_earns_once() -> None:
    platform = Platform()
    acts = [platform.share("T1", "r1", "same"), platform.share("T1", "r2", "same")]
    assert points_of(acts, "GZ-BP-04") == {"T1": 20}


def test_gz_bp_04_repeated_content_of_another_teacher_earns_nothing() -> None:
    platform, elsewhere = Platform(), Platform("gz-other")
    acts = [platform.share("T1", "r1", "same", 1), elsewhere.share("T2", "r1", "same", 2)]
    assert points_of(acts, "GZ-BP-04") == {"T1": 20}


def _discussion(repliers: list[str], topic: str = "t1") -> list[Act]:
    platform = Platform()
    return [platform.start("T1", topic), *(platform.reply(who, topic) for who in repliers)]


@pytest.mark.parametrize(
    ("repliers", "points"),
    [
        pytest.param(people(9), 0, id="9 people"),
        pytest.param(people(10), 10, id="10 people"),
        pytest.param(["P01"] * 10, 0, id="one person ten times"),
        pytest.param(["T1", *people(9)], 0, id="the author and 9 others"),
        pytest.param(["T1", *people(10)], 10, id="the author and 10 others"),
    ],
)
def test_gz_bp_06_ten_distinct_others_earn_10(repliers: list[str], points: int) -> None:
    assert points_of(_discussion(repliers), "GZ-BP-06").get("T1", 0) == points


def test_gz_bp_06_eleven_qualifying_topics_earn_100() -> None:
    platform = Platform()
    acts: list[Act] = []
    for n in range(11):
        acts += [platform.start("T1", f"t{n}"), *(platform.reply(who, f"t{n}") for who in people(10))]
    assert points_of(acts, "GZ-BP-06") == {"T1": 100}


def test_gz_bp_06_the_year_is_that_of_the_tenth_reply() -> None:
    platform = Platform()
    before, after = datetime(2024, 12, 31, 15, 59, 59, tzinfo=UTC), datetime(2024, 12, 31, 16, tzinfo=UTC)
    for last, year in ((before, 2024), (after, 2025)):
        acts = [platform.start("T1", "t1", before), *(platform.reply(p, "t1", before) for p in people(9))]
        acts.append(platform.reply("P99", "t1", last))
        assert [award.year for award in awards(acts)] == [year]


@pytest.mark.parametrize(("count", "points"), [(1, 50), (2, 100), (3, 100)])
def test_gz_bp_07_each_approved_workshop_earns_50_up_to_100(count: int, points: int) -> None:
    platform = Platform()
    assert points_of([platform.found("T1", f"w{n}") for n in range(count)], "GZ-BP-07") == {"T1": points}


@pytest.mark.parametrize(("count", "points"), [(1, 20), (5, 100), (6, 100)])
def test_gz_bp_08_each_session_of_the_host_earns_20_up_to_100(count: int, points: int) -> None:
    platform = Platform()
    acts = [platform.found("T1", "w1"), *(platform.create("T1", f"s{n}", "w1") for n in range(count))]
    assert points_of(acts, "GZ-BP-08") == {"T1": points}


def test_gz_bp_08_a_session_of_another_than_the_host_earns_nothing() -> None:
    platform = Platform()
    acts = [platform.found("T1", "w1"), platform.create("T2", "s1", "w1")]
    assert points_of(acts, "GZ-BP-08") == {}


def test_gz_bp_07_an_application_that_was_not_approved_is_no_act_and_earns_nothing() -> None:
    platform = Platform()
    assert awards([platform.join(who, "w1") for who in people(10)]) == []


def test_gz_bp_08_a_session_that_is_struck_out_earns_nothing() -> None:
    platform = Platform()
    session = platform.create("T1", "s1", "w1")
    acts = [platform.found("T1", "w1"), session, platform.create("T1", "s2", "w1")]
    assert points_of([*acts, platform.withdraw(session)], "GZ-BP-08") == {"T1": 20}


def test_the_four_missing_items_are_slots_that_cannot_earn() -> None:
    slots = {slot.id for slot in GUANGZHOU.slots if slot.section == "points"}
    assert {"GZ-BP-01", "GZ-BP-02", "GZ-BP-03", "GZ-BP-05"} <= slots
    assert not slots & {rule.id for rule in GUANGZHOU.points}
