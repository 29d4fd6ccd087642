"""A class is called off (取消办班) while nothing of it is registered; its seats end, and swaps under way."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from hours.classes.domain.swaps import matter_of
from hours.classes.domain.training_class import TrainingClass, may_cancel
from hours.classes.entries import CALLED_OFF, SWAP_CALLED_OFF, ClassCalledOff, SwapCalledOff
from hours.classes.operations import standings as stand
from hours.classes.operations.desk import approved, office_of, refusal, rule_of, say
from hours.classes.store import classes as store
from hours.classes.store import swaps
from hours.evidence import operations as evidence
from hours.settings import Context
from shared.access import Caller
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """A class is not to be held, or nothing is to come of it."""

    number: str
    reason: str
    caller: Caller
    at: datetime


async def cancel(tx: Transaction, context: Context, wanted: Cancellation) -> TrainingClass:
    """Call an approved class off, for good: another one has another key.

    Which files come free with it is known under its lock only, so every partition of matters is locked.

    Raises: DomainError `class.unknown`, `class.not_approved`, `class.not_approver`, `class.registered`.
    """
    await context.journal.lock_partitions(tx, context.journal.partitions("class"))
    found, caller = await approved(tx, context, wanted.number), wanted.caller
    refused = may_cancel(found, rule_of(context, found), office_of(caller))
    if refused is not None:
        raise refusal(refused)
    if any(one.registered or one.pending for one in await stand.enrolled(tx, context, found.number)):
        raise DomainError("class.registered", number=found.number)
    fact = ClassCalledOff(
        class_=wanted.number,
        reason=wanted.reason,
        by=caller.name,
        account=caller.subject,
    )
    await say(tx, context, wanted.number, [(CALLED_OFF, fact), *await _swaps(tx, context, wanted)], wanted.at)
    after = await store.load(tx, wanted.number)
    assert after is not None, "what was just called off is on file"
    return after


async def _swaps(tx: Transaction, context: Context, wanted: Cancellation) -> list[tuple[str, msgspec.Struct]]:
    """The end of every swap that is under way; their forms are free again."""
    pending = await swaps.pending_of(tx, wanted.number)
    for one in pending:
        await evidence.release(tx, context, matter_of(one.swap), wanted.at)
    return [
        (
            SWAP_CALLED_OFF,
            SwapCalledOff(class_=wanted.number, swap=one.swap, reason=wanted.reason, by=wanted.caller.name),
        )
        for one in pending
    ]
