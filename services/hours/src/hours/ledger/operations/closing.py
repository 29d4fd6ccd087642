"""Years that take no more registrations: closed for a partition of teachers, opened again for one teacher."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from hours.ledger.domain.closing import Closing, Reopening
from hours.ledger.operations.announcing import announce
from hours.ledger.store import lines as store
from hours.ledger.store import projection
from hours.settings import Context
from shared.contracts.hours import HoursYearClosed, HoursYearReopened
from shared.policy.calendar import day_of
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, Entry


async def closed_years(tx: Transaction, partitions: Iterable[int]) -> Mapping[int, set[int]]:
    """Years closed, by partition."""
    return await store.load_closed(tx, partitions)


async def closings(
    tx: Transaction, context: Context, teachers: Collection[str], now: datetime
) -> dict[str, Closing]:
    """Which years of each teacher take nothing now; asked under their locks by everything that registers."""
    partitions = {teacher: context.journal.partition(f"teacher:{teacher}") for teacher in teachers}
    closed = await store.load_closed(tx, partitions.values())
    today = day_of(now, context.pack.pack.timezone)
    reopened = await store.load_reopened(tx, teachers, today)
    return {
        teacher: Closing(closed=closed.get(partition, set()), reopened=reopened.get(teacher, {}))
        for teacher, partition in partitions.items()
    }


async def count_closed(tx: Transaction, year: int) -> int:
    """How many partitions of teachers are closed for `year`."""
    return await store.count_closed(tx, year)


async def close_year(tx: Transaction, context: Context, year: int, partition: int, now: datetime) -> None:
    """End registration for `year` in one partition; nothing where that was done before."""
    await context.journal.lock_partitions(tx, [partition])
    closed = await store.load_closed(tx, [partition])
    if year in closed.get(partition, set()):
        return
    mark = Draft(
        type=projection.YEAR_CLOSED,
        subject=f"year:{year}",
        effective_at=now,
        policy=context.pack.reference,
        data=HoursYearClosed(year=year, partition=partition, closed_at=now),
        partition=partition,
    )
    await projection.project(tx, await context.journal.append(tx, [mark]))


async def reopen_year(tx: Transaction, context: Context, wanted: Reopening) -> Entry:
    """Let a teacher's closed year take registrations again (I-11), up to a day; the partition is locked.

    Raises:
        DomainError: `year.not_closed`, `reopening.over`.
    """
    today = day_of(wanted.at, context.pack.pack.timezone)
    closing = (await closings(tx, context, [wanted.teacher], wanted.at))[wanted.teacher]
    last = context.pack.registered_until(wanted.year)
    if wanted.year not in closing.closed and (last is None or today <= last):
        raise DomainError.at("/year", "year.not_closed", year=wanted.year)
    if wanted.until < today:
        raise DomainError.at("/until", "reopening.over", until=wanted.until, today=today)
    fact = HoursYearReopened(
        teacher=wanted.teacher, year=wanted.year, until=wanted.until, reason=wanted.reason, by=wanted.by
    )
    draft = Draft(
        type=projection.YEAR_REOPENED,
        subject=f"teacher:{wanted.teacher}",
        effective_at=wanted.at,
        policy=context.pack.reference,
        data=fact,
    )
    return (await announce(tx, context, [draft]))[0]
