"""Hours that an inspection took; granted, the deduction is withdrawn and the year has them again."""

from hours.appeals.domain.appeal import Hands, Matter
from hours.appeals.operations.matters.kind import Grant
from hours.deductions import operations as deductions
from hours.deductions.entries import DeductionMade
from hours.deductions.operations import Withdrawal
from hours.settings import Context
from shared.runtime.database import Transaction


async def teacher_of(tx: Transaction, name: str) -> str | None:
    """Whose year it is."""
    shown = await deductions.find(tx, name)
    return shown.kept.teacher if shown else None


async def find(tx: Transaction, context: Context, name: str) -> Matter | None:
    """A deduction that stands."""
    shown = await deductions.find(tx, name)
    if shown is None or shown.kept.state != "standing":
        return None
    kept, decision = shown.kept, await deductions.decision_of(tx, context, shown)
    account = decision.parse(DeductionMade).subject
    return Matter(
        subject=f"deduction:{name}",
        teacher=kept.teacher,
        rule=kept.rule,
        held=frozenset({deductions.subject(name)}),
        decision=decision.id,
        by=kept.by,
        at=decision.recorded_at,
        hands=Hands(frozenset({kept.by}), frozenset({account})),
    )


async def grant(tx: Transaction, context: Context, wanted: Grant, name: str) -> str:
    """Withdraw it; there is no record of that."""
    withdrawal = Withdrawal(
        number=name,
        by=wanted.actor.name,
        account=wanted.actor.account,
        reason=f"appeal:{wanted.appeal.appeal}",
        at=wanted.at,
        on_appeal=True,
    )
    await deductions.withdraw(tx, context, withdrawal)
    return ""
