"""Rebuild and compare: make every projection again from the journal and hold it against what is shown.

Runs as the owner role in one transaction of its own snapshot: shadow copies of the projection tables in
a schema that is rolled back at the end, filled by the same functions that run live.
"""

from collections.abc import Sequence

from sqlalchemy import MetaData, Table, select, text

from shared.runtime.database import Database, Transaction
from shared.runtime.journal import tables
from shared.runtime.journal.checking import Difference, Walk
from shared.runtime.journal.journal import Journal
from shared.runtime.journal.projection import Projection

CHUNK = 1000
SHADOW = "rebuilt"
SHOWN = 20


class _RollbackError(Exception):
    """Leaves the shadow tables behind with the transaction."""


async def compare(
    database: Database, journal: Journal, projections: Sequence[Projection]
) -> list[Difference]:
    """Check the chain, rebuild every projection, compare row by row. An empty list is a clean bill."""
    found: list[Difference] = []
    try:
        async with database.transaction() as tx:
            await tx.execute(text("set transaction isolation level repeatable read"))
            await _make_shadows(tx, projections)
            found += await _replay(tx, journal, projections)
            for projection in projections:
                for table in projection.tables:
                    found += await _compare(tx, table)
            raise _RollbackError  # noqa: TRY301 - the shadow tables go with the transaction
    except _RollbackError:
        return found


async def _make_shadows(tx: Transaction, projections: Sequence[Projection]) -> None:
    await tx.execute(text(f"create schema {SHADOW}"))
    for projection in projections:
        for table in projection.tables:
            name = table.name
            await tx.execute(text(f"create table {SHADOW}.{name} (like public.{name} including all)"))
    await tx.execute(text(f"set local search_path to {SHADOW}, public"))


async def _replay(tx: Transaction, journal: Journal, projections: Sequence[Projection]) -> list[Difference]:
    """Read every partition upward, check its chain, and give the entries to the projections."""
    found: list[Difference] = []
    for partition, last in (await journal.heads(tx)).items():
        walk = Walk.from_the_start(journal.layout.service, partition)
        while entries := await journal.read(tx, partition, walk.seq, CHUNK):
            walk.follow(entries)
            for projection in projections:
                await projection.project(tx, entries)
        walk.end(last, await _stored_head(tx, partition))
        found += walk.found
    return found


async def _stored_head(tx: Transaction, partition: int) -> bytes:
    query = select(tables.part.c.head).where(tables.part.c.partition == partition)
    return bytes((await tx.execute(query)).scalar_one())


async def _compare(tx: Transaction, table: Table) -> list[Difference]:
    shown, made = (select(table.to_metadata(MetaData(), schema=schema)) for schema in ("public", SHADOW))
    found: list[Difference] = []
    for only, other, word in ((shown, made, "shown, not recorded"), (made, shown, "recorded, not shown")):
        rows = await tx.execute(only.except_(other).limit(SHOWN))
        found += [Difference(table.name, f"{word}: {tuple(row)!r}") for row in rows]
    return found
