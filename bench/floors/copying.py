"""F1: every row that a run left in all tables of points, by COPY, in one transaction.

Into the same tables with all their keys, empty, made by the service's migrations; each table in the order in
which its rows lie. It is what the durable result of a run costs when nothing has to be decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from time import perf_counter

from bench.servers import Link, Servers
from bench.statistics import median

SERVICE = "points"
JOURNAL = "journal"
REPEATS = 3
"""A COPY is short: the middle one of several is the floor of a round."""
_TABLES = (
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    " and not relispartition and relname <> 'alembic_version' order by relname"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What a run left: each table's rows in PostgreSQL's binary form, and how many acts made them."""

    tables: Sequence[tuple[str, bytes]]
    acts: int


async def read_back(servers: Servers, database: str, acts: int) -> Rows:
    """Read all rows of a run's database."""
    async with servers.connected(database) as link:
        tables = [(str(row[0]), await _read(link, str(row[0]))) for row in await link.fetch(_TABLES)]
    return Rows(tables=tables, acts=acts)


async def measure(servers: Servers, rows: Rows) -> dict[str, float]:
    """F1 in acts a second, and the journal's rows alone."""
    whole = [await _copy(servers, rows.tables) for _ in range(REPEATS)]
    alone = await _copy(servers, [table for table in rows.tables if table[0] == JOURNAL])
    return {"F1": rows.acts / median(whole), "F1-journal": rows.acts / alone}


async def _read(link: Link, table: str) -> bytes:
    kept = BytesIO()
    await link.copy_from_query(f'select * from "{table}"', output=kept, format="binary")
    return kept.getvalue()


async def _copy(servers: Servers, tables: Sequence[tuple[str, bytes]]) -> float:
    """Seconds from the first row to the end of the commit."""
    database = servers.fresh(SERVICE)
    try:
        async with servers.connected(database) as link:
            for table, _ in tables:
                await link.execute(f'truncate "{table}"')
            servers.settle()
            began = perf_counter()
            async with link.transaction():
                for table, rows in tables:
                    await link.copy_to_table(table, source=BytesIO(rows), format="binary")
            return perf_counter() - began
    finally:
        servers.drop(database)
