"""Obligations: the catalogue's figures worked out by hand, and that neither order nor overlaps matter."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.obligations.domain.assessment import Programme, assess
from hours.obligations.domain.explanation import Wording, conclude, explain_check
from hours.obligations.domain.standing import Activity, Bound, Days, Standing, When
from shared.policy import loader
from shared.policy.calendar import Years
from shared.policy.errors import PackError
from shared.policy.names import item_names
from shared.policy.obligations import AnyObligation, EnterprisePractice
from shared.wording import Language

PACK = loader.load(Path(__file__).parents[2] / "support" / "obligations.toml")
CRAFT = Bound(role="专业课教师", vocational=True, joined_on=date(2020, 9, 1))
NEW = Bound(role="教师", vocational=False, joined_on=date(2024, 9, 1))
CONCENTRATED, OTHER, TRAINING, STAY = "CP-H1", "CP-H2", "CP-H3", "CP-H4"
TOPICS = [*PACK.topics]


def rule(name: str) -> AnyObligation:
    found = PACK.obligation(name)
    assert found is not None
    return found


def held(source: str, hours: int | str, first: date, last: date | None = None, *topics: str) -> Activity:
    found = PACK.source(source)
    assert found is not None
    return Activity(
        record=f"{source}-{first}-{last}-{hours}",
        rule=source,
        category=found.category,
        hours=Decimal(hours),
        days=Days(first, last or first),
        topics=frozenset(topics),
    )


def stay(first: date, last: date) -> Activity:
    return held(STAY, 0, first, last)


def stand(
    name: str | AnyObligation,
    bound: Bound,
    activities: Sequence[Activity],
    year: int,
    on: date | None = None,
    *,
    offered: Sequence[str] = TOPICS,
) -> Standing:
    obligation = rule(name) if isinstance(name, str) else name
    when = When(year=year, on=on or date(year + 1, 1, 1), years=PACK.years)
    return assess(obligation, bound, activities, when, Programme(parts=PACK.own_parts, offered=offered))


def missing(standing: Standing) -> list[int | None]:
    """What is short of each check; whole in every example here."""
    return [None if check.missing is None else int(check.missing) for check in standing.checks]


# --- training of new teachers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("concentrated", "other", "state", "short"),
    [
        (40, 40, "met", [0, 0]),
        (39, 41, "missed", [1, 0]),
        (40, 39, "missed", [0, 1]),
        (80, 0, "met", [0, 0]),
        (0, 0, "missed", [40, 80]),
    ],
)
def test_wh_04_eighty_hours_of_which_forty_are_concentrated(
    concentrated: int, other: int, state: str, short: list[int]
) -> None:
    day = date(2024, 10, 8)
    standing = stand("WH-04", NEW, [held(CONCENTRATED, concentrated, day), held(OTHER, other, day)], 2025)
    assert (standing.state, missing(standing)) == (state, short)


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [
        ((2024, 9, 1), (2025, 8, 31), "met"),
        ((2024, 8, 31), (2024, 9, 2), "missed"),
        ((2025, 8, 31), (2025, 9, 1), "missed"),
    ],
)
def test_hg_04_thirty_count_only_from_the_day_of_joining_for_twelve_months(
    first: tuple[int, int, int], last: tuple[int, int, int], state: str
) -> None:
    standing = stand("HG-04", NEW, [held(OTHER, 30, date(*first), date(*last))], 2024, date(2026, 1, 1))
    assert standing.state == state
    assert "in principle" in conclude(standing, wording("en")) or state == "met"


@pytest.mark.parametrize(("hours", "state"), [(119, "missed"), (120, "met")])
def test_voc_01_asks_for_120_hours_once_the_rule_says_within_how_long(hours: int, state: str) -> None:
    activities = [held(OTHER, hours, date(2024, 10, 8))]
    untold = stand("VOC-01", NEW, activities, 2025)
    assert (untold.state, untold.reason, missing(untold)) == ("unknown", "rule.incomplete", [None])
    told = msgspec.structs.replace(rule("VOC-01"), months=12)
    assert stand(told, NEW, activities, 2025).state == state


def test_a_rule_that_asks_for_credits_counts_these_and_says_so() -> None:
    asked = msgspec.structs.replace(rule("HG-04"), unit="credit")
    one = held(OTHER, 116, date(2024, 10, 8))
    standing = stand(asked, NEW, [replace(one, credits=Decimal("29.00"))], 2025)
    assert (standing.state, missing(standing)) == ("missed", [1])
    (check,) = standing.checks
    assert explain_check(standing, check, wording("en")) == (
        "total within 12 months of joining: 29.00 credits count, at least 30.00 credits asked, short 1.00."
    )
    assert explain_check(standing, check, wording("zh")).endswith(
        "计入 29.00 学分,要求不少于 30.00 学分,缺 1.00。"
    )
    assert stand(asked, NEW, [replace(one, credits=Decimal("30.00"))], 2025).state == "met"
    assert stand("HG-04", NEW, [replace(one, credits=Decimal("29.00"))], 2025).state == "met", "hours as held"


def test_a_period_that_goes_on_is_open_and_over_only_when_its_last_day_is() -> None:
    at = {day: stand("HG-04", NEW, [], 2025, day).state for day in (date(2025, 8, 31), date(2025, 9, 1))}
    assert at == {date(2025, 8, 31): "open", date(2025, 9, 1): "missed"}


def test_what_is_held_after_the_day_that_is_asked_for_does_not_count_yet() -> None:
    activities = [held(OTHER, 30, date(2025, 3, 3))]
    assert stand("HG-04", NEW, activities, 2025, date(2025, 3, 2)).state == "open"
    assert stand("HG-04", NEW, activities, 2025, date(2025, 3, 3)).state == "met"


def test_who_joined_when_is_never_guessed_and_is_asked_only_in_the_years_of_those_months() -> None:
    unknown = stand("WH-04", Bound(role="教师", vocational=False, joined_on=None), [], 2025)
    assert (unknown.state, unknown.reason, missing(unknown)) == (
        "unknown",
        "joined_on.unknown",
        [None, None],
    )
    states = [stand("WH-04", NEW, [], year, date(2030, 1, 1)).state for year in range(2023, 2027)]
    assert states == ["not_asked", "missed", "missed", "not_asked"]


def test_only_what_the_rule_names_is_such_a_training() -> None:
    assert stand("HG-04", NEW, [held(TRAINING, 90, date(2024, 10, 8))], 2025).state == "missed"


# --- practice in enterprises ------------------------------------------------------------------------


def test_voc_03_a_week_each_year_and_two_months_in_two_years() -> None:
    stays = [stay(date(2024, 7, 1), date(2024, 8, 24)), stay(date(2025, 3, 3), date(2025, 3, 7))]
    standing = stand("VOC-03", CRAFT, stays, 2025)
    assert (standing.state, missing(standing)) == ("met", [0, 120, 0]), "55 and 5 days are 60"
    assert standing.records == [one.record for one in stays]
    shorter = [stay(date(2024, 7, 1), date(2024, 8, 23)), stays[1]]
    assert stand("VOC-03", CRAFT, shorter, 2025).state == "missed", "59 days"


def test_voc_03_six_months_in_a_year_and_then_nothing_has_no_week_in_the_next() -> None:
    stays = [stay(date(2024, 1, 1), date(2024, 6, 30))]
    assert stand("VOC-03", CRAFT, stays, 2024).state == "met", "182 days"
    following = stand("VOC-03", CRAFT, stays, 2025)
    assert (following.state, [check.state for check in following.checks]) == (
        "missed",
        ["missed", "met", "met"],
    )


def test_voc_03_four_working_days_are_no_week_however_many_calendar_days_they_are() -> None:
    months = stay(date(2024, 7, 1), date(2024, 8, 31))
    friday_to_wednesday = stay(date(2025, 3, 7), date(2025, 3, 12))
    standing = stand("VOC-03", CRAFT, [months, friday_to_wednesday], 2025)
    assert missing(standing)[0] == 1, "7, 10, 11 and 12 March are worked"
    assert standing.state == "missed"


def test_days_off_of_a_holiday_do_not_count_and_a_weekend_that_is_worked_instead_does() -> None:
    golden = stand("VOC-03", CRAFT, [stay(date(2025, 10, 1), date(2025, 10, 11))], 2025)
    assert golden.checks[0].counted == 3, "9 and 10 October, and Saturday the 11th instead"


def test_a_stay_over_new_year_counts_in_each_year_by_its_days() -> None:
    over = [stay(date(2024, 12, 23), date(2025, 1, 10))]
    counted = [stand("VOC-03", CRAFT, over, year).checks[0].counted for year in (2024, 2025)]
    assert counted == [7, 7], "23 to 31 December; 2, 3 and 6 to 10 January"


def test_a_year_whose_working_days_are_not_announced_is_not_judged_and_one_without_stays_needs_none() -> None:
    later = [stay(date(2099, 3, 2), date(2099, 6, 30))]
    untold = stand("VOC-03", CRAFT, later, 2099)
    assert (untold.state, untold.reason, missing(untold)[0]) == ("unknown", "calendar.not_announced", None)
    assert stand("VOC-03", CRAFT, [], 2099).state == "missed"


def test_voc_p1_months_may_be_asked_without_weeks() -> None:
    found = rule("VOC-03")
    assert isinstance(found, EnterprisePractice)
    floor = msgspec.structs.replace(found, weeks=None, week_days=None, windows=found.windows[:1])
    stays = [stay(date(year, 7, 1), date(year, 8, 5)) for year in range(2021, 2026)]
    assert stand(floor, CRAFT, stays, 2025).state == "met", "five times 36 days are 180"
    assert stand(floor, CRAFT, stays, 2026).state == "missed"


@pytest.mark.parametrize(
    ("bound", "state", "reason"),
    [
        (Bound(role="语文教师", vocational=True, joined_on=None), "not_asked", ""),
        (Bound(role="专业课教师", vocational=False, joined_on=None), "not_asked", ""),
        (Bound(role="", vocational=True, joined_on=None), "unknown", "role.unknown"),
    ],
)
def test_practice_is_asked_of_those_whom_the_rule_names(bound: Bound, state: str, reason: str) -> None:
    standing = stand("VOC-03", bound, [], 2025)
    assert (standing.state, standing.reason) == (state, reason)


# --- topics -----------------------------------------------------------------------------------------


def test_jx_05_ten_of_eleven_are_not_all() -> None:
    ten = held(TRAINING, 300, date(2025, 5, 8), None, *(one for one in TOPICS if one != "mental_health"))
    standing = stand("JX-05", NEW, [ten], 2025)
    assert (standing.state, standing.lacking, standing.not_offered) == ("missed", ["mental_health"], [])
    assert standing.checks[0].counted == 10
    all_told = conclude(standing, wording("zh"))
    assert "缺:心理健康教育。" in all_told
    rest = held(TRAINING, "0.5", date(2021, 1, 1), None, "mental_health")
    assert stand("JX-05", NEW, [ten, rest], 2025).state == "met", "however short it was"


def test_jx_05_what_nobody_was_offered_is_reported_against_the_programme() -> None:
    ten = held(TRAINING, 1, date(2025, 5, 8), None, *(one for one in TOPICS if one != "mental_health"))
    offered = [one for one in TOPICS if one != "mental_health"]
    standing = stand("JX-05", NEW, [ten], 2025, offered=offered)
    assert (standing.state, standing.lacking, standing.not_offered) == ("not_offered", [], ["mental_health"])
    both = stand("JX-05", NEW, [], 2025, offered=offered)
    assert (both.state, both.not_offered) == ("missed", ["mental_health"])


def test_topics_of_another_cycle_do_not_count_and_a_rule_may_ask_for_fewer() -> None:
    before = held(TRAINING, 1, date(2020, 12, 31), None, *TOPICS)
    assert stand("JX-05", NEW, [before], 2025).state == "missed"
    assert stand("JX-05", NEW, [before], 2020).state == "not_asked", "cycles begin in 2021"
    two = msgspec.structs.replace(rule("JX-05"), needed=2)
    taken = held(TRAINING, 1, date(2022, 3, 3), None, *TOPICS[:2])
    assert stand(two, NEW, [taken], 2022).state == "met"


def test_years_are_those_of_the_pack() -> None:
    when = When(year=2024, on=date(2025, 9, 1), years=Years(9, 1))
    stays = [stay(date(2024, 8, 26), date(2024, 9, 6)), stay(date(2025, 8, 30), date(2025, 9, 5))]
    standing = assess(rule("VOC-03"), CRAFT, stays, when, Programme(parts=PACK.own_parts))
    yearly, five, two = standing.checks
    assert yearly.days == Days(date(2024, 9, 1), date(2025, 8, 31))
    assert [check.counted for check in standing.checks] == [5, 14, 14], "2 to 6 September 2024"
    assert (five.days, two.days) == (
        Days(date(2020, 9, 1), date(2025, 8, 31)),
        Days(date(2023, 9, 1), date(2025, 8, 31)),
    )


# --- words ------------------------------------------------------------------------------------------


def wording(language: Language) -> Wording:
    return Wording(language=language, items=item_names(PACK, language), topics=PACK.topics)


def test_sums_are_told_in_words() -> None:
    standing = stand("WH-04", NEW, [held(CONCENTRATED, 39, date(2024, 10, 8))], 2025)
    assert [explain_check(standing, check, wording("en")) for check in standing.checks] == [
        "concentrated within 12 months of joining: 39.00 h count, at least 40.00 h asked, short 1.00.",
        "total within 12 months of joining: 39.00 h count, at least 80.00 h asked, short 41.00.",
    ]
    practice = stand("VOC-03", CRAFT, [stay(date(2025, 3, 3), date(2025, 3, 7))], 2025)
    assert [explain_check(practice, check, wording("zh")) for check in practice.checks] == [
        "2025 年:计入 5 个工作日,要求不少于 5 个,已达到。",
        "2021-01-01 至 2025-12-31:计入 5 天,要求不少于 180 天(择一即可),缺 175。",
        "2024-01-01 至 2025-12-31:计入 5 天,要求不少于 60 天(择一即可),缺 55。",
    ]


# --- properties -------------------------------------------------------------------------------------

DAY = st.dates(date(2021, 1, 1), date(2025, 12, 31))
STAYS = st.lists(
    st.tuples(DAY, st.integers(0, 200)).map(lambda one: stay(one[0], one[0] + timedelta(days=one[1]))),
    max_size=8,
)


@given(STAYS, st.randoms())
def test_days_are_those_of_a_calendar_with_marks_whatever_the_order_and_overlaps(
    stays: list[Activity], random: Random
) -> None:
    marked = {
        one.days.first + timedelta(days=step)
        for one in stays
        for step in range((one.days.last - one.days.first).days + 1)
    }
    standing = stand("VOC-03", CRAFT, stays, 2025)
    windows = [check.counted for check in standing.checks if check.name == "window"]
    assert windows == [sum(first <= day.year <= 2025 for day in marked) for first in (2021, 2024)]
    shuffled = [*stays, *stays]
    random.shuffle(shuffled)
    again = stand("VOC-03", CRAFT, shuffled, 2025)
    assert (again.state, again.checks) == (standing.state, standing.checks)


@given(STAYS, DAY)
def test_a_stay_cut_in_two_counts_the_same(stays: list[Activity], cut: date) -> None:
    parts = [
        stay(first, last)
        for one in stays
        for first, last in (
            [(one.days.first, cut), (cut, one.days.last)]
            if one.days.first <= cut <= one.days.last
            else [one.days]
        )
    ]
    assert stand("VOC-03", CRAFT, parts, 2025).checks == stand("VOC-03", CRAFT, stays, 2025).checks


@given(
    st.lists(st.tuples(st.sampled_from([CONCENTRATED, OTHER]), st.integers(0, 50), DAY), max_size=8),
    st.integers(0, 8),
)
def test_more_training_never_makes_it_worse(rows: list[tuple[str, int, date]], place: int) -> None:
    activities = [held(*row) for row in rows]
    fewer = stand("WH-04", NEW, activities[:place], 2025)
    more = stand("WH-04", NEW, activities, 2025)
    for before, after in zip(fewer.checks, more.checks, strict=True):
        assert before.missing is not None
        assert after.missing is not None
        assert after.missing <= before.missing
    assert fewer.state != "met" or more.state == "met"


PUBLIC = loader.load(Path(__file__).parents[2] / "packs" / "public_topics.toml")


def taken(hours: str, *topics: str, day: date = date(2023, 5, 8)) -> Activity:
    return replace(held(TRAINING, hours, day, None, *topics), category="public", rule="GD-02.1")


def of_public(*activities: Activity, on: date = date(2024, 1, 1)) -> Standing:
    found = PUBLIC.obligation("GD-02")
    assert found is not None
    return stand(found, NEW, activities, 2023, on)


def test_gd_02_parts_of_two_topics_do_not_add_up_and_are_flagged() -> None:
    halves = taken("15", "topic_a"), taken("15", "topic_b")
    standing = of_public(*halves)
    assert (standing.state, standing.reason) == ("missed", "topics.divided")
    short = [(check.name, f"{check.counted}", f"{check.missing}") for check in standing.checks]
    assert short == [("topic_a", "15.00", "15.00"), ("topic_b", "15.00", "15.00")]
    going_on = of_public(*halves, on=date(2023, 12, 31))
    assert (going_on.state, going_on.reason) == ("open", "topics.divided")
    fewer = of_public(taken("15", "topic_a"), taken("14.99", "topic_b"))
    assert (fewer.state, fewer.reason) == ("missed", "")
    whole = of_public(*halves, taken("15", "topic_b"))
    assert (whole.state, whole.reason) == ("met", "")


def test_gd_02_nobody_can_tell_of_what_hours_are_that_name_no_topic_or_two() -> None:
    for unnamed in (taken("15"), taken("15", "topic_a", "topic_b"), taken("15", "topic_a", "topic_c")):
        standing = of_public(taken("15", "topic_a"), unnamed)
        assert (standing.state, standing.reason) == ("unknown", "topics.unknown")
        assert of_public(taken("30", "topic_b"), unnamed).state == "met"
        assert of_public(taken("14.99", "topic_a"), unnamed).state == "missed"


@pytest.mark.parametrize(
    ("language", "check", "whole"),
    [
        (
            "en",
            "2023, topic A: 15.00 h count, at least 30.00 h asked (one of these suffices), short 15.00.",
            (
                "Not everything that was asked is there, and the time for it is over."
                " Several topics together have the hours that one of them has to have."
            ),
        ),
        (
            "zh",
            "2023 年专题一:计入 15.00 学时,要求不少于 30.00 学时(择一即可),缺 15.00。",
            "未达到要求,期限已过。各专题学时合计已够,但没有一个专题单独学满。",
        ),
    ],
)
def test_gd_02_is_told_by_topic(language: Language, check: str, whole: str) -> None:
    standing = of_public(taken("15", "topic_a"), taken("15", "topic_b"))
    wording = Wording(language=language, items=item_names(PUBLIC, language), topics=PUBLIC.topics)
    assert explain_check(standing, standing.checks[0], wording) == check
    assert conclude(standing, wording) == whole


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            'category = "public"\nhours',
            'category = "private"\nhours',
            "category: no hours are posted into private",
        ),
        ("last = 2023", "last = 2022", "last: 2022 lies before first 2023"),
        ('id = "topic_b"', 'id = "topic_a"', "topics: names a topic twice"),
        (
            'id = "topic_c"',
            'id = "topic_a"',
            "topics[0].name: topic_a is called otherwise in another obligation",
        ),
    ],
)
def test_a_whole_topic_that_contradicts_itself_does_not_load(before: str, after: str, said: str) -> None:
    text = (Path(__file__).parents[2] / "packs" / "public_topics.toml").read_text(encoding="utf-8")
    assert text.count(before) == 1
    with pytest.raises(PackError, match=re.escape(said)):
        loader.parse(text.replace(before, after), "pack.toml")
