"""A waiver that was refused; granted, it holds as it was asked for. Its ground stays under seal.

Only who knows the ground appeals: the teacher, and who asked. Who may decide is shown it with the appeal.
"""

from hours.appeals.domain.appeal import Hands, Matter
from hours.appeals.operations.matters.kind import Grant
from hours.settings import Context
from hours.waivers import operations as waivers
from hours.waivers.domain import Ground
from hours.waivers.operations import Decision
from shared.runtime.database import Transaction


async def teacher_of(tx: Transaction, name: str) -> str | None:
    """Whose requirement it is about."""
    kept = await waivers.find(tx, name)
    return kept.teacher if kept else None


async def find(tx: Transaction, context: Context, name: str) -> Matter | None:
    """A waiver that was refused."""
    refusal = await waivers.refusal_of(tx, context, name)
    if refusal is None:
        return None
    kept = refusal.kept
    return Matter(
        subject=f"waiver:{name}",
        teacher=kept.teacher,
        rule="",
        held=frozenset(waivers.held(name, refusal.ground)),
        decision=refusal.entry.id,
        by=kept.decided_by,
        at=refusal.entry.recorded_at,
        hands=Hands(frozenset({kept.by, kept.decided_by}), frozenset({kept.subject, refusal.account})),
        parties=frozenset({kept.by, f"teacher:{kept.teacher}"}),
    )


async def ground(tx: Transaction, context: Context, name: str) -> Ground | None:
    """Why a waiver was asked for that was refused."""
    refusal = await waivers.refusal_of(tx, context, name)
    return refusal.ground if refusal else None


async def grant(tx: Transaction, context: Context, wanted: Grant, name: str) -> str:
    """Let the waiver hold; there is no record of it."""
    decision = Decision(
        number=name,
        by=wanted.actor.name,
        account=wanted.actor.account,
        state="approved",
        reason=wanted.reason,
        at=wanted.at,
        on_appeal=True,
        override=wanted.override,
    )
    await waivers.decide(tx, context, decision)
    return ""
