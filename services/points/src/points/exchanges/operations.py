"""What exchanges do: decide requests, take the answers of `hours`, call hours back.

The teacher's partition is locked before anything is read that a decision rests on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from points.accounts import operations as accounts
from points.accounts.domain.lot import Burnt, LotKey, restore
from points.exchanges import store
from points.exchanges.domain.deciding import Granted, Refused, Request, decide, malformed
from points.exchanges.domain.recalling import Recall, Stake, recall
from points.exchanges.store import Exchange
from points.settings import Context
from shared.contracts.envelope import Event, Fact
from shared.contracts.hours import HoursExchangePosted, HoursExchangeRefused, HoursExchangeReversed
from shared.contracts.points import (
    LotChange,
    PointsExchanged,
    PointsExchangeRecalled,
    PointsExchangeRefunded,
    PointsExchangeRefused,
    PointsExchangeSettled,
)
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft


@dataclass(frozen=True, slots=True)
class Decided:
    """A request with its decision; `replayed` when it was decided before."""

    exchange: Exchange
    replayed: bool
    figures: Mapping[str, Any] = field(default_factory=dict)
    """What a refusal by the rules rests on."""


@dataclass(frozen=True, slots=True)
class Conflicting:
    """The name of the request stands for another one."""

    exchange: Exchange


Outcome = Decided | Conflicting | Refused


async def decide_all(
    tx: Transaction, context: Context, requests: Sequence[Request], now: datetime
) -> list[Outcome]:
    """Decide requests in the given order, each once; a refusal never concerns its neighbours."""
    await context.journal.lock(tx, {accounts.subject(request.teacher) for request in requests})
    known = await store.load(tx, [request.request for request in requests])
    outcomes: list[Outcome] = []
    for request in requests:
        before = known.get(request.request)
        if before is not None:
            same = _same(request, before)
            outcomes.append(
                await _decided(tx, context, before, replayed=True) if same else Conflicting(before)
            )
            continue
        wrong = malformed(request, context.pack.exchange, now)
        if wrong is not None:
            outcomes.append(wrong)
            continue
        await _decide(tx, context, request)
        known |= await store.load(tx, [request.request])
        outcomes.append(await _decided(tx, context, known[request.request], replayed=False))
    return outcomes


async def _decided(tx: Transaction, context: Context, exchange: Exchange, *, replayed: bool) -> Decided:
    """A decision as it was made, a refusal with its figures."""
    if exchange.state != "refused":
        return Decided(exchange, replayed)
    entry = await context.journal.read_entry(tx, exchange.partition, exchange.seq)
    assert entry is not None, "a request names the entry that decided it"
    if entry.type != store.REFUSED:
        return Decided(exchange, replayed)
    return Decided(exchange, replayed, entry.parse(PointsExchangeRefused).basis)


def _same(request: Request, before: Exchange) -> bool:
    """Whether a request asks for what was decided under its name."""
    asked = (request.teacher, request.category, request.at_given)
    decided = (before.teacher, before.category, before.at_given)
    same_instant = not request.at_given or request.at == before.at
    return asked == decided and same_instant and request.hours == Decimal(before.hours)


async def _decide(tx: Transaction, context: Context, request: Request) -> None:
    purse = await accounts.purse(tx, context, request.teacher, request.at)
    closed = await accounts.is_closed(tx, context, request.teacher, purse.year)
    zone = context.pack.pack.timezone
    decision = decide(request, purse, context.pack.exchange, zone, closed=closed)
    basis = {**decision.figures, "at_given": request.at_given}
    fact: Fact
    if isinstance(decision, Granted):
        fact = PointsExchanged(
            exchange=request.request,
            teacher=request.teacher,
            year=purse.year,
            category=request.category,
            hours=decision.hours,
            points=decision.points,
            at=request.at,
            burnt=[LotChange(expires_at=end, points=points) for end, points in decision.burnt],
            basis=basis,
        )
    else:
        fact = PointsExchangeRefused(
            exchange=request.request,
            teacher=request.teacher,
            year=purse.year,
            category=request.category,
            hours=int(request.hours),
            at=request.at,
            code=decision.code,
            basis=basis,
        )
    kind = store.EXCHANGED if isinstance(decision, Granted) else store.REFUSED
    await _append(tx, context, [_draft(context, kind, request.teacher, request.at, fact)])


async def recall_for(tx: Transaction, context: Context, debts: Mapping[LotKey, int]) -> None:
    """Call exchanges back for points that are missing in lots."""
    if not debts:
        return
    exchanges = {found.request: found for found in await store.load_of(tx, {key.teacher for key in debts})}
    burns = await accounts.burns_of(tx, list(exchanges))
    numbers = await store.count_recalls(tx, list(exchanges))
    drafts: list[Draft] = []
    for key, missing in sorted(debts.items()):
        stakes = [
            _stake(exchanges[name], burnt)
            for name, several in burns.items()
            for burnt in several
            if exchanges[name].teacher == key.teacher and burnt.expires_at == key.expires_at
        ]
        for call in recall(missing, stakes, context.pack.exchange.rate):
            numbers[call.exchange] += 1
            drafts.append(_call(context, exchanges[call.exchange], call, numbers[call.exchange]))
    await _append(tx, context, drafts)


def _stake(exchange: Exchange, burnt: Burnt) -> Stake:
    return Stake(
        exchange=exchange.request,
        at=exchange.at,
        seq=exchange.seq,
        points=burnt.points,
        free=exchange.hours - exchange.called,
        called=exchange.called - exchange.reversed,
    )


def _call(context: Context, exchange: Exchange, call: Recall, number: int) -> Draft:
    fact = PointsExchangeRecalled(
        recall=f"{exchange.request}#{number}",
        exchange=exchange.request,
        teacher=exchange.teacher,
        year=exchange.year,
        category=exchange.category,
        hours=call.hours,
    )
    return _draft(context, store.RECALLED, exchange.teacher, exchange.at, fact)


Answer = HoursExchangePosted | HoursExchangeRefused | HoursExchangeReversed


async def answer_all(tx: Transaction, context: Context, answers: Sequence[tuple[Event, Answer]]) -> None:
    """Take what `hours` said about exchanges, in order. An exchange is answered once."""
    await context.journal.lock(tx, {accounts.subject(answer.teacher) for _, answer in answers})
    for event, answer in answers:
        exchange = (await store.load(tx, [answer.exchange])).get(answer.exchange)
        if exchange is None:
            raise LookupError(f"{event.id} answers an exchange that was never asked for: {answer.exchange}")
        match answer:
            case HoursExchangePosted() if exchange.state == "pending":
                await _settle(tx, context, exchange, answer.posting)
            case HoursExchangeRefused() if exchange.state == "pending":
                back = _Back(exchange.hours - exchange.reversed, answer.reason)
                await _give_back(tx, context, exchange, back)
            case HoursExchangeReversed() if exchange.state != "refused":
                if answer.recall in await store.open_recalls(tx, [answer.recall]):
                    await _give_back(tx, context, exchange, _Back(answer.hours, "recalled", answer.recall))
            case _:
                pass


async def _settle(tx: Transaction, context: Context, exchange: Exchange, posting: str) -> None:
    fact = PointsExchangeSettled(exchange=exchange.request, teacher=exchange.teacher, posting=posting)
    await _append(tx, context, [_draft(context, store.SETTLED, exchange.teacher, exchange.at, fact)])


@dataclass(frozen=True, slots=True)
class _Back:
    """Hours that `hours` did not post, or has taken back at a call."""

    hours: int
    reason: str
    call: str = ""


async def _give_back(tx: Transaction, context: Context, exchange: Exchange, back: _Back) -> None:
    """Return points to the lots they came from; what returns to a closed year expires at once."""
    points = back.hours * context.pack.exchange.rate
    burnt = (await accounts.burns_of(tx, [exchange.request]))[exchange.request]
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
    await _append(tx, context, [_draft(context, store.REFUNDED, exchange.teacher, exchange.at, fact)])
    await accounts.restored(tx, context, {LotKey(exchange.teacher, end) for end, _ in restored})


async def _append(tx: Transaction, context: Context, drafts: Sequence[Draft]) -> None:
    await store.project(tx, await accounts.append(tx, context, drafts))


def _draft(context: Context, kind: str, teacher: str, at: datetime, fact: Fact) -> Draft:
    return Draft(
        type=kind,
        subject=accounts.subject(teacher),
        effective_at=at,
        policy=context.pack.reference,
        data=fact,
    )
