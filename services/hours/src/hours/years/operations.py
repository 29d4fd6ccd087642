"""Closing a year step by step, once the points service has; opening it again for one teacher."""

from datetime import datetime

from hours.exchanges import operations as exchanges
from hours.ledger import operations as ledger
from hours.ledger.domain.closing import Reopening
from hours.roster.operations import rows as roster
from hours.settings import Context
from hours.years import store
from hours.years.domain import Progress, YearCloseRequested
from shared.runtime.database import Database, Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, Entry


async def progress(tx: Transaction, context: Context, year: int) -> Progress:
    """How far the closing of a year is."""
    return Progress(
        year=year,
        requested=year in await store.load(tx),
        closed=await ledger.count_closed(tx, year),
        partitions=len(context.journal.partitions("teacher")),
    )


async def missing(tx: Transaction, context: Context, year: int) -> list[int]:
    """Shares of the teachers for which the points service has not closed the year yet."""
    return await exchanges.unmarked(tx, context, year)


async def request_close(
    tx: Transaction, context: Context, year: int, requested_by: str, now: datetime
) -> Progress:
    """Ask for the closing of a year; asking again changes nothing.

    Raises:
        DomainError: `year.points_open`, 409, naming the shares of teachers whose exchanges may still come.
    """
    subject = f"year:{year}"
    await context.journal.lock(tx, [subject])
    if year not in await store.load(tx):
        waiting = await missing(tx, context, year)
        if waiting:
            raise DomainError("year.points_open", year=year, missing=waiting, count=len(waiting))
        draft = Draft(
            type=store.REQUESTED,
            subject=subject,
            effective_at=now,
            policy=context.pack.reference,
            data=YearCloseRequested(year=year, requested_by=requested_by),
        )
        await store.project(tx, await context.journal.append(tx, [draft]))
    return await progress(tx, context, year)


async def close_next(database: Database, context: Context, now: datetime) -> bool:
    """Close the next partition that waits, in a transaction of its own; False when none waits."""
    partitions = context.journal.partitions("teacher")
    async with database.transaction() as tx:
        years = await store.load(tx)
        closed = await ledger.closed_years(tx, partitions)
    for year in years:
        for partition in partitions:
            if year not in closed.get(partition, set()):
                await database.run(
                    lambda tx, y=year, p=partition: ledger.close_year(tx, context, y, p, now)  # type: ignore[misc]  # mypy infers no lambda with defaults
                )
                return True
    return False


async def reopen(tx: Transaction, context: Context, wanted: Reopening) -> Entry:
    """Open a closed year again for one teacher; for how long, says the entry.

    Raises:
        DomainError: `teacher.unknown`, `year.not_closed`, `reopening.over`.
    """
    await context.journal.lock(tx, [roster.subject(wanted.teacher)])
    if wanted.teacher not in await roster.find(tx, [wanted.teacher]):
        raise DomainError.at("/teacher", "teacher.unknown", teacher=wanted.teacher)
    return await ledger.reopen_year(tx, context, wanted)
