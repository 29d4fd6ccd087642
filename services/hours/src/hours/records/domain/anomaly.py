"""Completions that cannot be (异常学时): more hours than their days hold, or two courses at one time.

They are registered all the same and marked for somebody to look at: nothing is dropped silently, and no text
lets a mark take hours away.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from hours.records.domain.registration import Details, Granted, Registration


class Anomaly(msgspec.Struct, frozen=True, kw_only=True):
    """Why a completion is marked."""

    kind: Literal["day", "parallel"]
    """More than a day holds; at the same time as another one."""
    first: date
    last: date
    hours: Decimal
    """Of all that lies wholly within these days; for one at the same time as others, its own."""
    most: Decimal | None = None
    """What these days hold."""
    records: list[str]
    """The others that take part in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A course that a teacher completed: hours within days, and from when to when where that is known."""

    record: str
    hours: Decimal
    first: date
    last: date
    started_at: datetime | None
    ended_at: datetime | None

    def within(self, first: date, last: date) -> bool:
        """Whether it lies wholly within some days."""
        return first <= self.first and self.last <= last

    def overlaps(self, other: "Completion") -> bool:
        """Whether both ran at one time, as far as that is known."""
        if None in {self.started_at, self.ended_at, other.started_at, other.ended_at}:
            return False
        assert self.started_at is not None, "as was just looked at"
        assert self.ended_at is not None, "as above"
        assert other.started_at is not None, "as above"
        assert other.ended_at is not None, "as above"
        return self.started_at < other.ended_at and other.started_at < self.ended_at


def is_completion(basis: Mapping[str, Any], hours: Decimal) -> bool:
    """Whether a record is of a course that gave hours, by how it was valued."""
    return basis.get("kind") == "completed_course" and hours > 0


def completion_of(registration: Registration, granted: Granted) -> Completion | None:
    """The course that a record is about; None where it is about something else or gives nothing."""
    if not is_completion(granted.basis, granted.hours):
        return None
    told = registration.details or Details()
    return Completion(
        record=registration.record,
        hours=granted.hours,
        first=registration.first,
        last=registration.last,
        started_at=told.started_at,
        ended_at=told.ended_at,
    )


def anomalies(new: Completion, others: Sequence[Completion], day: Decimal) -> Iterator[Anomaly]:
    """What is impossible about a new completion beside the teacher's others, with `day` hours a day."""
    parallel = [other.record for other in others if new.overlaps(other)]
    if parallel:
        yield Anomaly(
            kind="parallel", first=new.first, last=new.last, hours=new.hours, records=sorted(parallel)
        )
    yield from _overfull(new, others, day)


def _overfull(new: Completion, others: Sequence[Completion], day: Decimal) -> Iterator[Anomaly]:
    """The narrowest stretch of days around the new one that cannot hold what lies wholly within it.

    Hours may lie anywhere between their first and last day, so a set of them is possible exactly where no
    stretch is asked for more than it holds.
    """
    every = [new, *others]
    begins = sorted({one.first for one in every if one.first <= new.first}, reverse=True)
    ends = sorted({one.last for one in every if one.last >= new.last})
    for first in begins:
        for last in ends:
            inside = [one for one in every if one.within(first, last)]
            together = sum((one.hours for one in inside), Decimal(0))
            most = day * ((last - first).days + 1)
            if together > most:
                records = sorted(one.record for one in inside if one is not new)
                yield Anomaly(kind="day", first=first, last=last, hours=together, most=most, records=records)
                return
