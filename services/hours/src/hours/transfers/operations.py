"""What is done with transfers: asked for, approved in turn, refused. The last approval moves the teacher.

Hours, points and everything recorded before belong to the teacher, not to the school: nothing is touched.
"""

from dataclasses import dataclass
from datetime import datetime

from hours.approvals.domain import state_name
from hours.approvals.operations import may
from hours.organisations import operations as organisations
from hours.roster.operations import rows as roster
from hours.roster.operations.rows import Move
from hours.settings import Context
from hours.transfers import store
from hours.transfers.domain import (
    Transfer,
    TransferApproved,
    TransferRefused,
    TransferRequested,
    approvers_of,
)
from shared.access import Caller
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft

Fact = TransferRequested | TransferApproved | TransferRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A school asks for a teacher."""

    number: str
    caller: Caller
    teacher: str
    name: str
    """As the roster has the teacher: the receiving school knows whom it takes."""
    school: str
    """The receiving one."""
    reason: str
    at: datetime


async def request(tx: Transaction, context: Context, wanted: Request) -> Transfer:
    """Start a transfer.

    Raises:
        DomainError: `transfer.not_receiving`, `teacher.unknown`, `transfer.same_school`, `transfer.pending`,
            `transfer.school_unknown`, `organisation.abolished`; `idempotency.conflict` for a number that
            somebody else has taken.
    """
    if not may(wanted.caller, f"school:{wanted.school}"):
        raise DomainError("transfer.not_receiving")
    await context.journal.lock(tx, [_subject(wanted.number)])
    if await store.load(tx, wanted.number) is not None:
        raise DomainError("idempotency.conflict", key=wanted.number)
    await context.journal.lock(tx, [roster.subject(wanted.teacher)])
    teacher = await roster.known_as(tx, wanted.teacher, wanted.name)
    if teacher is None:
        raise DomainError.at("/teacher", "teacher.unknown", teacher=wanted.teacher)
    if teacher.school == wanted.school:
        raise DomainError("transfer.same_school", teacher=wanted.teacher)
    if await store.is_pending(tx, wanted.teacher):
        raise DomainError("transfer.pending", teacher=wanted.teacher)
    authorities = await organisations.authorities(tx, [teacher.school, wanted.school])
    for school in (wanted.school, teacher.school):
        if school not in authorities:
            raise DomainError.at("/school", "transfer.school_unknown", school=school)
    await organisations.hold_standing(tx, wanted.school)
    fact = TransferRequested(
        transfer=wanted.number,
        teacher=wanted.teacher,
        from_school=teacher.school,
        to_school=wanted.school,
        reason=wanted.reason,
        by=wanted.caller.name,
        approvers=approvers_of(teacher.school, authorities[teacher.school], authorities[wanted.school]),
    )
    return await _say(tx, context, store.REQUESTED, fact, wanted.at)


async def approve(tx: Transaction, context: Context, number: str, caller: Caller, now: datetime) -> Transfer:
    """Approve the next step; with the last one the teacher is on the roster of the receiving school.

    Raises:
        DomainError: `transfer.unknown`, `transfer.over`, `transfer.not_awaited`, `transfer.teacher_moved`,
            `organisation.abolished`.
    """
    transfer = await _open(tx, context, number)
    awaited = transfer.awaited
    assert awaited is not None, "an open transfer awaits somebody"
    if not may(caller, awaited.by):
        raise DomainError("transfer.not_awaited")
    fact = TransferApproved(transfer=number, step=awaited.step, by=caller.name)
    after = await _say(tx, context, store.APPROVED, fact, now)
    if after.state == "approved":
        await _move(tx, context, after, now)
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A transfer is to end without the teacher moving."""

    number: str
    caller: Caller
    reason: str
    at: datetime


async def refuse(tx: Transaction, context: Context, wanted: Refusal) -> Transfer:
    """End a transfer: by whoever is to approve next, or by the school that asked for it.

    Raises:
        DomainError: `transfer.unknown`, `transfer.over`, `transfer.not_awaited`.
    """
    transfer, caller = await _open(tx, context, wanted.number), wanted.caller
    assert transfer.awaited is not None, "an open transfer awaits somebody"
    if not (may(caller, transfer.awaited.by) or may(caller, f"school:{transfer.to_school}")):
        raise DomainError("transfer.not_awaited")
    fact = TransferRefused(transfer=wanted.number, by=caller.name, reason=wanted.reason)
    return await _say(tx, context, store.REFUSED, fact, wanted.at)


async def _open(tx: Transaction, context: Context, number: str) -> Transfer:
    """A transfer that is not over, locked."""
    await context.journal.lock(tx, [_subject(number)])
    transfer = await store.load(tx, number)
    if transfer is None:
        raise DomainError("transfer.unknown", transfer=number)
    if transfer.awaited is None:
        raise DomainError("transfer.over", transfer=number, state=state_name(transfer.state))
    return transfer


async def _move(tx: Transaction, context: Context, transfer: Transfer, now: datetime) -> None:
    await context.journal.lock(tx, [roster.subject(transfer.teacher)])
    teacher = (await roster.find(tx, [transfer.teacher])).get(transfer.teacher)
    if teacher is None or teacher.school != transfer.from_school:
        raise DomainError("transfer.teacher_moved", teacher=transfer.teacher)
    move = Move(teacher=teacher, school=transfer.to_school, transfer=transfer.transfer, at=now)
    await roster.move(tx, context, move)


async def _say(tx: Transaction, context: Context, kind: str, fact: Fact, at: datetime) -> Transfer:
    number = fact.transfer
    draft = Draft(
        type=kind, subject=_subject(number), effective_at=at, policy=context.pack.reference, data=fact
    )
    await store.project(tx, await context.journal.append(tx, [draft]))
    found = await store.load(tx, number)
    assert found is not None, "what was just said of a transfer is on file"
    return found


def _subject(number: str) -> str:
    return f"transfer:{number}"
