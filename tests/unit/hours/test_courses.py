"""Terms of courses: when a step is due, what is late on a day, and what nobody knows yet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.courses.domain.clock import Clock, clock, late
from shared.policy.loader import builtin
from shared.policy.workdays import NotAnnouncedError

PACK = builtin()
DAY = timedelta(days=1)
TERMS = [rule.id for rule in (*PACK.terms, *PACK.renewals)]

days = st.dates(min_value=date(2016, 1, 1), max_value=date(2025, 12, 1))


@given(st.sampled_from(TERMS), days, st.integers(min_value=-3, max_value=3))
def test_what_a_list_calls_late_is_what_the_clock_calls_overdue(term: str, day: date, around: int) -> None:
    received = late(PACK, day)[term] + around * DAY
    assert clock(PACK, term, received, day).overdue is (around <= 0)


@pytest.mark.parametrize(
    ("term", "received", "due"),
    [
        ("GZ-CR-01a", date(2024, 9, 27), date(2024, 10, 23)),
        ("GZ-CR-03a", date(2020, 2, 29), date(2025, 2, 28)),
        ("GZ-CR-03b", date(2024, 5, 6), date(2025, 5, 6)),
    ],
)
def test_a_step_is_late_from_the_day_after_it_is_due(term: str, received: date, due: date) -> None:
    for day, overdue in ((due, False), (due + DAY, True)):
        found = clock(PACK, term, received, day)
        assert (found.due_on, found.overdue) == (due, overdue)


def test_a_step_without_a_term_is_never_late() -> None:
    assert clock(PACK, None, date(2024, 1, 1), date(2099, 1, 1)) == Clock(received_on=date(2024, 1, 1))


def test_a_term_that_reaches_into_an_unknown_year_is_late_for_nobody_and_guessed_by_nobody() -> None:
    for received, day, overdue in (
        (date(2098, 12, 1), date(2097, 12, 2), False),
        (date(2098, 12, 1), date(2098, 12, 2), None),
    ):
        found = clock(PACK, "GZ-CR-01a", received, day)
        assert found == Clock(received_on=received, overdue=overdue, not_announced=2098)
    with pytest.raises(NotAnnouncedError):
        late(PACK, date(2098, 12, 31))
