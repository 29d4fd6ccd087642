"""Completed courses that cannot be: a day holds eight hours, and nobody sits in two courses at one time."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from hours.records.domain.anomaly import Completion, anomalies

DAY = Decimal(8)


def course(record: str, hours: str, first: int, last: int, *at: int) -> Completion:
    """Days are those of May 2025; `at` is from which hour to which of the first day."""
    started, ended = (datetime(2025, 5, first, hour, tzinfo=UTC) for hour in at) if at else (None, None)
    return Completion(
        record=record,
        hours=Decimal(hours),
        first=date(2025, 5, first),
        last=date(2025, 5, last),
        started_at=started,
        ended_at=ended,
    )


def test_a_day_holds_eight_hours_over_all_courses() -> None:
    before = [course("A", "5", 6, 6)]
    assert list(anomalies(course("B", "3", 6, 6), before, DAY)) == []
    (found,) = anomalies(course("B", "3.01", 6, 6), before, DAY)
    assert (found.kind, found.hours, found.most, found.records) == ("day", Decimal("8.01"), DAY, ["A"])
    assert list(anomalies(course("B", "5", 7, 7), before, DAY)) == []


def test_hours_within_some_days_may_lie_on_any_of_them() -> None:
    full = [course("A", "8", 6, 6), course("B", "8", 7, 7)]
    assert list(anomalies(course("C", "8", 6, 8), full, DAY)) == []
    (found,) = anomalies(course("C", "8.01", 6, 8), full, DAY)
    assert (found.first, found.last, found.records) == (date(2025, 5, 6), date(2025, 5, 8), ["A", "B"])
    (found,) = anomalies(course("C", "30", 1, 3), [], DAY)
    assert (found.most, found.records) == (Decimal(24), [])


def test_two_courses_at_one_time_are_marked_and_one_after_the_other_is_not() -> None:
    morning = course("A", "2", 6, 6, 9, 11)
    (found,) = anomalies(course("B", "2", 6, 6, 10, 12), [morning], DAY)
    assert (found.kind, found.records) == ("parallel", ["A"])
    assert list(anomalies(course("B", "2", 6, 6, 11, 13), [morning], DAY)) == []
    assert list(anomalies(course("B", "2", 6, 6), [morning], DAY)) == [], "nothing is known of its time"


COURSES = st.builds(
    lambda hours, first, days: course("X", str(hours), first, first + days),
    st.integers(1, 20),
    st.integers(1, 4),
    st.integers(0, 3),
)


@given(st.lists(COURSES, max_size=5))
def test_nothing_is_marked_exactly_where_the_hours_can_be_laid_out_day_by_day(
    courses: list[Completion],
) -> None:
    marked = any(list(anomalies(new, courses[:place], DAY)) for place, new in enumerate(courses))
    assert marked is not _fits(courses)


def _fits(courses: list[Completion]) -> bool:
    """By Hall's condition over sets of courses: together they are asked of no fewer days than they need."""
    for size in range(1, len(courses) + 1):
        for some in combinations(courses, size):
            days = {day for one in some for day in range(one.first.toordinal(), one.last.toordinal() + 1)}
            if sum(one.hours for one in some) > DAY * len(days):
                return False
    return True
