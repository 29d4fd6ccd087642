"""Every statement of the log: one that adds a reading with all whom it showed, one that lists a teacher's."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Text, insert, select, true, tuple_

from shared.reads.tables import reading, shown
from shared.runtime.database import Transaction
from shared.runtime.listed import listed

_r, _s = reading.c, shown.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One request that showed somebody."""

    at: datetime
    caller: str
    subject: str
    act: str
    route: str
    correlation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Of whom readings are asked for, from an instant and before another."""

    teacher: str
    since: datetime | None
    until: datetime | None


async def note(tx: Transaction, made: Reading, teachers: Collection[str]) -> None:
    """Add a reading and whom it showed."""
    put = insert(reading).values(asdict(made)).returning(_r.at, _r.number).cte("put")
    those = listed("those", ("teacher", Text, sorted(teachers)))
    rows = select(those.c.teacher, put.c.at, put.c.number).select_from(those.join(put, true()))
    await tx.execute(insert(shown).from_select(["teacher", "at", "reading"], rows).add_cte(put))


async def page(
    tx: Transaction, wanted: Wanted, after: Sequence[Any] | None, limit: int
) -> Sequence[Row[Any]]:
    """The readings of a teacher, the newest first."""
    query = select(reading).join(shown, _s.reading == _r.number).where(_s.teacher == wanted.teacher)
    if wanted.since is not None:
        query = query.where(_s.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(_s.at < wanted.until)
    if after is not None:
        query = query.where(tuple_(_s.at, _s.reading) < tuple_(*after))
    newest = query.order_by(_s.at.desc(), _s.reading.desc()).limit(limit)
    return (await tx.execute(newest)).all()
