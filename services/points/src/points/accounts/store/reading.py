"""Reading the ledger's tables into its values."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import Column, DateTime, Row, Select, case, exists, func, select, tuple_

from points.accounts.domain.award import Standing
from points.accounts.domain.holding import Holding
from points.accounts.domain.lot import Burnt, Ended, Lot, LotKey, Movement, Rest
from points.accounts.tables import ENDED, award, burn, closed, lot
from shared.access import Reach
from shared.runtime.database import Transaction
from shared.runtime.unnest import columns_of, looked_up, rows_by, unnested

_ON_GROUNDS = rows_by(award, [award.c.ground])
_BY_KEY = rows_by(award, [award.c.ground, award.c.rule, award.c.teacher, award.c.year])
_OF_RULES = rows_by(award, [award.c.teacher, award.c.rule, award.c.year])
_PLACED = [lot.c.teacher, lot.c.expires_at, lot.c.partition]
_LOTS = unnested(
    "select rows.teacher, rows.expires_at, lot.earned, lot.exchanged, lot.expired,"
    " (select array_agg(closed.year) from closed where closed.partition = rows.partition) as closed,"
    " (select swept.until from swept where swept.partition = rows.partition) as swept"
    " from {rows} left join lateral (select * from lot"
    " where lot.teacher = rows.teacher and lot.expires_at = rows.expires_at offset 0) as lot on true",
    _PLACED,
)
_LOTS_OF = looked_up(
    "select * from lot where lot.teacher = rows.teacher order by lot.expires_at", [lot.c.teacher]
)
_MOVED = looked_up(
    "select teacher, expires_at, at, points from award"
    " where award.teacher = rows.teacher and award.expires_at > rows.since"
    " union all select teacher, expires_at, at, restored - points from burn"
    " where burn.teacher = rows.teacher and burn.expires_at > rows.since",
    [lot.c.teacher, Column("since", DateTime(timezone=True))],
)
_EXCHANGED = looked_up(
    "select teacher, year, category, sum(points - restored)::int as points from burn"
    " where burn.teacher = rows.teacher group by teacher, year, category",
    [burn.c.teacher],
)
_CLOSED = rows_by(closed, [closed.c.partition])
_RESTS = unnested(
    "select lot.teacher, lot.expires_at, lot.earned - lot.exchanged - lot.expired as points"
    " from {rows} join lot on lot.partition = rows.partition"
    " and lot.expires_at > coalesce(rows.after, '-infinity') and lot.expires_at <= rows.until"
    " where lot.earned > lot.exchanged + lot.expired order by lot.teacher, lot.expires_at",
    ENDED,
)
_SWEPT = unnested("select swept.partition, swept.until from swept", [])
_CLOSED_IN = unnested(
    "select closed.partition from closed join {rows} on closed.year = rows.year", [closed.c.year]
)


def _standing(row: Mapping[Any, Any]) -> Standing:
    return Standing(**row)


def _lot(row: Row[Any]) -> Lot:
    return Lot(
        teacher=row.teacher,
        expires_at=row.expires_at,
        earned=row.earned or 0,
        exchanged=row.exchanged or 0,
        expired=row.expired or 0,
    )


async def awards_on(tx: Transaction, grounds: Collection[str]) -> list[Standing]:
    """Awards that stand on these grounds."""
    if not grounds:
        return []
    rows = await tx.fetch(_ON_GROUNDS, {"ground": list(grounds)})
    return [_standing(row) for row in rows]


async def awards_for(tx: Transaction, keys: Collection[tuple[str, str, str, int]]) -> list[Standing]:
    """Awards that stand for (ground, rule, teacher, year)."""
    if not keys:
        return []
    grounds, rules, teachers, years = map(list, zip(*keys, strict=True))
    wanted = {"ground": grounds, "rule": rules, "teacher": teachers, "year": years}
    return [_standing(row) for row in await tx.fetch(_BY_KEY, wanted)]


async def awards_under(tx: Transaction, keys: Collection[tuple[str, str, int]]) -> list[Standing]:
    """Awards that stand for (teacher, rule, year)."""
    if not keys:
        return []
    teachers, rules, years = zip(*keys, strict=True)
    rows = await tx.fetch(_OF_RULES, {"teacher": list(teachers), "rule": list(rules), "year": list(years)})
    return [_standing(row) for row in rows]


async def awards_by_act(tx: Transaction, source: str, act: str) -> list[Standing]:
    """Awards that one act dates."""
    query = select(award).where(award.c.source == source, award.c.act == act)
    return [_standing(row) for row in (await tx.execute(query)).mappings()]


async def awards_until(tx: Transaction, teachers: Collection[str], year: int) -> list[Standing]:
    """Awards of teachers that stand, up to a year."""
    query = select(award).where(award.c.teacher.in_(teachers), award.c.year <= year)
    return [_standing(row) for row in (await tx.execute(query)).mappings()]


async def awarded_in(tx: Transaction, year: int) -> bool:
    """Whether anybody has an award of a year."""
    return bool((await tx.execute(select(exists().where(award.c.year == year)))).scalar_one())


async def burnt_before(
    tx: Transaction, teachers: Collection[str], year: int
) -> list[tuple[LotKey, Movement]]:
    """What exchanges of earlier years burnt and did not give back, lot by lot."""
    query = select(burn).where(burn.c.teacher.in_(teachers), burn.c.year < year)
    return [
        (LotKey(row.teacher, row.expires_at), Movement(row.at, row.restored - row.points))
        for row in await tx.execute(query)
    ]


class Wanted(NamedTuple):
    """Which awards a list is of."""

    year: int
    teacher: str | None


async def list_awards(
    tx: Transaction, reach: Reach, wanted: Wanted, after: Sequence[Any] | None, limit: int
) -> list[Standing]:
    """Awards that stand in a year within a reach, by teacher, time, rule and ground."""
    order = (award.c.teacher, award.c.at, award.c.rule, award.c.ground)
    query = select(award).where(award.c.year == wanted.year).order_by(*order).limit(limit)
    query = query.where(await reach.within(tx, award.c.teacher))
    if wanted.teacher is not None:
        query = query.where(award.c.teacher == wanted.teacher)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return [_standing(row) for row in (await tx.execute(query)).mappings()]


class Found(NamedTuple):
    """A lot as it is, empty where it does not exist yet, and the marks of its partition."""

    lot: Lot
    closed: Collection[int]
    """Years that are closed there."""
    swept: datetime | None
    """Up to when lots were swept there."""


async def load_lots(tx: Transaction, places: Mapping[LotKey, int]) -> dict[LotKey, Found]:
    """Lots by key, each with its partition."""
    rows = await tx.fetch(_LOTS, columns_of(_PLACED, [(*key, place) for key, place in places.items()]))
    return {
        LotKey(row.teacher, row.expires_at): Found(_lot(row), row.closed or (), row.swept) for row in rows
    }


async def load_holdings(tx: Transaction, teachers: Collection[str], since: datetime) -> dict[str, Holding]:
    """What teachers hold; movements of the lots that expire after `since`."""
    asked = list(teachers)
    lots: dict[str, list[Lot]] = defaultdict(list)
    for row in await tx.fetch(_LOTS_OF, {"teacher": asked}):
        lots[row.teacher].append(_lot(row))
    moved: dict[str, dict[datetime, list[Movement]]] = defaultdict(lambda: defaultdict(list))
    for row in await tx.fetch(_MOVED, {"teacher": asked, "since": [since] * len(asked)}):
        moved[row.teacher][row.expires_at].append(Movement(row.at, row.points))
    exchanged: dict[str, dict[tuple[int, str], int]] = defaultdict(dict)
    for row in await tx.fetch(_EXCHANGED, {"teacher": asked}):
        exchanged[row.teacher][row.year, row.category] = row.points
    return {
        who: Holding(teacher=who, lots=lots[who], moved=moved[who], exchanged=exchanged[who])
        for who in teachers
    }


async def burns_of(tx: Transaction, exchanges: Collection[str]) -> dict[str, list[Burnt]]:
    """What each exchange has burnt and not given back, with the rest of the lots."""
    query = (
        select(burn, (lot.c.earned - lot.c.exchanged - lot.c.expired).label("rest"))
        .join(lot, (lot.c.teacher == burn.c.teacher) & (lot.c.expires_at == burn.c.expires_at))
        .where(burn.c.exchange.in_(exchanges))
    )
    found: dict[str, list[Burnt]] = defaultdict(list)
    for row in await tx.execute(query):
        found[row.exchange].append(Burnt(row.expires_at, row.points - row.restored, row.rest))
    return found


async def closed_marks(tx: Transaction, partitions: Collection[int]) -> set[tuple[int, int]]:
    """(partition, year) of closed years."""
    rows = await tx.fetch(_CLOSED, {"partition": list(partitions)})
    return {(row.partition, row.year) for row in rows}


async def closed_partitions(tx: Transaction, year: int) -> set[int]:
    """Partitions in which a year is closed."""
    return {row.partition for row in await tx.fetch(_CLOSED_IN, {"year": [year]})}


async def swept_until(tx: Transaction) -> dict[int, datetime]:
    """Up to when the lots of each partition were swept."""
    return {row.partition: row.until for row in await tx.fetch(_SWEPT, {})}


async def rests(tx: Transaction, ended: Ended) -> Iterator[Rest]:
    """What is left in lots that have ended, teacher by teacher."""
    return starmap(Rest, await tx.fetch(_RESTS, columns_of(ENDED, [ended])))


async def list_accounts(
    tx: Transaction, reach: Reach, year: int, after: str | None, limit: int
) -> list[Mapping[str, Any]]:
    """Sums of the year of each teacher within a reach, with the points exchanged in it by category."""
    query = _accounts(year).where(await reach.within(tx, lot.c.teacher)).limit(limit)
    if after is not None:
        query = query.where(lot.c.teacher > after)
    accounts = [dict(row) for row in (await tx.execute(query)).mappings()]
    points: dict[str, dict[str, int]] = defaultdict(dict)
    used = (
        select(burn.c.teacher, burn.c.category, func.sum(burn.c.points - burn.c.restored).label("points"))
        .where(burn.c.year == year, burn.c.teacher.in_([account["teacher"] for account in accounts]))
        .group_by(burn.c.teacher, burn.c.category)
    )
    for row in await tx.execute(used):
        points[row.teacher][row.category] = int(row.points)
    return [{**account, "used": points[account["teacher"]]} for account in accounts]


def _accounts(year: int) -> Select[Any]:
    rest = lot.c.earned - lot.c.exchanged - lot.c.expired
    ended = closed.c.partition.is_not(None)
    return (
        select(
            lot.c.teacher,
            func.sum(lot.c.earned).label("earned"),
            func.sum(lot.c.exchanged).label("exchanged"),
            func.sum(lot.c.expired).label("expired"),
            func.sum(rest).label("balance"),
            func.sum(case((ended, 0), else_=rest)).label("free"),
        )
        .outerjoin(closed, (closed.c.partition == lot.c.partition) & (closed.c.year == year))
        .where(lot.c.year == year)
        .group_by(lot.c.teacher)
        .order_by(lot.c.teacher)
    )
