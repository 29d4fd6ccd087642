"""SQL of the closings: which were asked for, and their projection."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from hours.years import tables
from hours.years.domain import YearCloseRequested
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry

REQUESTED = "year.close_requested.v1"


async def load(tx: Transaction) -> list[int]:
    """Years whose closing was asked for, in order."""
    rows = await tx.execute(select(tables.closing.c.year).order_by(tables.closing.c.year))
    return [row.year for row in rows]


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the closings up to these entries."""
    rows = []
    for entry in entries:
        if entry.type == REQUESTED:
            fact = entry.parse(YearCloseRequested)
            rows.append(
                {
                    "year": fact.year,
                    "requested_at": entry.recorded_at,
                    "requested_by": fact.requested_by,
                    "entry": entry.id,
                }
            )
    if rows:
        await tx.execute(insert(tables.closing).on_conflict_do_nothing(), rows)
