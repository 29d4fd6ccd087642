"""Clearing: lots that have ended are emptied by explicit entries, at the close of a year or by the sweep."""

from datetime import datetime
from itertools import chain, islice

from points.accounts.domain.lot import Ended, due
from points.accounts.operations.posting import PORTION, expired
from points.accounts.store import projection, reading
from points.settings import Context
from shared.contracts.points import PointsSwept, PointsYearClosed
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft
from shared.runtime.journal.layout import WHOLE, Lane


async def closed_partitions(tx: Transaction, year: int) -> set[int]:
    """Partitions of teachers in which a year is closed."""
    return await reading.closed_partitions(tx, year)


async def close(tx: Transaction, context: Context, partition: int, year: int) -> None:
    """Expire the lots that end with a year in one partition, and mark the year closed there."""
    years = context.pack.years
    ended = Ended(partition, years.start(year), years.end(year))
    mark = PointsYearClosed(year=year, partition=partition)
    await _clear(tx, context, ended, _mark(context, projection.YEAR_CLOSED, f"year:{year}", ended, mark))


async def sweep_next(tx: Transaction, context: Context, now: datetime, lane: Lane = WHOLE) -> bool:
    """Expire the lots that have ended in one partition of a lane; False where nothing is due.

    A mark says up to when each partition was swept: what comes later into such a lot expires at once.
    """
    rule = context.pack.expiry
    until = None if rule is None else due(rule, now, context.pack.pack.timezone)
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
    ended = Ended(partition, since, until)
    mark = PointsSwept(until=until, partition=partition)
    await _clear(tx, context, ended, _mark(context, projection.SWEPT, f"sweep:{partition}", ended, mark))


async def _clear(tx: Transaction, context: Context, ended: Ended, mark: Draft) -> None:
    """Write an entry for each lot that holds something, then the mark; a portion at a time."""
    rests = await reading.rests(tx, ended)
    drafts = chain((expired(context, rest) for rest in rests), [mark])
    while portion := list(islice(drafts, PORTION)):
        await context.journal.append(tx, portion)
        await tx.flush()
    await projection.clear(tx, ended, mark.data)


def _mark(
    context: Context, kind: str, about: str, ended: Ended, fact: PointsYearClosed | PointsSwept
) -> Draft:
    return Draft(
        type=kind,
        subject=about,
        effective_at=ended.until,
        policy=context.pack.reference,
        data=fact,
        partition=ended.partition,
    )
