"""What is heard from the hours service: the roster, and every change of what counts.

`hours.carried_over.v1` for a year says what went into the next one: it changes the carried-in hours of that
next year and of no other. A verdict that made hours carry over is therefore never judged again because of
it, and no round of events between the two services lasts longer than there are judged years ahead.
"""

from collections.abc import Iterator, Sequence

from shared.contracts.catalogue import parse
from shared.contracts.envelope import Event
from shared.contracts.hours import (
    HoursCarriedOver,
    HoursDeducted,
    HoursPosted,
    HoursReversed,
    TeacherRegistered,
    TeacherRemoved,
    WaiverEnded,
    WaiverGranted,
)
from shared.policy.categories import ZERO
from shared.policy.requirement import NOTHING_WAIVED, Waived
from shared.runtime import clock
from shared.runtime.database import Transaction
from shared.runtime.journal.consumer import Handle
from verification.figures.domain.hours import (
    Carried,
    Change,
    Deducted,
    Deduction,
    Posted,
    TeacherYear,
)
from verification.figures.domain.roster import Counted, Enrolled, Excused, Heard, Left, Member
from verification.settings import Context
from verification.verdicts import operations


def handler(context: Context) -> Handle:
    """The handle of the hours service's events."""

    async def handle(tx: Transaction, events: Sequence[Event]) -> None:
        heard = [item for event in events for item in _heard(event)]
        if heard:
            await operations.hear(tx, context, heard, clock.now())

    return handle


def _heard(event: Event) -> Iterator[Heard]:
    """An event as this service takes it; nothing where it does not need it."""
    match parse(event):
        case TeacherRegistered() as fact:
            member = Member(teacher=fact.teacher, school=fact.school, district=fact.district)
            yield Enrolled(member=member, event=event.id, at=event.effective_at)
        case TeacherRemoved() as fact:
            yield Left(teacher=fact.teacher, event=event.id, at=event.effective_at)
        case HoursPosted() as fact:
            change = Posted(category=fact.category, hours=fact.hours)
            yield _counted(event, fact.teacher, fact.year, change)
        case HoursReversed() as fact:
            change = Posted(category=fact.category, hours=-fact.hours)
            yield _counted(event, fact.teacher, fact.year, change)
        case HoursCarriedOver() as fact:
            yield _counted(event, fact.teacher, fact.to_year, Carried(hours=fact.hours))
        case HoursDeducted() as fact:
            yield _counted(event, fact.teacher, fact.year, _deducted(fact))
        case WaiverGranted() as fact:
            yield from _excused(event, fact, _waived(fact))
        case WaiverEnded() as fact:
            yield from _excused(event, fact, NOTHING_WAIVED)
        case _:
            return


def _excused(event: Event, fact: WaiverGranted | WaiverEnded, waived: Waived) -> Iterator[Excused]:
    """What is waived of each year of the span."""
    for year in range(fact.first, fact.last + 1):
        key = TeacherYear(fact.teacher, year)
        yield Excused(key=key, waived=waived, event=event.id, at=event.effective_at)


def _waived(fact: WaiverGranted) -> Waived:
    return Waived({name: ZERO + hours for name, hours in fact.hours.items()}, whole=fact.whole)


def _deducted(fact: HoursDeducted) -> Deducted:
    hours = {name: ZERO + amount for name, amount in fact.hours.items()}
    return Deducted(name=fact.deduction, deduction=Deduction(hours=hours, withholds=fact.withholds))


def _counted(event: Event, teacher: str, year: int, change: Change) -> Counted:
    return Counted(key=TeacherYear(teacher, year), change=change, event=event.id, at=event.effective_at)
