"""SQL of the exchanges: answers by id, the mirror of points, and the projection of our own entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Text, bindparam, case, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from hours.exchanges import tables
from shared.contracts.hours import HoursExchangePosted, HoursExchangeRefused, HoursExchangeReversed
from shared.policy.categories import Category
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry

POSTED, REFUSED = "hours.exchange_posted.v1", "hours.exchange_refused.v1"
REVERSED = "hours.exchange_reversed.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An exchange and how it was answered."""

    exchange: str
    teacher: str
    year: int
    category: Category
    hours: Decimal
    taken_back: Decimal
    state: str
    reason: str
    entry: str
    decided_at: datetime


async def load(tx: Transaction, exchanges: Iterable[str]) -> dict[str, Answered]:
    """Answered exchanges by id."""
    wanted = bindparam("exchanges", type_=ARRAY(Text))
    rows = await tx.execute(
        select(tables.exchange).where(tables.exchange.c.exchange == wanted.any_()),
        {"exchanges": list(exchanges)},
    )
    return {row.exchange: Answered(**row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


async def load_recalls(tx: Transaction, recalls: Iterable[str]) -> set[str]:
    """Which of some recalls were carried out before."""
    wanted = bindparam("recalls", type_=ARRAY(Text))
    rows = await tx.execute(
        select(tables.recall.c.recall).where(tables.recall.c.recall == wanted.any_()),
        {"recalls": list(recalls)},
    )
    return {row.recall for row in rows}


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the answers up to these entries."""
    answers = [_answer(entry) for entry in entries if entry.type in {POSTED, REFUSED}]
    if answers:
        await tx.execute(insert(tables.exchange), answers)
    reversals = [(entry, entry.parse(HoursExchangeReversed)) for entry in entries if entry.type == REVERSED]
    if not reversals:
        return
    await tx.execute(
        insert(tables.recall),
        [
            {"recall": fact.recall, "exchange": fact.exchange, "hours": fact.hours, "entry": entry.id}
            for entry, fact in reversals
        ],
    )
    columns = tables.exchange.c
    more = columns.taken_back + bindparam("more", type_=Integer)
    whole = case((more == columns.hours, "reversed"), else_=columns.state)
    taken = update(tables.exchange).where(columns.exchange == bindparam("of"))
    await tx.execute(
        taken.values(taken_back=more, state=whole),
        [{"of": fact.exchange, "more": fact.hours} for _, fact in reversals],
    )


def _answer(entry: Entry) -> dict[str, Any]:
    posted = entry.type == POSTED
    fact = entry.parse(HoursExchangePosted) if posted else entry.parse(HoursExchangeRefused)
    return {
        "exchange": fact.exchange,
        "teacher": fact.teacher,
        "year": fact.year,
        "category": fact.category,
        "hours": fact.hours,
        "taken_back": 0,
        "state": "posted" if posted else "refused",
        "reason": fact.reason if isinstance(fact, HoursExchangeRefused) else "",
        "entry": entry.id,
        "decided_at": entry.recorded_at,
    }


async def add_points(tx: Transaction, changes: Mapping[tuple[str, datetime], int]) -> None:
    """Move the mirrored lots."""
    statement = insert(tables.lot)
    grown = statement.on_conflict_do_update(
        index_elements=["teacher", "expires_at"],
        set_={"points": tables.lot.c.points + statement.excluded.points},
    )
    rows = [
        {"teacher": teacher, "expires_at": expires_at, "points": points}
        for (teacher, expires_at), points in sorted(changes.items())
    ]
    if rows:
        await tx.execute(grown, rows)


async def load_lots(tx: Transaction, teachers: Iterable[str]) -> dict[str, list[tuple[datetime, int]]]:
    """Mirrored lots of some teachers, the earliest expiry first; whoever has none is not among them."""
    lot = tables.lot.c
    wanted = bindparam("teachers", sorted(set(teachers)), ARRAY(lot.teacher.type))
    query = select(tables.lot).where(lot.teacher == wanted.any_()).order_by(lot.teacher, lot.expires_at)
    found: dict[str, list[tuple[datetime, int]]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.teacher, []).append((row.expires_at, row.points))
    return found


POINTS_OF = tables.lot.c.teacher
"""Whose a mirrored lot is."""

LOTS = select(tables.lot).subquery("lots")
"""Mirrored lots, for the statement of a room above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPoints:
    """Whose points are asked for: one teacher's or anybody's, within a reach."""

    teacher: str | None
    within: ColumnElement[bool]


async def page_points(
    tx: Transaction, wanted: WantedPoints, *, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Mirrored lots in order of teacher and expiry."""
    columns, teacher = tables.lot.c, wanted.teacher
    ordered = select(tables.lot).where(wanted.within).order_by(columns.teacher, columns.expires_at)
    query = ordered.limit(limit)
    if after is not None:
        query = query.where(tuple_(columns.teacher, columns.expires_at) > tuple_(*after))
    if teacher is not None:
        query = query.where(columns.teacher == teacher)
    return [dict(row._mapping) for row in await tx.execute(query)]  # noqa: SLF001 - as above


async def mark_years(tx: Transaction, marks: Iterable[tuple[int, int]]) -> None:
    """Keep which partitions of the points service are closed for which year."""
    rows = [{"year": year, "partition": partition} for year, partition in marks]
    if rows:
        await tx.execute(insert(tables.year_mark).on_conflict_do_nothing(), rows)


async def load_marks(tx: Transaction, year: int) -> set[int]:
    """Partitions of the points service that are closed for a year."""
    query = select(tables.year_mark.c.partition).where(tables.year_mark.c.year == year)
    return {row.partition for row in await tx.execute(query)}
