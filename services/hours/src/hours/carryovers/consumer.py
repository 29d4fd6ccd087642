"""Hears the verification service: passed, failed and revoked verdicts with the figures they were given on."""

from collections.abc import Sequence
from decimal import Decimal

from hours.carryovers import operations
from hours.carryovers.operations import Judged
from hours.ledger.domain.amount import exact
from hours.settings import Context
from shared.contracts import catalogue
from shared.contracts.envelope import Event
from shared.contracts.verification import (
    Figures,
    VerificationFailed,
    VerificationPassed,
    VerificationRevoked,
)
from shared.policy.categories import CARRIED_IN, Category
from shared.runtime.database import Transaction


async def hear(tx: Transaction, context: Context, events: Sequence[Event]) -> None:
    """Apply events of the verification service, in order; nothing where no hours are carried over."""
    rule = context.pack.carry_over
    if rule is None:
        return
    verdicts = [judged for event in events if (judged := _judged(event, rule.category)) is not None]
    if verdicts:
        await operations.apply(tx, context, verdicts)


def _judged(event: Event, category: Category) -> Judged | None:
    match catalogue.parse(event):
        case VerificationFailed() as fact:
            return Judged(
                teacher=fact.teacher,
                year=fact.year,
                verdict="fail",
                figures=_figures(fact.figures, category),
                at=fact.decided_at,
                event=event.id,
            )
        case VerificationPassed() as fact:
            return Judged(
                teacher=fact.teacher,
                year=fact.year,
                verdict="pass",
                figures=_figures(fact.figures, category),
                at=fact.decided_at,
                event=event.id,
            )
        case VerificationRevoked() as fact:
            return Judged(
                teacher=fact.teacher,
                year=fact.year,
                verdict="revoked",
                figures=None,
                at=event.effective_at,
                event=event.id,
            )
        case _:
            return None


def _figures(figures: Figures, category: Category) -> tuple[Decimal, Decimal]:
    """What was carried in, and the year's own hours of the category that carries."""
    return exact(figures[CARRIED_IN]), exact(figures[category])
