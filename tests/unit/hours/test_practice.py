"""Practice in enterprises: weeks and months by working and calendar days, in windows of years."""

from datetime import date, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.obligations.domain.assessment import Programme, assess
from hours.obligations.domain.standing import Activity, Bound, Days, When
from shared.policy.calendar import Years
from shared.policy.obligations import EnterprisePractice
from tests.unit.hours.obliging import CRAFT, DAY, PACK, missing, rule, stand, stay


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
