"""Working days by the official calendar (工作日): the last day of a term, how many passed, what is late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy import workdays

DAY = timedelta(days=1)
days = st.dates(min_value=date(2010, 1, 1), max_value=date(2025, 6, 1))
terms = st.integers(min_value=1, max_value=60)


@pytest.mark.parametrize(
    ("received", "term", "due"),
    [
        (date(2024, 9, 27), 15, date(2024, 10, 23)),
        (date(2024, 9, 27), 1, date(2024, 9, 29)),  # a Sunday made up for
        (date(2024, 9, 30), 1, date(2024, 10, 8)),
        (date(2024, 10, 11), 1, date(2024, 10, 12)),  # a Saturday made up for
        (date(2024, 10, 1), 1, date(2024, 10, 8)),  # received on a holiday
        (date(2024, 12, 31), 1, date(2025, 1, 2)),
        (date(2025, 3, 3), 5, date(2025, 3, 10)),
    ],
)
def test_working_days_follow_the_official_calendar(received: date, term: int, due: date) -> None:
    assert workdays.due(received, term) == due
    assert workdays.count(received, due) == term


@given(days, terms)
def test_a_term_ends_on_a_working_day_and_holds_as_many_as_it_says(received: date, term: int) -> None:
    due = workdays.due(received, term)
    assert workdays.works(due)
    assert workdays.count(received, due) == term
    assert workdays.count(received, due - DAY) == term - 1


@given(days, terms)
def test_who_hands_in_later_or_has_more_days_is_never_due_earlier(received: date, term: int) -> None:
    due = workdays.due(received, term)
    assert due <= workdays.due(received + DAY, term)
    assert due < workdays.due(received, term + 1)


@given(days, terms)
def test_what_is_late_on_a_day_is_what_was_received_up_to_another(day: date, term: int) -> None:
    received = workdays.received_before(day, term)
    assert workdays.due(received, term) < day <= workdays.due(received + DAY, term)


@pytest.mark.parametrize("received", [date(2003, 6, 2), date(2098, 6, 2)])
def test_a_year_that_was_not_announced_is_refused(received: date) -> None:
    for asked in (workdays.due, workdays.received_before):
        with pytest.raises(workdays.NotAnnouncedError, match=str(received.year)) as caught:
            asked(received, 1)
        assert caught.value.year == received.year


def test_a_term_that_reaches_into_an_unknown_year_is_refused() -> None:
    last = next(year for year in range(2026, 2100) if not _announced(year + 1))
    with pytest.raises(workdays.NotAnnouncedError) as caught:
        workdays.due(date(last, 12, 25), 15)
    assert caught.value.year == last + 1


def test_the_calendar_covers_every_year_from_2004_without_a_hole() -> None:
    assert all(_announced(year) for year in range(2004, 2027))


def _announced(year: int) -> bool:
    try:
        return workdays.works(date(year, 10, 1)) in {True, False}
    except workdays.NotAnnouncedError:
        return False
