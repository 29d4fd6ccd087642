"""Hears the points service: exchanges and recalls to answer, points held, years that end there."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from hours.exchanges import operations
from hours.exchanges.domain import Asked, Recalled
from hours.ledger.domain.amount import exact
from hours.settings import Context
from shared.contracts import catalogue
from shared.contracts.envelope import Event, Fact
from shared.contracts.points import (
    PointsAwarded,
    PointsExchanged,
    PointsExchangeRecalled,
    PointsExchangeRefunded,
    PointsExpired,
    PointsExpiryReversed,
    PointsReversed,
    PointsYearClosed,
)
from shared.runtime import clock
from shared.runtime.database import Transaction


async def hear(tx: Transaction, context: Context, events: Sequence[Event]) -> None:
    """Apply events of the points service, in order."""
    asks: list[operations.Ask] = []
    moved: dict[tuple[str, datetime], int] = defaultdict(int)
    marks: list[tuple[int, int]] = []
    for event in events:
        fact = catalogue.parse(event)
        if fact is None:
            continue
        for lot, points in _moves(fact):
            moved[lot] += points
        match fact:
            case PointsExchanged():
                asks.append(_asked(event, fact))
            case PointsExchangeRecalled():
                asks.append(_recalled(event, fact))
            case PointsYearClosed():
                marks.append((fact.year, fact.partition))
            case _:
                pass
    if asks:
        await operations.answer(tx, context, asks, clock.now())
    await operations.note_points(tx, moved)
    await operations.note_closed(tx, marks)


def _moves(fact: Fact) -> Iterator[tuple[tuple[str, datetime], int]]:
    """What a fact does to a teacher's lots of points."""
    match fact:
        case PointsAwarded() | PointsExpiryReversed():
            yield (fact.teacher, fact.expires_at), fact.points
        case PointsReversed() | PointsExpired():
            yield (fact.teacher, fact.expires_at), -fact.points
        case PointsExchanged():
            for burnt in fact.burnt:
                yield (fact.teacher, burnt.expires_at), -burnt.points
        case PointsExchangeRefunded():
            for restored in fact.restored:
                yield (fact.teacher, restored.expires_at), restored.points
        case _:
            return


def _asked(event: Event, fact: PointsExchanged) -> Asked:
    return Asked(
        exchange=fact.exchange,
        teacher=fact.teacher,
        year=fact.year,
        category=fact.category,
        hours=exact(fact.hours),
        points=fact.points,
        at=fact.at,
        event=event.id,
    )


def _recalled(event: Event, fact: PointsExchangeRecalled) -> Recalled:
    return Recalled(
        recall=fact.recall,
        exchange=fact.exchange,
        teacher=fact.teacher,
        hours=exact(fact.hours),
        at=event.effective_at,
    )
