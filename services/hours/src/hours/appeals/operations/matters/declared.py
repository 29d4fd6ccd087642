"""A declaration that was refused; granted, it is recognised after all."""

from hours.appeals.domain.appeal import Hands, Matter
from hours.appeals.operations.matters.kind import Grant
from hours.declarations.operations import appealed as declarations
from hours.declarations.operations.appealed import Recognition
from hours.evidence import operations as evidence
from hours.settings import Context
from shared.runtime.database import Transaction


async def teacher_of(tx: Transaction, name: str) -> str | None:
    """Whose a declaration is."""
    one = await declarations.find(tx, name)
    return one.teacher if one else None


async def find(tx: Transaction, context: Context, name: str) -> Matter | None:
    """A declaration that was refused."""
    one = await declarations.find(tx, name)
    if one is None or one.state != "refused":
        return None
    steps = await declarations.steps(tx, context, name)
    last = steps[-1]
    return Matter(
        subject=one.subject,
        teacher=one.teacher,
        rule=one.registration.rule,
        held=frozenset({one.subject, *map(evidence.subject, one.registration.files)}),
        decision=last.entry.id,
        by=last.by,
        at=last.entry.recorded_at,
        hands=Hands(frozenset(step.by for step in steps), frozenset(step.account for step in steps)),
    )


async def grant(tx: Transaction, context: Context, wanted: Grant, name: str) -> str:
    """Recognise it; the number of its record."""
    recognition = Recognition(declaration=name, actor=wanted.actor, override=wanted.override, at=wanted.at)
    return (await declarations.recognise(tx, context, recognition)).record
