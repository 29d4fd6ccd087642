"""Clearing: lots that have ended are emptied by explicit entries, at the close of a year or by the sweep."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from points.accounts.domain.lot import Lot, LotKey, due
from points.accounts.operations.posting import append, expired
from points.accounts.store import projection, reading
from points.settings import Context
from shared.contracts.points import PointsSwept, PointsYearClosed
from shared.policy.calendar import end_of_year, start_of_year
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft
from shared.runtime.journal.layout import WHOLE, Lane


async def closed_partitions(tx: Transaction, year: int) -> set[int]:
    """Partitions of teachers in which a year is closed."""
    return await reading.closed_partitions(tx, year)


async def close(tx: Transaction, context: Context, partition: int, year: int) -> None:
    """Expire the lots that end with a year in one partition, and mark the year closed there."""
    zone = context.pack.pack.timezone
    ends = end_of_year(year, zone)
    lots = await reading.lots_with_rest(tx, partition, start_of_year(year, zone), ends)
    mark = PointsYearClosed(year=year, partition=partition)
    closing = _mark(context, projection.YEAR_CLOSED, f"year:{year}", ends, mark)
    await append(tx, context, chain(_clearing(context, lots), [closing]))


async def sweep_next(tx: Transaction, context: Context, now: datetime, lane: Lane = WHOLE) -> bool:
    """Expire the lots that have ended in one partition of a lane; False where nothing is due.

    A mark says up to when each partition was swept: what comes later into such a lot expires at once.
    """
    until = due(context.pack.expiry, now, context.pack.pack.timezone)
    if until is None:
        return False
    swept = await reading.swept_until(tx)
    for partition in context.journal.partitions("teacher"):
        if lane.takes(partition) and (partition not in swept or swept[partition] < until):
            await context.journal.lock_partitions(tx, [partition])
            await _sweep(tx, context, partition, until)
            return True
    return False


async def _sweep(tx: Transaction, context: Context, partition: int, until: datetime) -> None:
    since = (await reading.swept_until(tx)).get(partition)
    if since is not None and since >= until:
        return  # another copy was here first
    lots = await reading.lots_with_rest(tx, partition, since, until)
    mark = PointsSwept(until=until, partition=partition)
    sweeping = _mark(context, projection.SWEPT, f"sweep:{partition}", until, mark)
    await append(tx, context, chain(_clearing(context, lots), [sweeping]))


def _clearing(context: Context, lots: Iterable[Lot]) -> Iterator[Draft]:
    return (expired(context, LotKey(lot.teacher, lot.expires_at), lot.rest) for lot in lots)


def _mark(
    context: Context, kind: str, about: str, at: datetime, fact: PointsYearClosed | PointsSwept
) -> Draft:
    return Draft(
        type=kind,
        subject=about,
        effective_at=at,
        policy=context.pack.reference,
        data=fact,
        partition=fact.partition,
    )
