"""Training of new teachers: within how many months of joining, of what, in hours or credits."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.obligations.domain.explanation import conclude, explain_check
from hours.obligations.domain.standing import Bound
from tests.unit.hours.obliging import (
    CONCENTRATED,
    DAY,
    NEW,
    OTHER,
    TRAINING,
    held,
    missing,
    rule,
    stand,
    wording,
)


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
