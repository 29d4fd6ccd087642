"""Years, days, months (日历)."""

from calendar import isleap, monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy import calendar
from shared.policy.calendar import CALENDAR_YEARS, Years

ZONES = ["Asia/Shanghai", "Asia/Urumqi", "UTC", "America/Sao_Paulo", "Pacific/Kiritimati", "Asia/Kathmandu"]

FIRST, LAST = datetime(1950, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

instants = st.integers(min_value=0, max_value=(LAST - FIRST) // timedelta(microseconds=1)).map(
    lambda passed: FIRST + timedelta(microseconds=passed)
)
days = st.dates(min_value=date(1950, 1, 1), max_value=date(2200, 1, 1))
zones = st.sampled_from(ZONES)


@pytest.mark.parametrize(
    ("instant", "year"),
    [
        ("2024-12-31T15:59:59Z", 2024),
        ("2024-12-31T16:00:00Z", 2025),
        ("2024-12-31T23:59:59.999999+08:00", 2024),
        ("2025-01-01T00:00:00+08:00", 2025),
        ("2024-12-31T10:59:59-05:00", 2024),
        ("2024-12-31T11:00:00-05:00", 2025),
    ],
)
def test_the_year_ends_at_midnight_in_china(instant: str, year: int) -> None:
    assert CALENDAR_YEARS.of(datetime.fromisoformat(instant)) == year


def test_the_zone_is_the_packs() -> None:
    instant = datetime(2024, 12, 31, 17, tzinfo=UTC)
    assert CALENDAR_YEARS.of(instant) == 2025
    assert Years(tz="UTC").of(instant) == 2024
    assert calendar.day_of(instant) == date(2025, 1, 1)
    assert Years(tz="UTC").end(2024) == datetime(2025, 1, 1, tzinfo=UTC)


def test_the_bounds_of_a_year_are_instants_in_utc() -> None:
    assert CALENDAR_YEARS.start(2025) == CALENDAR_YEARS.end(2024) == datetime(2024, 12, 31, 16, tzinfo=UTC)
    assert CALENDAR_YEARS.end(2024).tzinfo is UTC


def test_a_naive_time_has_no_day() -> None:
    naive = datetime(2024, 12, 31, 16, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(AssertionError, match="offset"):
        CALENDAR_YEARS.of(naive)


def test_a_day_whose_midnight_is_skipped_begins_at_the_change() -> None:
    # São Paulo went from 24:00 to 01:00 on 4 November 2018.
    start = calendar.start_of_day(date(2018, 11, 4), "America/Sao_Paulo")
    assert start == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert calendar.end_of_day(date(2018, 11, 4), "America/Sao_Paulo") - start == timedelta(hours=23)


@given(instants, zones)
def test_an_instant_lies_within_its_day_and_its_year(instant: datetime, tz: str) -> None:
    day, year = calendar.day_of(instant, tz), Years(tz=tz).of(instant)
    assert calendar.start_of_day(day, tz) <= instant < calendar.end_of_day(day, tz)
    assert Years(tz=tz).start(year) <= instant < Years(tz=tz).end(year)
    assert day.year == year


@given(days, zones)
def test_days_follow_one_another_without_gap(day: date, tz: str) -> None:
    assert calendar.end_of_day(day, tz) == calendar.start_of_day(day + timedelta(days=1), tz)
    assert calendar.day_of(calendar.start_of_day(day, tz), tz) == day
    last = calendar.end_of_day(day, tz) - timedelta(microseconds=1)
    assert calendar.day_of(last, tz) == day


@pytest.mark.parametrize(
    ("earned", "months", "last_day"),
    [
        ("2024-03-15T10:00:00+08:00", 12, date(2025, 3, 15)),
        ("2024-02-29T10:00:00+08:00", 12, date(2025, 2, 28)),
        ("2024-02-29T10:00:00+08:00", 48, date(2028, 2, 29)),
        ("2023-02-28T10:00:00+08:00", 12, date(2024, 2, 28)),
        ("2023-08-31T10:00:00+08:00", 6, date(2024, 2, 29)),
        ("2024-08-31T10:00:00+08:00", 6, date(2025, 2, 28)),
        ("2024-12-31T15:59:59Z", 1, date(2025, 1, 31)),
        ("2024-12-31T16:00:00Z", 1, date(2025, 2, 1)),
        ("2024-11-30T00:00:00+08:00", 1, date(2024, 12, 30)),
    ],
)
def test_months_after_a_day_end_with_that_day(earned: str, months: int, last_day: date) -> None:
    end = calendar.months_after_day(datetime.fromisoformat(earned), months)
    assert end == calendar.end_of_day(last_day)


@pytest.mark.parametrize(
    ("first", "months", "latest"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 3, 1), 1, date(2026, 2, 1)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 31), 14, date(2024, 11, 30)),
    ],
)
def test_months_before_a_day_reach_the_same_day_or_the_months_last(
    first: date, months: int, latest: date
) -> None:
    assert calendar.months_before(first, months) == latest


@given(days, st.integers(min_value=1, max_value=36))
def test_months_before_keep_the_day_or_take_the_months_last(day: date, months: int) -> None:
    before = calendar.months_before(day, months)
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day == min(day.day, monthrange(before.year, before.month)[1])


@given(instants, st.integers(min_value=1, max_value=120), zones)
def test_months_after_keep_the_day_or_take_the_months_last(instant: datetime, months: int, tz: str) -> None:
    end = calendar.months_after_day(instant, months, tz)
    earned, last = calendar.day_of(instant, tz), calendar.day_of(end - timedelta(microseconds=1), tz)
    assert (last.year * 12 + last.month) - (earned.year * 12 + earned.month) == months
    assert last.day == earned.day or (last.day < earned.day and (last + timedelta(days=1)).day == 1)
    assert end.tzinfo is UTC
    assert end == calendar.end_of_day(last, tz)


@given(instants, instants, st.integers(min_value=1, max_value=24))
def test_who_earns_earlier_never_loses_later(one: datetime, other: datetime, months: int) -> None:
    earlier, later = sorted((one, other))
    assert calendar.months_after_day(earlier, months) <= calendar.months_after_day(later, months)


@given(instants)
def test_the_years_length_is_the_gregorian_one(instant: datetime) -> None:
    year = Years(tz="UTC").of(instant)
    length = Years(tz="UTC").end(year) - Years(tz="UTC").start(year)
    assert length == timedelta(days=366 if isleap(year) else 365)


SCHOOL_YEARS = Years(month=9, day=1)


@pytest.mark.parametrize(
    ("instant", "year"),
    [
        ("2024-08-31T15:59:59Z", 2023),
        ("2024-08-31T16:00:00Z", 2024),
        ("2024-12-31T16:00:00Z", 2024),
        ("2025-08-31T15:59:59Z", 2024),
        ("2025-08-31T16:00:00Z", 2025),
    ],
)
def test_a_school_year_is_called_by_the_year_in_which_it_begins(instant: str, year: int) -> None:
    assert SCHOOL_YEARS.of(datetime.fromisoformat(instant)) == year


def test_a_school_year_ends_with_the_day_before_the_next_one() -> None:
    assert SCHOOL_YEARS.first_day(2024) == date(2024, 9, 1)
    assert SCHOOL_YEARS.last_day(2024) == date(2025, 8, 31)
    assert SCHOOL_YEARS.end(2024) == SCHOOL_YEARS.start(2025) == datetime(2025, 8, 31, 16, tzinfo=UTC)
    assert not SCHOOL_YEARS.are_calendar_years
    assert CALENDAR_YEARS.are_calendar_years


@given(
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.integers(1, 12),
    st.integers(1, 28),
)
def test_every_day_lies_in_exactly_one_year(day: date, month: int, begins: int) -> None:
    years = Years(month=month, day=begins)
    year = years.of_day(day)
    assert years.first_day(year) <= day <= years.last_day(year)
    assert years.last_day(year) + timedelta(days=1) == years.first_day(year + 1)
