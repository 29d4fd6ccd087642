"""SQL of years that are asked to be closed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from points.years.entries import CLOSING_ORDERED, YearClosingOrdered
from points.years.tables import closing
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.unnest import unnested

_ORDERED = unnested("select year from closing order by year", [])


async def ordered_at(tx: Transaction, year: int) -> datetime | None:
    """When a year was asked to be closed."""
    found: datetime | None = (
        await tx.execute(select(closing.c.asked_at).where(closing.c.year == year))
    ).scalar()
    return found


async def ordered_years(tx: Transaction) -> list[int]:
    """Years asked to be closed."""
    return [row.year for row in await tx.fetch(_ORDERED, {})]


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the table up to these entries."""
    rows = [
        {"year": entry.parse(YearClosingOrdered).year, "asked_at": entry.recorded_at}
        for entry in entries
        if entry.type == CLOSING_ORDERED
    ]
    if rows:
        await tx.execute(insert(closing), rows)
