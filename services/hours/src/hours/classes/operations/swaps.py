"""A seat is swapped before the class opens: asked for, agreed to in turn, reported; then it changes hands."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from hours.approvals.domain import Approver
from hours.approvals.operations import may
from hours.classes.domain.seats import Applicant, has_begun, may_enrol
from hours.classes.domain.swaps import REPORT, Swap, approvers_of
from hours.classes.domain.training_class import TrainingClass
from hours.classes.entries import (
    SWAP_APPROVED,
    SWAP_REFUSED,
    SWAP_REQUESTED,
    SWAPPED,
    SeatSwapped,
    SwapApproved,
    SwapRefused,
    SwapRequested,
)
from hours.classes.operations.desk import approved, classes_of, refusal, say
from hours.classes.store import seats
from hours.classes.store import swaps as store
from hours.organisations import operations as organisations
from hours.roster.domain import Teacher
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.access import Caller
from shared.policy.calendar import day_of
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Another teacher is to take a seat."""

    swap: str
    number: str
    leaving: str
    replacement: str
    form: str
    caller: Caller
    at: datetime


async def request(tx: Transaction, context: Context, wanted: Request) -> Swap:
    """Ask for a swap.

    Raises:
        DomainError: `class.unknown`, `class.not_approved`, `class.begun`, `seat.unknown`, `seat.taken`,
            `teacher.unknown`, `swap.pending`, `swap.school_unknown`, those of `may_enrol`;
            `idempotency.conflict` for a key that somebody else has taken.
    """
    found = await _before_opening(tx, context, wanted.number, wanted.at)
    if await store.load(tx, wanted.swap) is not None:
        raise DomainError("idempotency.conflict", key=wanted.swap)
    await _hold_seats(tx, context, found, wanted.leaving, wanted.replacement)
    other = await store.pending(tx, found.number, [wanted.leaving, wanted.replacement])
    if other is not None:
        raise DomainError("swap.pending", swap=other)
    known = await roster.find(tx, [wanted.leaving, wanted.replacement])
    schools = [known[wanted.leaving].school, known[wanted.replacement].school]
    fact = SwapRequested(
        class_=found.number,
        swap=wanted.swap,
        leaving=wanted.leaving,
        replacement=wanted.replacement,
        leaving_school=schools[0],
        replacement_school=schools[1],
        form=wanted.form,
        approvers=await _approvers(tx, schools),
        by=wanted.caller.name,
    )
    return await _say(tx, context, fact, [(SWAP_REQUESTED, fact)], wanted.at)


async def _approvers(tx: Transaction, schools: list[str]) -> list[Approver]:
    """Who is asked, by where the schools lie: their authorities, and the city above the first one's."""
    authorities = await organisations.authorities(tx, schools)
    for school in schools:
        if school not in authorities:
            raise DomainError("swap.school_unknown", school=school)
    own = (await organisations.find(tx, schools))[schools[0]]
    higher = await organisations.above(tx, own)
    city = next((one for one in higher if one.level == "city"), higher[-1])
    return approvers_of(schools, authorities, f"{city.level}:{city.organisation}")


async def _before_opening(tx: Transaction, context: Context, number: str, at: datetime) -> TrainingClass:
    found = await approved(tx, context, number)
    if has_begun(found.outline, day_of(at, context.pack.pack.timezone)):
        raise DomainError("class.begun", number=number, opens=found.outline.opens)
    return found


async def _hold_seats(
    tx: Transaction, context: Context, found: TrainingClass, leaving: str, replacement: str
) -> None:
    """Go on where one teacher has a seat to give and the other one may take it."""
    taken = await seats.load(tx, found.number, [leaving, replacement])
    if leaving not in taken or taken[leaving].state != "enrolled":
        raise DomainError.at("/leaving", "seat.unknown", teacher=leaving)
    if replacement in taken and taken[replacement].is_held:
        raise DomainError.at("/replacement", "seat.taken", teacher=replacement)
    known: dict[str, Teacher] = await roster.find(tx, [replacement])
    if replacement not in known:
        raise DomainError.at("/replacement", "teacher.unknown", teacher=replacement)
    profile = (await roster.profiles(tx, known))[replacement]
    refused = may_enrol(
        found.outline, classes_of(context, found), Applicant(teacher=replacement, known=profile)
    )
    if refused is not None:
        raise refusal(refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Somebody who is awaited agrees, notes the report, or refuses."""

    swap: str
    caller: Caller
    at: datetime


async def approve(tx: Transaction, context: Context, answer: Answer) -> Swap:
    """Agree to the next step, or note the report: with that the seat changes hands.

    Raises: DomainError `class.begun`, `swap.over`, `swap.not_awaited`, and those of `request` on a seat.
    """
    known, awaited = await _awaiting(tx, context, answer)
    fact = SwapApproved(class_=known.number, swap=known.swap, step=awaited.step, by=answer.caller.name)
    facts: list[tuple[str, msgspec.Struct]] = [(SWAP_APPROVED, fact)]
    if known.approvals.next.awaited is None:
        found = await _before_opening(tx, context, known.number, answer.at)
        await _hold_seats(tx, context, found, known.leaving, known.replacement)
        facts.append((SWAPPED, await _swapped(tx, known, answer.caller)))
    return await _say(tx, context, fact, facts, answer.at)


async def _swapped(tx: Transaction, known: Swap, caller: Caller) -> SeatSwapped:
    taken = await seats.taken(tx, known.number)
    return SeatSwapped(
        class_=known.number,
        leaving=known.leaving,
        replacement=known.replacement,
        turn=taken.last + 1,
        swap=known.swap,
        by=caller.name,
    )


async def refuse(tx: Transaction, context: Context, answer: Answer) -> Swap:
    """Refuse the next step; the seat stays where it is. A report is noted and cannot be refused.

    Raises: DomainError `class.begun`, `swap.over`, `swap.not_awaited`, `swap.reported`.
    """
    known, awaited = await _awaiting(tx, context, answer)
    if awaited.step == REPORT:
        raise DomainError("swap.reported", swap=known.swap)
    fact = SwapRefused(class_=known.number, swap=known.swap, step=awaited.step, by=answer.caller.name)
    return await _say(tx, context, fact, [(SWAP_REFUSED, fact)], answer.at)


async def _awaiting(tx: Transaction, context: Context, answer: Answer) -> tuple[Swap, Approver]:
    """A swap that is not over, its class locked, and who is awaited: the caller."""
    known = await store.load(tx, answer.swap)
    assert known is not None, "a swap that was reached is on file"
    await _before_opening(tx, context, known.number, answer.at)
    known = await store.load(tx, answer.swap)
    assert known is not None, "nothing is deleted"
    if known.awaited is None:
        raise DomainError("swap.over", swap=known.swap, state=known.state)
    if not may(answer.caller, known.awaited.by):
        raise DomainError("swap.not_awaited", awaits=known.awaited.by)
    return known, known.awaited


async def _say(
    tx: Transaction,
    context: Context,
    fact: SwapRequested | SwapApproved | SwapRefused,
    facts: list[tuple[str, msgspec.Struct]],
    at: datetime,
) -> Swap:
    await say(tx, context, fact.class_, facts, at)
    found = await store.load(tx, fact.swap)
    assert found is not None, "what was just said of a swap is on file"
    return found
