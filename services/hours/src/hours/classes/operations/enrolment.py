"""Teachers are enrolled in a class, wait where it is full, and withdraw before it opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from hours.classes.domain.seats import Applicant, has_begun, is_open, may_enrol
from hours.classes.domain.training_class import TrainingClass, is_held_by
from hours.classes.entries import ENROLLED, MOVED_UP, WITHDRAWN, SeatEnrolled, SeatMovedUp, SeatWithdrawn
from hours.classes.operations.desk import approved, classes_of, office_of, refusal, rule_of, say
from hours.classes.store import seats as store
from hours.classes.store.seats import Seat
from hours.roster.domain import Teacher
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.access import Caller
from shared.policy.calendar import day_of
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Teachers are to take part in a class; those to whom the caller reaches."""

    number: str
    teachers: Sequence[str]
    caller: Caller
    at: datetime


async def enrol(tx: Transaction, context: Context, wanted: Enrolment) -> list[Seat | DomainError]:
    """Give seats in order; a refused teacher never fails the others. Who has a seat or waits keeps it.

    Raises: DomainError `class.unknown`, `class.not_approved`, `enrolment.closed`.
    """
    found = await approved(tx, context, wanted.number)
    _hold_open(context, found, wanted)
    await context.journal.lock(tx, map(roster.subject, wanted.teachers))
    known = await roster.find(tx, wanted.teachers)
    refused = await _refused(tx, context, found, known)
    refused |= {one: _unknown(one) for one in wanted.teachers if one not in known}
    seats = await store.load(tx, wanted.number, known)
    taken, facts = await store.taken(tx, wanted.number), list[tuple[str, msgspec.Struct]]()
    for teacher in wanted.teachers:
        if teacher in refused or (teacher in seats and seats[teacher].is_held):
            continue
        state, taken = taken.next(found.outline.capacity)
        seats[teacher] = Seat(teacher=teacher, turn=taken.last, state=state)
        facts.append((ENROLLED, _enrolled(wanted, seats[teacher])))
    await say(tx, context, wanted.number, facts, wanted.at)
    return [refused.get(teacher) or seats[teacher] for teacher in wanted.teachers]


def _unknown(teacher: str) -> DomainError:
    return DomainError.at("/teacher", "teacher.unknown", teacher=teacher)


async def _refused(
    tx: Transaction, context: Context, found: TrainingClass, teachers: Mapping[str, Teacher]
) -> dict[str, DomainError]:
    """Why each of those teachers who may not take part may not."""
    classes, profiles = classes_of(context, found), await roster.profiles(tx, teachers)
    applicants = [Applicant(teacher=teacher, known=profiles[teacher]) for teacher in teachers]
    judged = {one.teacher: may_enrol(found.outline, classes, one) for one in applicants}
    return {teacher: refusal(reason) for teacher, reason in judged.items() if reason is not None}


def _hold_open(context: Context, found: TrainingClass, wanted: Enrolment) -> None:
    """The term binds teachers and schools; who holds the class may still list who took part (补录)."""
    today = day_of(wanted.at, context.pack.pack.timezone)
    holds = is_held_by(found, rule_of(context, found), office_of(wanted.caller))
    if not holds and not is_open(found.outline, today):
        raise DomainError("enrolment.closed", number=found.number, enrol_by=found.outline.enrol_by)


def _enrolled(wanted: Enrolment, seat: Seat) -> SeatEnrolled:
    return SeatEnrolled(
        class_=wanted.number, teacher=seat.teacher, turn=seat.turn, state=seat.state, by=wanted.caller.name
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A teacher is no longer to take part."""

    number: str
    teacher: str
    caller: Caller
    at: datetime


async def withdraw(tx: Transaction, context: Context, wanted: Withdrawal) -> Seat:
    """Give a seat up before the class opens; the first who waits has it then.

    Raises: DomainError `class.unknown`, `class.not_approved`, `class.begun`, `seat.unknown`.
    """
    found = await approved(tx, context, wanted.number)
    seat = (await store.load(tx, wanted.number, [wanted.teacher])).get(wanted.teacher)
    if seat is None or not seat.is_held:
        raise DomainError.at("/teacher", "seat.unknown", teacher=wanted.teacher)
    if has_begun(found.outline, day_of(wanted.at, context.pack.pack.timezone)):
        raise DomainError("class.begun", number=found.number, opens=found.outline.opens)
    facts: list[tuple[str, msgspec.Struct]] = [
        (
            WITHDRAWN,
            SeatWithdrawn(class_=wanted.number, teacher=wanted.teacher, by=wanted.caller.name),
        )
    ]
    waiting = await store.first_waiting(tx, wanted.number) if seat.state == "enrolled" else None
    if waiting is not None:
        facts.append((MOVED_UP, SeatMovedUp(class_=wanted.number, teacher=waiting)))
    await say(tx, context, wanted.number, facts, wanted.at)
    return (await store.load(tx, wanted.number, [wanted.teacher]))[wanted.teacher]
