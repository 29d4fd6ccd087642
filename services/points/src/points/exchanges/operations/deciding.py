"""Deciding requests: each once, in the given order, on what the requests before it have left."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from points.accounts import operations as accounts
from points.accounts.domain.holding import Holding
from points.exchanges import store
from points.exchanges.domain.deciding import Granted, Refused, Request, decide, malformed
from points.exchanges.operations.posting import append, draft
from points.exchanges.store import Exchange
from points.settings import Context
from shared.contracts.points import LotChange, PointsExchanged, PointsExchangeRefused
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A request as it was decided; `replayed` when that was done before."""

    exchange: Exchange
    replayed: bool
    figures: Mapping[str, Any] | None
    """What a refusal rests on; None where the request was granted."""


@dataclass(frozen=True, slots=True)
class Conflicting:
    """The name of the request stands for another one."""

    exchange: Exchange


Outcome = Decided | Conflicting | Refused


async def decide_all(
    tx: Transaction, context: Context, requests: Sequence[Request], now: datetime
) -> list[Outcome]:
    """Decide requests; what is wrong with one never concerns its neighbours."""
    await context.journal.lock(tx, {accounts.subject(request.teacher) for request in requests})
    known = await store.load(tx, {request.request for request in requests})
    refused: dict[int, Refused] = {}
    fresh: dict[str, Request] = {}
    for place, request in enumerate(requests):
        if request.request in known or request.request in fresh:
            continue
        wrong = malformed(request, context.pack, now)
        if wrong is None:
            fresh[request.request] = request
        else:
            refused[place] = wrong
    await append(tx, context, await _decide(tx, context, list(fresh.values())))
    decided = known | await store.load(tx, fresh.keys())
    figures = await _figures(tx, context, decided.values())
    outcomes: list[Outcome] = []
    for place, request in enumerate(requests):
        if place in refused:
            outcomes.append(refused[place])
            continue
        exchange = decided[request.request]
        outcomes.append(
            Decided(
                exchange=_as_decided(exchange, figures),
                replayed=fresh.get(request.request) is not request,
                figures=figures.get(exchange.request),
            )
            if _same(request, exchange)
            else Conflicting(exchange)
        )
    return outcomes


async def _decide(tx: Transaction, context: Context, requests: Sequence[Request]) -> list[Draft]:
    if not requests:
        return []
    teachers = {request.teacher for request in requests}
    held = await accounts.holdings(tx, context, teachers, min(request.at for request in requests))
    rule, zone = context.pack.exchanged_by, context.pack.pack.timezone
    drafts: list[Draft] = []
    for request in requests:
        holding = held[request.teacher]
        purse = holding.purse(request.at, context.book.year_of(request.at), rule)
        decision = decide(request, purse, rule, zone, closed=purse.year in holding.closed)
        if isinstance(decision, Granted):
            held[request.teacher] = _after(holding, request, purse.year, decision)
            drafts += accounts.reviving(context, holding, decision.burnt)
            drafts.append(_granted(context, request, purse.year, decision))
        else:
            drafts.append(_refused(context, request, purse.year, decision))
    return drafts


def _after(holding: Holding, request: Request, year: int, decision: Granted) -> Holding:
    return holding.after(request.at, (year, request.category), decision.burnt)


def _granted(context: Context, request: Request, year: int, decision: Granted) -> Draft:
    fact = PointsExchanged(
        exchange=request.request,
        teacher=request.teacher,
        year=year,
        category=request.category,
        hours=decision.hours,
        points=decision.points,
        at=request.at,
        burnt=[LotChange(expires_at=end, points=points) for end, points in decision.burnt],
        basis={**decision.figures, "at_given": request.at_given},
    )
    return draft(context, store.EXCHANGED, request.teacher, request.at, fact)


def _refused(context: Context, request: Request, year: int, decision: Refused) -> Draft:
    fact = PointsExchangeRefused(
        exchange=request.request,
        teacher=request.teacher,
        year=year,
        category=request.category,
        hours=int(request.hours),
        at=request.at,
        code=decision.code,
        basis={**decision.figures, "at_given": request.at_given},
    )
    return draft(context, store.REFUSED, request.teacher, request.at, fact)


async def _figures(
    tx: Transaction, context: Context, exchanges: Collection[Exchange]
) -> dict[str, Mapping[str, Any]]:
    """What the refusals among these rest on; those that `hours` refused were granted here."""
    found: dict[str, Mapping[str, Any]] = {}
    for exchange in exchanges:
        if exchange.state != "refused":
            continue
        entry = await context.journal.read_entry(tx, exchange.partition, exchange.seq)
        assert entry is not None, "a request names the entry that decided it"
        if entry.type == store.REFUSED:
            found[exchange.request] = entry.parse(PointsExchangeRefused).basis
    return found


def _as_decided(exchange: Exchange, figures: Mapping[str, Mapping[str, Any]]) -> Exchange:
    """The request as its first answer showed it, whatever became of it since."""
    if exchange.request in figures:
        return exchange
    return replace(exchange, state="pending", reason="", posting="", called=0, reversed=0)


def _same(request: Request, before: Exchange) -> bool:
    """Whether a request asks for what was decided under its name."""
    asked = (request.teacher, request.category, request.at_given)
    decided = (before.teacher, before.category, before.at_given)
    same_instant = not request.at_given or request.at == before.at
    return asked == decided and same_instant and request.hours == Decimal(before.hours)
