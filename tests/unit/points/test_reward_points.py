"""Reward points (奖励积分, 附件 二): every numeric example of the rule catalogue."""

from datetime import UTC, datetime

import pytest

from points.activities.domain.act import Act
from tests.unit.points.acts import Platform, people
from tests.unit.points.counting import awards, claims, points_of


def _rated(stars: list[int], resource: str = "r1") -> list[Act]:
    platform = Platform()
    ratings = [
        platform.rate(who, resource, given) for who, given in zip(people(len(stars)), stars, strict=True)
    ]
    return [platform.share("T1", resource, resource, 0), *ratings]


@pytest.mark.parametrize(
    ("stars", "points"),
    [
        pytest.param([3] * 20, 20, id="20 raters with 3 stars"),
        pytest.param([5] * 19, 0, id="19 raters with 5 stars"),
        pytest.param([1, *[3] * 20], 0, id="1 star first: mean 61/21"),
        pytest.param([*[3] * 20, 1], 20, id="the same star after the 20th"),
        pytest.param([2, *[3] * 20], 0, id="2 stars first: mean 62/21"),
        pytest.param([2, *[3] * 20, 4], 20, id="mean 66/22 is 3 exactly"),
    ],
)
def test_gz_rp_01_twenty_good_ratings_and_a_mean_of_three(stars: list[int], points: int) -> None:
    assert points_of(_rated(stars), "GZ-RP-01").get("T1", 0) == points


def test_gz_rp_01_is_dated_at_the_rating_that_brings_the_mean_to_three() -> None:
    acts = _rated([2, *[3] * 20, 4])
    assert [award.act for award in awards(acts) if award.rule == "GZ-RP-01"] == [acts[-1].id]


def test_gz_rp_01_six_resources_earn_100() -> None:
    platform = Platform()
    acts: list[Act] = []
    for n in range(6):
        acts.append(platform.share("T1", f"r{n}", f"h{n}"))
        acts += [platform.rate(who, f"r{n}", 4) for who in people(20)]
    assert points_of(acts, "GZ-RP-01") == {"T1": 100}


@pytest.mark.parametrize(
    ("repliers", "points"), [(19, {"GZ-BP-06": 10}), (20, {"GZ-BP-06": 10, "GZ-RP-02": 10})]
)
def test_gz_rp_02_twenty_people_earn_ten_more(repliers: int, points: dict[str, int]) -> None:
    platform = Platform()
    acts = [platform.start("T1", "t1"), *(platform.reply(who, "t1") for who in people(repliers))]
    assert {award.rule: award.points for award in awards(acts)} == points


def _session(
    others: int, *, outcome: bool = True, host_joins: bool = False, platform: Platform | None = None
) -> list[Act]:
    platform = platform or Platform()
    acts = [platform.found("T1", "w1"), platform.create("T1", "s1", "w1")]
    acts += [platform.attend(who, "s1") for who in people(others)]
    if host_joins:
        acts.append(platform.attend("T1", "s1"))
    if outcome:
        acts.append(platform.outcome("P01", "s1"))
    return acts


def test_gz_rp_05_ten_others_and_an_outcome_earn_each_ten() -> None:
    assert points_of(_session(10), "GZ-RP-05") == dict.fromkeys(people(10), 10)


@pytest.mark.parametrize(
    "acts",
    [
        pytest.param(_session(10, outcome=False), id="10 others, no outcome"),
        pytest.param(_session(9, host_joins=True), id="9 others and the creator"),
    ],
)
def test_gz_rp_05_earns_nothing_below_the_threshold(acts: list[Act]) -> None:
    assert points_of(acts, "GZ-RP-05") == {}


def test_gz_rp_05_the_twelfth_who_joins_later_earns_on_joining() -> None:
    platform = Platform()
    acts = _session(11, platform=platform)
    late = platform.attend("P12", "s1")
    found = {claim.teacher: claim for claim in claims([*acts, late]) if claim.rule == "GZ-RP-05"}
    assert len(found) == 12
    assert found["P12"].moment == late.moment
    assert found["P01"].moment == acts[-1].moment


def _recommended(*given: tuple[str, str, str]) -> dict[str, int]:
    platform = Platform()
    acts = [platform.found("T1", "w1")]
    acts += [platform.recommend(who, homework, "w1", by) for who, homework, by in given]
    return points_of(acts, "GZ-RP-06")


def test_gz_rp_06_two_homeworks_earn_40_the_same_twice_20() -> None:
    assert _recommended(("P01", "h1", "T1"), ("P01", "h2", "T1")) == {"P01": 40}
    assert _recommended(("P01", "h1", "T1"), ("P01", "h1", "T1")) == {"P01": 20}


def test_gz_rp_06_the_hosts_own_and_another_than_the_host_earn_nothing() -> None:
    assert _recommended(("T1", "h1", "T1")) == {}
    assert _recommended(("P01", "h1", "P02")) == {}


def _active(members: int, outcomes: list[datetime]) -> list[Act]:
    platform = Platform()
    acts = [platform.found("T1", "w1"), platform.create("T1", "s1", "w1")]
    acts += [platform.join(who, "w1") for who in people(members)]
    return [*acts, *(platform.outcome("P01", "s1", when) for when in outcomes)]


IN_2025 = datetime(2025, 6, 1, tzinfo=UTC)
IN_2026 = datetime(2026, 6, 1, tzinfo=UTC)


def test_gz_rp_07_ten_members_and_an_outcome_earn_host_100_and_members_20() -> None:
    paid = points_of(_active(10, [IN_2025]), "GZ-RP-07")
    assert paid == {"T1": 100, **dict.fromkeys(people(10), 20)}


def test_gz_rp_07_is_paid_once_a_year_and_again_on_an_outcome_of_the_next() -> None:
    same_year = _active(10, [IN_2025, IN_2025.replace(month=7)])
    next_year = _active(10, [IN_2025, IN_2026])
    assert points_of(same_year, "GZ-RP-07")["T1"] == 100
    assert points_of(next_year, "GZ-RP-07") == {"T1": 200, **dict.fromkeys(people(10), 40)}


def test_gz_rp_07_nine_members_or_no_outcome_earn_nothing() -> None:
    assert points_of(_active(9, [IN_2025]), "GZ-RP-07") == {}
    assert points_of(_active(10, []), "GZ-RP-07") == {}


def test_gz_rp_09_featuring_earns_host_500_and_members_100_once_in_a_life() -> None:
    platform = Platform()
    acts = [platform.found("T1", "w1"), *(platform.join(who, "w1") for who in people(3))]
    acts += [platform.feature("T1", "w1"), platform.join("P99", "w1"), platform.feature("T1", "w1", IN_2026)]
    assert points_of(acts, "GZ-RP-09") == {"T1": 500, **dict.fromkeys(people(3), 100)}
