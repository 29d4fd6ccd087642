"""What is heard from the hours service: the roster, and every change of what counts.

`hours.carried_over.v1` for a year says what went into the next one: it changes the carried-in hours of that
next year and of no other. A verdict that made hours carry over is therefore never judged again because of
it, and no round of events between the two services lasts longer than there are judged years ahead.
"""

from collections.abc import Sequence

from shared.contracts.catalogue import parse
from shared.contracts.envelope import Event
from shared.contracts.hours import (
    HoursCarriedOver,
    HoursPosted,
    HoursReversed,
    TeacherRegistered,
    TeacherRemoved,
)
from shared.policy.pack import Category
from shared.runtime import clock
from shared.runtime.database import Transaction
from shared.runtime.journal.consumer import Handle
from verification.figures.domain.hours import Carried, Change, Posted, TeacherYear
from verification.figures.domain.roster import Counted, Enrolled, Heard, Left, Member
from verification.settings import Context
from verification.verdicts import operations


def handler(context: Context) -> Handle:
    """The handle of the hours service's events."""

    async def handle(tx: Transaction, events: Sequence[Event]) -> None:
        heard = [item for event in events if (item := _heard(event)) is not None]
        if heard:
            await operations.hear(tx, context, heard, clock.now())

    return handle


def _heard(event: Event) -> Heard | None:
    """An event as this service takes it; None for what it does not need."""
    match parse(event):
        case TeacherRegistered() as fact:
            member = Member(teacher=fact.teacher, school=fact.school, district=fact.district)
            return Enrolled(member=member, event=event.id, at=event.effective_at)
        case TeacherRemoved() as fact:
            return Left(teacher=fact.teacher, event=event.id, at=event.effective_at)
        case HoursPosted() as fact:
            change = Posted(category=_category(fact.category), hours=fact.hours)
            return _counted(event, fact.teacher, fact.year, change)
        case HoursReversed() as fact:
            change = Posted(category=_category(fact.category), hours=-fact.hours)
            return _counted(event, fact.teacher, fact.year, change)
        case HoursCarriedOver() as fact:
            return _counted(event, fact.teacher, fact.to_year, Carried(hours=fact.hours))
        case _:
            return None


def _counted(event: Event, teacher: str, year: int, change: Change) -> Counted:
    return Counted(key=TeacherYear(teacher, year), change=change, event=event.id, at=event.effective_at)


def _category(name: str) -> Category:
    match name:
        case "public" | "professional" | "elective":
            return name
        case _:
            raise ValueError(f"no category is called {name!r}")
