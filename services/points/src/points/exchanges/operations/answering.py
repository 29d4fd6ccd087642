"""Taking the answers of `hours`: settled, given back, or taken back at a call. Each counts once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from points.accounts import operations as accounts
from points.accounts.domain.lot import LotKey, restore
from points.exchanges import store
from points.exchanges.domain.recalling import rate_of
from points.exchanges.operations.posting import append, draft
from points.exchanges.store import Exchange
from points.settings import Context
from shared.contracts.envelope import Event
from shared.contracts.hours import HoursExchangePosted, HoursExchangeRefused, HoursExchangeReversed
from shared.contracts.points import LotChange, PointsExchangeRefunded, PointsExchangeSettled
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft

Answer = HoursExchangePosted | HoursExchangeRefused | HoursExchangeReversed


@dataclass(frozen=True, slots=True)
class _Back:
    """Hours that `hours` did not post, or has taken back at a call."""

    hours: int
    reason: str
    call: str = ""


async def answer_all(tx: Transaction, context: Context, answers: Sequence[tuple[Event, Answer]]) -> None:
    """Take what `hours` said about exchanges, in order.

    Raises:
        LookupError: an exchange was never asked for.
    """
    await context.journal.lock(tx, {accounts.subject(answer.teacher) for _, answer in answers})
    exchanges = await store.load(tx, {answer.exchange for _, answer in answers})
    recalls = {answer.recall for _, answer in answers if isinstance(answer, HoursExchangeReversed)}
    waiting = await store.open_recalls(tx, recalls)
    settled: list[Draft] = []
    for event, answer in answers:
        exchange = exchanges.get(answer.exchange)
        if exchange is None:
            raise LookupError(f"{event.id} answers an exchange that was never asked for: {answer.exchange}")
        match answer:
            case HoursExchangePosted() if exchange.state == "pending":
                settled.append(_settlement(context, exchange, answer.posting))
                exchanges[exchange.request] = replace(exchange, state="settled")
            case HoursExchangeRefused() if exchange.state == "pending":
                back = _Back(exchange.hours - exchange.reversed, answer.reason)
                settled = await _flush(tx, context, settled)
                await _give_back(tx, context, exchange, back)
                exchanges[exchange.request] = replace(exchange, state="refused")
            case HoursExchangeReversed() if exchange.state != "refused" and answer.recall in waiting:
                del waiting[answer.recall]
                settled = await _flush(tx, context, settled)
                await _give_back(tx, context, exchange, _Back(answer.hours, "recalled", answer.recall))
                reversed_ = exchange.reversed + answer.hours
                exchanges[exchange.request] = replace(exchange, reversed=reversed_)
            case _:
                pass
    await _flush(tx, context, settled)


async def _flush(tx: Transaction, context: Context, settled: list[Draft]) -> list[Draft]:
    """Write what is settled so far, so that entries keep the order of the answers."""
    await append(tx, context, settled)
    return []


def _settlement(context: Context, exchange: Exchange, posting: str) -> Draft:
    fact = PointsExchangeSettled(exchange=exchange.request, teacher=exchange.teacher, posting=posting)
    return draft(context, store.SETTLED, exchange.teacher, exchange.at, fact)


async def _give_back(tx: Transaction, context: Context, exchange: Exchange, back: _Back) -> None:
    """Return points to the lots they came from; what returns to a closed year expires at once."""
    burnt = (await accounts.burns_of(tx, [exchange.request]))[exchange.request]
    rate = rate_of(sum(lot.points for lot in burnt), exchange.hours - exchange.reversed)
    points = back.hours * rate
    restored = restore(burnt, points)
    fact = PointsExchangeRefunded(
        exchange=exchange.request,
        teacher=exchange.teacher,
        year=exchange.year,
        hours=back.hours,
        points=points,
        restored=[LotChange(expires_at=end, points=given) for end, given in restored],
        reason=back.reason,
        recall=back.call,
    )
    await append(tx, context, [draft(context, store.REFUNDED, exchange.teacher, exchange.at, fact)])
    await accounts.restored(tx, context, {LotKey(exchange.teacher, end) for end, _ in restored})
