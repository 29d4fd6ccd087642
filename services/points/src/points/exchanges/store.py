"""SQL of exchanges: requests, what is called back, and the projection that keeps both."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, Row, Text, select

from points.exchanges.tables import exchange, recall
from shared.access import Reach
from shared.contracts.points import (
    PointsExchanged,
    PointsExchangeRecalled,
    PointsExchangeRefunded,
    PointsExchangeRefused,
    PointsExchangeSettled,
)
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.unnest import arrays, insert_rows, unnested

EXCHANGED, REFUSED = "points.exchanged.v1", "points.exchange_refused.v1"
SETTLED, REFUNDED = "points.exchange_settled.v1", "points.exchange_refunded.v1"
RECALLED = "points.exchange_recalled.v1"

_INSERT = insert_rows(exchange)
_INSERT_RECALLS = insert_rows(recall)
_ANSWER = unnested(
    "update exchange set state = rows.state, reason = rows.reason, posting = rows.posting from {rows}"
    " where exchange.request = rows.request",
    [exchange.c.request, exchange.c.state, exchange.c.reason, exchange.c.posting],
)
_MORE = [exchange.c.request, Column("more_called", Integer), Column("more_reversed", Integer)]
_COUNT = unnested(
    "update exchange set called = called + more_called, reversed = reversed + more_reversed,"
    " state = case when reversed + more_reversed = hours then 'recalled' else state end from {rows}"
    " where exchange.request = rows.request",
    _MORE,
)
_ANSWER_RECALLS = unnested(
    "update recall set answered = true from {rows} where recall.recall = rows.answered_recall",
    [Column("answered_recall", Text)],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request as it stands."""

    request: str
    teacher: str
    year: int
    category: str
    hours: int
    at: datetime
    at_given: bool
    state: str
    reason: str
    posting: str
    called: int
    reversed: int
    recorded_at: datetime
    partition: int
    seq: int


def _exchange(row: Row[Any]) -> Exchange:
    return Exchange(**{field.name: getattr(row, field.name) for field in fields(Exchange)})


async def load(tx: Transaction, requests: Collection[str]) -> dict[str, Exchange]:
    """Requests by name."""
    rows = await tx.execute(select(exchange).where(exchange.c.request.in_(requests)))
    return {row.request: _exchange(row) for row in rows}


async def load_of(tx: Transaction, teachers: Collection[str]) -> list[Exchange]:
    """Requests of teachers that were granted and not refused afterwards."""
    query = select(exchange).where(exchange.c.teacher.in_(teachers), exchange.c.state != "refused")
    return [_exchange(row) for row in await tx.execute(query)]


async def load_year(tx: Transaction, teachers: Collection[str], year: int) -> list[Exchange]:
    """Every request of teachers in a year, in the order in which each teacher's were decided."""
    query = select(exchange).where(exchange.c.teacher.in_(teachers), exchange.c.year == year)
    return [_exchange(row) for row in await tx.execute(query.order_by(exchange.c.teacher, exchange.c.seq))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which requests a list is of."""

    year: int
    state: str | None = None
    teacher: str | None = None


async def list_requests(
    tx: Transaction, reach: Reach, wanted: Wanted, after: str | None, limit: int
) -> list[Exchange]:
    """Requests within a reach, by name."""
    query = select(exchange).where(exchange.c.year == wanted.year).order_by(exchange.c.request).limit(limit)
    query = query.where(await reach.within(tx, exchange.c.teacher))
    if wanted.state is not None:
        query = query.where(exchange.c.state == wanted.state)
    if wanted.teacher is not None:
        query = query.where(exchange.c.teacher == wanted.teacher)
    if after is not None:
        query = query.where(exchange.c.request > after)
    return [_exchange(row) for row in await tx.execute(query)]


async def open_recalls(tx: Transaction, recalls: Collection[str]) -> dict[str, str]:
    """Calls that wait for an answer, with their exchange."""
    query = select(recall).where(recall.c.recall.in_(recalls), recall.c.answered.is_(False))
    return {row.recall: row.exchange for row in await tx.execute(query)}


async def count_recalls(tx: Transaction, exchanges: Collection[str]) -> dict[str, int]:
    """How often each exchange was called back."""
    counts: dict[str, int] = defaultdict(int)
    for row in await tx.execute(select(recall.c.exchange).where(recall.c.exchange.in_(exchanges))):
        counts[row.exchange] += 1
    return counts


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the tables up to these entries, in order."""
    decided = [_row(entry) for entry in entries if entry.type in {EXCHANGED, REFUSED}]
    if decided:
        await tx.fetch(_INSERT, arrays(list(exchange.columns), decided))
    await _answers(tx, entries)
    await _recalls(tx, entries)


def _row(entry: Entry) -> dict[str, Any]:
    granted = entry.type == EXCHANGED
    fact = entry.parse(PointsExchanged) if granted else entry.parse(PointsExchangeRefused)
    return {
        "request": fact.exchange,
        "teacher": fact.teacher,
        "year": fact.year,
        "category": fact.category,
        "hours": fact.hours,
        "at": fact.at,
        "at_given": fact.basis["at_given"],
        "state": "pending" if granted else "refused",
        "reason": fact.code if isinstance(fact, PointsExchangeRefused) else "",
        "posting": "",
        "called": 0,
        "reversed": 0,
        "recorded_at": entry.recorded_at,
        "partition": entry.partition,
        "seq": entry.seq,
    }


async def _answers(tx: Transaction, entries: Sequence[Entry]) -> None:
    answers: list[dict[str, Any]] = []
    for entry in entries:
        if entry.type == SETTLED:
            settled = entry.parse(PointsExchangeSettled)
            answers.append(
                {"request": settled.exchange, "state": "settled", "reason": "", "posting": settled.posting}
            )
        elif entry.type == REFUNDED:
            back = entry.parse(PointsExchangeRefunded)
            if not back.recall:
                answers.append(
                    {"request": back.exchange, "state": "refused", "reason": back.reason, "posting": ""}
                )
    if answers:
        columns = [exchange.c.request, exchange.c.state, exchange.c.reason, exchange.c.posting]
        await tx.fetch(_ANSWER, arrays(columns, answers))


async def _recalls(tx: Transaction, entries: Sequence[Entry]) -> None:
    called = [entry.parse(PointsExchangeRecalled) for entry in entries if entry.type == RECALLED]
    backs = [entry.parse(PointsExchangeRefunded) for entry in entries if entry.type == REFUNDED]
    more: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for call in called:
        more[call.exchange][0] += call.hours
    for back in backs:
        if back.recall:
            more[back.exchange][1] += back.hours
    if called:
        rows = [
            {"recall": call.recall, "exchange": call.exchange, "hours": call.hours, "answered": False}
            for call in called
        ]
        await tx.fetch(_INSERT_RECALLS, arrays(list(recall.columns), rows))
    if more:
        counted = [
            {"request": name, "more_called": counts[0], "more_reversed": counts[1]}
            for name, counts in more.items()
        ]
        await tx.fetch(_COUNT, arrays(_MORE, counted))
    answered = [back.recall for back in backs if back.recall]
    if answered:
        await tx.fetch(_ANSWER_RECALLS, {"answered_recall": answered})
