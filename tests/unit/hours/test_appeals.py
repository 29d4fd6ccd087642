"""The clock of an appeal at its boundaries, and who decides on one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.appeals.domain.appeal import Hands
from hours.appeals.domain.clock import due, last_day, overdue_before
from hours.declarations.domain.declaration import Actor
from shared.policy import workdays
from shared.policy.calendar import CHINA, day_of, end_of_day

ZONE = ZoneInfo(CHINA)
DAY = timedelta(days=1)
instants = st.datetimes(datetime(2010, 1, 1), datetime(2025, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
terms = st.integers(min_value=1, max_value=60)


def china(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[arg-type,misc]  # a year, a month, a day and so on


@pytest.mark.parametrize(
    ("decided", "last"),
    [
        (china(2024, 1, 1, 0, 0), date(2024, 1, 31)),
        (china(2024, 1, 1, 23, 59), date(2024, 1, 31)),
        (china(2024, 12, 15, 9, 0), date(2025, 1, 14)),
        (datetime(2024, 12, 31, 16, 0, tzinfo=UTC), date(2025, 1, 31)),  # New Year in China already
    ],
)
def test_the_day_of_the_decision_is_not_counted_and_the_last_one_is(decided: datetime, last: date) -> None:
    assert last_day(decided, 30, CHINA) == last


@pytest.mark.parametrize(
    ("filed", "answered_by"),
    [
        (china(2024, 12, 31, 23, 59), date(2025, 1, 22)),  # New Year's Day is free
        (china(2025, 1, 1, 0, 0), date(2025, 1, 22)),
        (china(2024, 9, 27, 12, 0), date(2024, 10, 23)),  # two weekends are worked, seven days free
        (china(2026, 12, 25, 12, 0), None),  # the year after is not announced
    ],
)
def test_fifteen_working_days_follow_the_official_calendar(filed: datetime, answered_by: date | None) -> None:
    assert due(filed, 15, CHINA) == answered_by


@given(instants, terms, st.timedeltas(min_value=-2 * DAY, max_value=2 * DAY))
def test_an_appeal_is_overdue_exactly_from_the_day_after_it_was_due(
    filed: datetime, days: int, later: timedelta
) -> None:
    answer_by = due(filed, days, CHINA)
    assert answer_by is not None
    assert workdays.works(answer_by)
    assert workdays.count(day_of(filed), answer_by) == days, "the day of filing is not counted"
    instant = end_of_day(answer_by) + later
    assert (filed < overdue_before(instant, days, CHINA)) == (later >= timedelta())


@given(
    st.sets(st.sampled_from("abc")),
    st.sets(st.sampled_from("xyz")),
    st.sampled_from("abc"),
    st.sampled_from("xyz"),
)
def test_whoever_had_a_hand_by_role_or_by_account_is_known_again(
    callers: set[str], accounts: set[str], caller: str, account: str
) -> None:
    names = [f"city:{one}" for one in callers]
    actor = Actor(kind="city", id=caller, place=f"city:{caller}", account=account)
    hands = Hands(frozenset(), frozenset()).joined(names, accounts)
    assert hands.includes(actor) == (caller in callers or account in accounts)
