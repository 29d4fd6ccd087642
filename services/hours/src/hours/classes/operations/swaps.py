"""A seat is swapped before the class opens: asked for, agreed to in turn, reported; then it changes hands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from hours.approvals.domain import Approver
from hours.approvals.operations import may
from hours.classes.domain.seats import Applicant, has_begun
from hours.classes.domain.swaps import REPORT, Swap, approvers_of, is_for, matter_of, may_replace
from hours.classes.domain.training_class import TrainingClass
from hours.classes.entries import (
    SWAP_APPROVED,
    SWAP_REFUSED,
    SWAP_REQUESTED,
    SWAP_WITHDRAWN,
    SWAPPED,
    SeatSwapped,
    SwapApproved,
    SwapRefused,
    SwapRequested,
    SwapWithdrawn,
)
from hours.classes.operations.desk import approved, classes_of, locked, refusal, say
from hours.classes.store import seats
from hours.classes.store import swaps as store
from hours.evidence import operations as evidence
from hours.evidence.operations import Use
from hours.organisations import operations as organisations
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.access import Caller
from shared.policy.calendar import day_of
from shared.policy.names import office_name
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
    override: str
    """Why the form may stand for this although it stands for something else; empty for none."""
    caller: Caller
    at: datetime


async def request(tx: Transaction, context: Context, wanted: Request) -> Swap:
    """Ask for a swap; its form stands for it, and for nothing else, until it is refused or withdrawn.

    Raises:
        DomainError: `class.unknown`, `class.not_approved`, `class.begun`, `seat.unknown`, `seat.taken`,
            `teacher.unknown`, `swap.pending`, `swap.school_unknown`, `swap.profile_incomplete`,
            `seat.trainer`; `evidence.not_handed_in`, `evidence.claimed`;
            `idempotency.conflict` for a key that somebody else has taken.
    """
    found = await approved(tx, context, wanted.number, [wanted.form])
    _hold_unopened(context, found, wanted.at)
    if await store.load(tx, wanted.swap) is not None:
        raise DomainError("idempotency.conflict", key=wanted.swap)
    sides = await _hold_seats(tx, context, found, wanted.leaving, wanted.replacement)
    other = await store.pending(tx, found.number, [wanted.leaving, wanted.replacement])
    if other is not None:
        raise DomainError("swap.pending", swap=other)
    schools = sides.schools
    await _claim(tx, context, wanted, found.year, schools)
    fact = SwapRequested(
        class_=found.number,
        swap=wanted.swap,
        leaving=wanted.leaving,
        replacement=wanted.replacement,
        leaving_school=schools[0],
        replacement_school=schools[1],
        form=wanted.form,
        override=wanted.override,
        approvers=approvers_of(schools, sides.authorities, sides.city),
        by=wanted.caller.name,
    )
    return await _say(tx, context, fact, [(SWAP_REQUESTED, fact)], wanted.at)


async def _claim(
    tx: Transaction, context: Context, wanted: Request, year: int, schools: Sequence[str]
) -> None:
    """Let the form stand for the swap; who reaches to either teacher sees it."""
    matter = matter_of(wanted.swap)
    uses = [
        Use(
            digest=wanted.form,
            matter=matter,
            teacher=teacher,
            rule=matter,  # no two swaps share a form, not even of one school and class
            school=school,
            year=year,
            override=wanted.override,
            path="/form",
        )
        for teacher, school in zip((wanted.leaving, wanted.replacement), schools, strict=True)
    ]
    for refused in await evidence.claim(tx, context, uses, wanted.at):
        if refused is not None:
            raise refused


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Where who leaves and who comes work, and whom that asks."""

    schools: list[str]
    authorities: Mapping[str, str]
    city: str
    """To which the swap is reported."""


async def _sides(tx: Transaction, leaving: str, replacement: str) -> _Sides:
    """Who is asked, by where the schools lie: their authorities, and the city above the first one's.

    Whoever works elsewhere than below that city is answered like somebody who does not exist.

    Raises: DomainError `seat.unknown`, `swap.school_unknown`, `teacher.unknown`.
    """
    known = await roster.find(tx, [leaving, replacement])
    if leaving not in known:
        raise DomainError.at("/leaving", "seat.unknown", teacher=leaving)
    schools = [teacher.school for name in (leaving, replacement) if (teacher := known.get(name))]
    authorities, tree = (await organisations.authorities(tx, schools), await organisations.find(tx, schools))
    if schools[0] not in authorities:
        raise DomainError("swap.school_unknown", school=schools[0])
    higher = await organisations.above(tx, tree[schools[0]])
    city = next((one for one in higher if one.level == "city"), higher[-1])
    if (
        replacement not in known
        or schools[-1] not in authorities
        or city not in await organisations.above(tx, tree[schools[-1]])
    ):
        raise DomainError.at("/replacement", "teacher.unknown", teacher=replacement)
    return _Sides(schools=schools, authorities=authorities, city=f"{city.level}:{city.organisation}")


def _hold_unopened(context: Context, found: TrainingClass, at: datetime) -> None:
    """Go on before the class opens (开班前)."""
    if has_begun(found.outline, day_of(at, context.pack.pack.timezone)):
        raise DomainError("class.begun", number=found.number, opens=found.outline.opens)


async def _hold_seats(
    tx: Transaction, context: Context, found: TrainingClass, leaving: str, replacement: str
) -> _Sides:
    """Go on where one teacher has a seat to give and the other one may take it; where both work.

    Neither leaves the roster meanwhile.
    """
    await context.journal.lock(tx, map(roster.subject, (leaving, replacement)))
    taken = await seats.load(tx, found.number, [leaving, replacement])
    if leaving not in taken or taken[leaving].state != "enrolled":
        raise DomainError.at("/leaving", "seat.unknown", teacher=leaving)
    sides = await _sides(tx, leaving, replacement)
    if replacement in taken and taken[replacement].is_held:
        raise DomainError.at("/replacement", "seat.taken", teacher=replacement)
    profile = (await roster.profiles(tx, await roster.find(tx, [replacement])))[replacement]
    applicant = Applicant(teacher=replacement, known=profile)
    refused = may_replace(found.outline, classes_of(context, found), applicant)
    if refused is not None:
        raise refusal(refused)
    return sides


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Somebody who is awaited agrees, notes the report, or refuses; or the side that asked withdraws."""

    swap: str
    caller: Caller
    at: datetime
    reason: str = ""
    """Of a refusal."""


async def approve(tx: Transaction, context: Context, answer: Answer) -> Swap:
    """Agree to the next step, or note the report: with that the seat changes hands.

    Raises: DomainError `class.begun`, `swap.over`, `swap.not_awaited`, and those of `request` on a seat.
    """
    known, found = await _pending(tx, context, answer)
    awaited = _awaiting(context, known, found, answer)
    fact = SwapApproved(class_=known.number, swap=known.swap, step=awaited.step, by=answer.caller.name)
    facts: list[tuple[str, msgspec.Struct]] = [(SWAP_APPROVED, fact)]
    if known.approvals.next.awaited is None:
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
    known, found = await _pending(tx, context, answer)
    awaited = _awaiting(context, known, found, answer)
    if awaited.step == REPORT:
        raise DomainError("swap.reported", swap=known.swap)
    fact = SwapRefused(
        class_=known.number, swap=known.swap, step=awaited.step, by=answer.caller.name, reason=answer.reason
    )
    await evidence.release(tx, context, matter_of(known.swap), answer.at)
    return await _say(tx, context, fact, [(SWAP_REFUSED, fact)], answer.at)


async def withdraw(tx: Transaction, context: Context, answer: Answer) -> Swap:
    """Ask no longer for a swap that is not over, be its class open or not; its form is free again.

    Raises: DomainError `swap.over`.
    """
    known, _ = await _pending(tx, context, answer)
    fact = SwapWithdrawn(class_=known.number, swap=known.swap, by=answer.caller.name)
    await evidence.release(tx, context, matter_of(known.swap), answer.at)
    return await _say(tx, context, fact, [(SWAP_WITHDRAWN, fact)], answer.at)


async def _pending(tx: Transaction, context: Context, answer: Answer) -> tuple[Swap, TrainingClass]:
    """A swap that is not over and its class, locked together with the form."""
    known = await _found(tx, answer.swap)
    found = await locked(tx, context, known.number, [known.form])
    known = await _found(tx, answer.swap)
    if known.state != "pending":
        raise DomainError("swap.over", swap=known.swap, state=known.said_state)
    return known, found


def _awaiting(context: Context, known: Swap, found: TrainingClass, answer: Answer) -> Approver:
    """Who is awaited before the class opens: the caller."""
    _hold_unopened(context, found, answer.at)
    awaited = known.awaited
    assert awaited is not None, "a swap that is not over awaits somebody"
    caller = answer.caller
    if not may(caller, awaited.by) or not (caller.is_operator or is_for(awaited, caller.kind)):
        raise DomainError("swap.not_awaited", awaits=office_name(awaited.by))
    return awaited


async def _say(
    tx: Transaction,
    context: Context,
    fact: SwapRequested | SwapApproved | SwapRefused | SwapWithdrawn,
    facts: list[tuple[str, msgspec.Struct]],
    at: datetime,
) -> Swap:
    await say(tx, context, fact.class_, facts, at)
    return await _found(tx, fact.swap)


async def _found(tx: Transaction, swap: str) -> Swap:
    found = await store.load(tx, swap)
    assert found is not None, "a swap that was reached or asked for is on file"
    return found
