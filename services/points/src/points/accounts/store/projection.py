"""Writing the ledger's tables: entries in, rows out; the same live and in a rebuild."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Column, Integer

from points.accounts import tables
from points.accounts.domain.lot import Ended
from shared.contracts.points import (
    LotChange,
    PointsAwarded,
    PointsExchanged,
    PointsExchangeRefunded,
    PointsExpired,
    PointsExpiryReversed,
    PointsReversed,
    PointsSwept,
    PointsYearClosed,
)
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.unnest import arrays, columns_of, delete_rows, insert_rows, unnested

AWARDED, REVERSED = "points.awarded.v1", "points.reversed.v1"
EXPIRED, EXPIRY_REVERSED = "points.expired.v1", "points.expiry_reversed.v1"
EXCHANGED, REFUNDED = "points.exchanged.v1", "points.exchange_refunded.v1"
YEAR_CLOSED, SWEPT = "points.year_closed.v1", "points.swept.v1"

_AWARD_KEY = [tables.award.c[name] for name in ("ground", "rule", "teacher", "year")]
_DELETE_AWARDS = delete_rows(tables.award, _AWARD_KEY)
_MOVES = [
    *(tables.lot.c[name] for name in ("teacher", "expires_at", "year", "partition")),
    *(Column(name, Integer) for name in ("earned", "exchanged", "expired")),
]
_MOVE_LOTS = unnested(
    "merge into lot using {rows} on lot.teacher = rows.teacher and lot.expires_at = rows.expires_at"
    " when matched then update set earned = lot.earned + rows.earned,"
    " exchanged = lot.exchanged + rows.exchanged, expired = lot.expired + rows.expired"
    " when not matched then insert (teacher, expires_at, year, partition, earned, exchanged, expired)"
    " values (rows.teacher, rows.expires_at, rows.year, rows.partition,"
    " rows.earned, rows.exchanged, rows.expired)",
    _MOVES,
)
_CLEAR_LOTS = unnested(
    "update lot set expired = lot.earned - lot.exchanged from {rows} where lot.partition = rows.partition"
    " and lot.expires_at > coalesce(rows.after, '-infinity') and lot.expires_at <= rows.until"
    " and lot.earned > lot.exchanged + lot.expired",
    tables.ENDED,
)
_INSERT_BURNS = insert_rows(tables.burn)
_RESTORED = [tables.burn.c.exchange, tables.burn.c.expires_at, Column("given", Integer)]
_RESTORE_BURNS = unnested(
    "update burn set restored = restored + given from {rows}"
    " where burn.exchange = rows.exchange and burn.expires_at = rows.expires_at",
    _RESTORED,
)
_CLOSE = insert_rows(tables.closed)
_SWEEP = insert_rows(tables.swept, "on conflict (partition) do update set until = excluded.until")

Fact = (
    PointsAwarded
    | PointsReversed
    | PointsExpired
    | PointsExpiryReversed
    | PointsExchanged
    | PointsExchangeRefunded
)

SHAPES: Mapping[str, type[Fact]] = {
    AWARDED: PointsAwarded,
    REVERSED: PointsReversed,
    EXPIRED: PointsExpired,
    EXPIRY_REVERSED: PointsExpiryReversed,
    EXCHANGED: PointsExchanged,
    REFUNDED: PointsExchangeRefunded,
}
"""The entries that move points."""
MARKS: Mapping[str, type[PointsYearClosed | PointsSwept]] = {
    YEAR_CLOSED: PointsYearClosed,
    SWEPT: PointsSwept,
}


class Move(NamedTuple):
    """What one entry adds to one lot."""

    teacher: str
    expires_at: datetime
    earned: int = 0
    exchanged: int = 0
    expired: int = 0


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the ledger's tables up to these entries."""
    shapes: Mapping[str, type[Any]] = {**SHAPES, **MARKS}
    await apply(tx, [(entry, entry.parse(shapes[entry.type])) for entry in entries if entry.type in shapes])


async def apply(tx: Transaction, facts: Sequence[tuple[Entry, msgspec.Struct]]) -> None:
    """Bring the ledger's tables up to entries whose facts are at hand."""
    await _awards(tx, facts)
    await _lots(tx, facts)
    await _burns(tx, facts)
    await _marks(tx, [fact for _, fact in facts])


async def clear(tx: Transaction, ended: Ended, mark: msgspec.Struct) -> None:
    """Bring the tables up to the entries that clear lots and to their mark, all at once.

    An entry for each lot, with what was left in it, comes to lots in which nothing is left.
    """
    await tx.write(_CLEAR_LOTS, columns_of(tables.ENDED, [ended]))
    await _marks(tx, [mark])


async def _marks(tx: Transaction, facts: Iterable[msgspec.Struct]) -> None:
    closed: list[dict[str, Any]] = []
    swept: dict[int, dict[str, Any]] = {}
    for fact in facts:
        if type(fact) is PointsYearClosed:
            closed.append({"partition": fact.partition, "year": fact.year})
        elif type(fact) is PointsSwept:
            swept[fact.partition] = {"partition": fact.partition, "until": fact.until}
    if closed:
        await tx.write(_CLOSE, arrays(list(tables.closed.columns), closed))
    if swept:
        await tx.write(_SWEEP, arrays(list(tables.swept.columns), list(swept.values())))


async def _awards(tx: Transaction, facts: Iterable[tuple[Entry, msgspec.Struct]]) -> None:
    """An award that was taken back no longer stands; the last one posted under a key does."""
    gone: dict[tuple[Any, ...], dict[str, Any]] = {}
    posted: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for entry, fact in facts:
        if type(fact) is PointsAwarded:
            row = _award_row(entry, fact)
            posted[row[:4]] = row
        elif type(fact) is PointsReversed:
            key = (fact.ground, fact.rule, fact.teacher, fact.year)
            if posted.pop(key, None) is None:
                gone[key] = dict(zip((c.name for c in _AWARD_KEY), key, strict=True))
    if gone:
        await tx.write(_DELETE_AWARDS, arrays(_AWARD_KEY, list(gone.values())))
    if posted:
        await tx.copy(tables.award, list(posted.values()))


def _award_row(entry: Entry, fact: PointsAwarded) -> tuple[Any, ...]:
    return (
        *(fact.ground, fact.rule, fact.teacher, fact.year),
        *(entry.effective_at, fact.activity.source, fact.activity.id),
        *(fact.asked, fact.points, fact.expires_at),
        *(entry.partition, entry.seq, fact.basis.get("cap")),
    )


async def _lots(tx: Transaction, facts: Iterable[tuple[Entry, msgspec.Struct]]) -> None:
    """Move points in lots. Only an award opens one, and says in which year its points were earned."""
    sums: dict[tuple[str, datetime], list[int]] = defaultdict(lambda: [0, 0, 0])
    places: dict[tuple[str, datetime], tuple[int | None, int]] = {}
    for entry, fact in facts:
        for move in _moves(fact):
            key = move[:2]
            total = sums[key]
            for place, more in enumerate(move[2:]):
                total[place] += more
            if type(fact) is PointsAwarded:
                places[key] = (fact.year, entry.partition)
            else:
                places.setdefault(key, (None, entry.partition))
    if sums:
        rows = [(*key, *places[key], *total) for key, total in sorted(sums.items())]
        await tx.write(_MOVE_LOTS, columns_of(_MOVES, rows))


def _moves(fact: msgspec.Struct) -> Iterable[Move]:
    moved = _MOVED.get(type(fact))
    return () if moved is None else moved(fact)


_MOVED: Mapping[type, Callable[[Any], Iterable[Move]]] = {
    PointsAwarded: lambda fact: [Move(fact.teacher, fact.expires_at, earned=fact.points)],
    PointsReversed: lambda fact: [Move(fact.teacher, fact.expires_at, earned=-fact.points)],
    PointsExpired: lambda fact: [Move(fact.teacher, fact.expires_at, expired=fact.points)],
    PointsExpiryReversed: lambda fact: [Move(fact.teacher, fact.expires_at, expired=-fact.points)],
    PointsExchanged: lambda fact: [
        Move(fact.teacher, change.expires_at, exchanged=change.points) for change in fact.burnt
    ],
    PointsExchangeRefunded: lambda fact: [
        Move(fact.teacher, change.expires_at, exchanged=-change.points) for change in fact.restored
    ],
}
"""What each kind of entry moves; a mark moves nothing."""


async def _burns(tx: Transaction, facts: Iterable[tuple[Entry, msgspec.Struct]]) -> None:
    burnt: list[dict[str, Any]] = []
    restored: dict[tuple[str, datetime], int] = defaultdict(int)
    for _, fact in facts:
        if type(fact) is PointsExchanged:
            burnt += [_burn_row(fact, change) for change in fact.burnt]
        elif type(fact) is PointsExchangeRefunded:
            for change in fact.restored:
                restored[fact.exchange, change.expires_at] += change.points
    if burnt:
        await tx.write(_INSERT_BURNS, arrays(list(tables.burn.columns), burnt))
    if restored:
        names = [column.name for column in _RESTORED]
        rows = [dict(zip(names, (*key, points), strict=True)) for key, points in restored.items()]
        await tx.write(_RESTORE_BURNS, arrays(_RESTORED, rows))


def _burn_row(fact: PointsExchanged, change: LotChange) -> dict[str, Any]:
    return {
        "exchange": fact.exchange,
        "expires_at": change.expires_at,
        "teacher": fact.teacher,
        "year": fact.year,
        "category": fact.category,
        "at": fact.at,
        "points": change.points,
        "restored": 0,
    }
