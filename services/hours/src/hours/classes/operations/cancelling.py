"""A class is called off (取消办班) while nothing of it is registered; its seats end."""

from dataclasses import dataclass
from datetime import datetime

from hours.classes.domain.training_class import TrainingClass, may_cancel
from hours.classes.entries import CALLED_OFF, ClassCalledOff
from hours.classes.operations import standings as stand
from hours.classes.operations.desk import approved, refusal, rule_of, say
from hours.classes.store import classes as store
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

    Raises: DomainError `class.unknown`, `class.not_approved`, `class.not_approver`, `class.registered`.
    """
    found, caller = await approved(tx, context, wanted.number), wanted.caller
    refused = (
        None if caller.is_operator else may_cancel(found, rule_of(context, found), caller.kind, caller.id)
    )
    if refused is not None:
        raise refusal(refused)
    if any(one.registered for one in await stand.enrolled(tx, context, found.number)):
        raise DomainError("class.registered", number=found.number)
    fact = ClassCalledOff(
        class_=wanted.number,
        reason=wanted.reason,
        by=caller.name,
        account=caller.subject,
    )
    await say(tx, context, wanted.number, [(CALLED_OFF, fact)], wanted.at)
    after = await store.load(tx, wanted.number)
    assert after is not None, "what was just called off is on file"
    return after
