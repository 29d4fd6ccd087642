"""Until when the province answers: working days after the handing over, by the calendar that is known."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.calendar import CHINA
from shared.policy.workdays import NotAnnouncedError
from verification.judgements.domain.answer import Due, due, overdue_before

DAYS = 5
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
UNKNOWN = datetime(2150, 3, 2, 2, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_five_working_days_after_a_monday_end_with_the_next_monday() -> None:
    last = date(2026, 3, 9)
    midnight = datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert due(MONDAY, DAYS, midnight - TICK, CHINA) == Due(on=last, overdue=False)
    assert due(MONDAY, DAYS, midnight, CHINA) == Due(on=last, overdue=True)


def test_days_off_around_the_new_year_of_the_moon_do_not_count() -> None:
    before = datetime(2026, 2, 13, 2, tzinfo=UTC)
    assert due(before, DAYS, before, CHINA).on == date(2026, 2, 27), "14 February, a Saturday, is worked"


def test_without_a_term_nothing_is_overdue() -> None:
    assert due(MONDAY, None, UNKNOWN, CHINA) == Due()


def test_where_the_calendar_is_not_announced_it_says_of_which_year() -> None:
    later = UNKNOWN + timedelta(days=30)
    assert due(UNKNOWN, DAYS, later, CHINA) == Due(overdue=None, not_announced=2150)
    assert due(UNKNOWN, DAYS, MONDAY, CHINA) == Due(overdue=False, not_announced=2150)
    with pytest.raises(NotAnnouncedError):
        overdue_before(UNKNOWN, DAYS, CHINA)


HOURS = st.integers(0, 24 * 200)


@given(HOURS, HOURS, st.integers(1, 20))
def test_the_list_and_the_single_year_say_the_same(handed_over: int, passed: int, days: int) -> None:
    submitted_at = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(hours=handed_over)
    now = submitted_at + timedelta(hours=passed)
    listed = submitted_at < overdue_before(now, days, CHINA)
    assert due(submitted_at, days, now, CHINA).overdue == listed
