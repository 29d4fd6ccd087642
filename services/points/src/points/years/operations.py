"""What closing does: take the order once, then one partition of teachers after the other."""

from dataclasses import dataclass
from datetime import datetime

from points.accounts import operations as accounts
from points.settings import Context
from points.years import store
from points.years.entries import CLOSING_ORDERED, YearClosingOrdered
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft
from shared.runtime.journal.layout import WHOLE, Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far the closing of a year is."""

    year: int
    ordered_at: datetime | None
    closed: int
    partitions: int

    @property
    def name(self) -> str:
        """`open`, `closing` or `closed`."""
        if self.ordered_at is None:
            return "open"
        return "closed" if self.closed == self.partitions else "closing"


async def state(tx: Transaction, context: Context, year: int) -> State:
    """How far the closing of a year is."""
    return State(
        year=year,
        ordered_at=await store.ordered_at(tx, year),
        closed=len(await accounts.closed_partitions(tx, year)),
        partitions=len(context.journal.partitions("teacher")),
    )


async def order(tx: Transaction, context: Context, year: int, now: datetime) -> None:
    """Order the closing of a year; nothing where that was done before.

    Raises:
        DomainError: `year.not_over`, 409.
    """
    ends = context.pack.years.end(year)
    if now < ends:
        raise DomainError("year.not_over", year=year, ends=ends)
    subject = f"year:{year}"
    await context.journal.lock(tx, [subject])
    if await store.ordered_at(tx, year) is not None:
        return
    draft = Draft(
        type=CLOSING_ORDERED,
        subject=subject,
        effective_at=ends,
        policy=context.pack.reference,
        data=YearClosingOrdered(year=year),
    )
    await store.project(tx, await context.journal.append(tx, [draft]))


async def close_next(tx: Transaction, context: Context, lane: Lane = WHOLE) -> bool:
    """Close one partition of a lane, of one year that waits for it; False where none does."""
    partitions = [place for place in context.journal.partitions("teacher") if lane.takes(place)]
    for year in await store.ordered_years(tx):
        left = sorted(set(partitions) - await accounts.closed_partitions(tx, year))
        if left:
            await context.journal.lock_partitions(tx, [left[0]])
            if left[0] not in await accounts.closed_partitions(tx, year):
                await accounts.close(tx, context, left[0], year)
            return True
    return False
