"""A teacher who failed in a class, or was excluded; granted, the result is set aside and a reassessment due.

An appeal assesses nobody: it decides that what was said does not hold. Who holds the class hands in another
result, and against that one may appeal again.
"""

from hours.appeals.domain.appeal import Hands, Matter
from hours.appeals.operations.matters.kind import Grant
from hours.classes.operations import appealed as classes
from hours.classes.operations import desk
from hours.classes.operations.appealed import SettingAside
from hours.records.domain.numbers import made, parted
from hours.settings import Context
from shared.runtime.database import Transaction


async def teacher_of(tx: Transaction, name: str) -> str | None:
    """Whose seat it is or was: what follows the class, in whose own number a slash is escaped."""
    number, teacher = parted(name)
    return teacher if await classes.find(tx, number, teacher) else None


async def find(tx: Transaction, context: Context, name: str) -> Matter | None:
    """A failed result, or absences that exclude, while no hours of the class are registered."""
    number, teacher = parted(name)
    against = await classes.unfavourable(tx, context, number, teacher)
    if against is None:
        return None
    decision, steps = against.decision, against.steps
    return Matter(
        subject=made("class", number, teacher),
        teacher=teacher,
        rule=against.rule,
        held=frozenset({desk.subject(number)}),
        decision=decision.entry.id,
        by=decision.by,
        at=decision.entry.recorded_at,
        hands=Hands(frozenset(), frozenset()).joined(
            [step.by for step in steps], [step.account for step in steps if step.account]
        ),
    )


async def grant(tx: Transaction, context: Context, wanted: Grant, name: str) -> str:
    """Set it aside; there is no record of that."""
    number, teacher = parted(name)
    order = SettingAside(
        number=number,
        teacher=teacher,
        because=wanted.appeal.entry,
        by=wanted.actor.name,
        account=wanted.actor.account,
        at=wanted.at,
    )
    await classes.set_aside(tx, context, order)
    return ""
