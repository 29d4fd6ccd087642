"""F1: every row that a run left in all tables of points, by COPY, in one transaction.

Into the same tables with all their keys, empty, made by the service's migrations; each table in the order in
which its rows lie. It is what the durable result of a run costs when nothing has to be decided.
A COPY is over in a moment and a neighbour's burst of work is not, so it is done at several places of a round,
several times each; the middle one of all is the floor of the round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from time import perf_counter

from bench.servers import Link, Servers
from bench.statistics import median

SERVICE = "points"
JOURNAL = "journal"
REPEATS = 5
"""At each place of a round."""
_TABLES = (
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    " and not relispartition and relname <> 'alembic_version' order by relname"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What a run left: each table's rows in PostgreSQL's binary form, and how many acts made them."""

    tables: Sequence[tuple[str, bytes]]
    acts: int


@dataclass(frozen=True, slots=True)
class Copies:
    """Seconds of every COPY of a round so far."""

    whole: list[float] = field(default_factory=list)
    journal: list[float] = field(default_factory=list)


async def read_back(servers: Servers, database: str, acts: int) -> Rows:
    """Read all rows of a run's database."""
    async with servers.connected(database) as link:
        tables = [(str(row[0]), await _read(link, str(row[0]))) for row in await link.fetch(_TABLES)]
    return Rows(tables=tables, acts=acts)


async def measure(servers: Servers, rows: Rows, copies: Copies) -> dict[str, float]:
    """F1 in acts a second, and the journal's rows alone: the middle of these copies and those before."""
    alone = [table for table in rows.tables if table[0] == JOURNAL]
    database = servers.fresh(SERVICE)
    try:
        async with servers.connected(database) as link:
            for _ in range(REPEATS):
                copies.whole.append(await _copy(servers, link, rows.tables))
            copies.journal.append(await _copy(servers, link, alone))
    finally:
        servers.drop(database)
    return {"F1": rows.acts / median(copies.whole), "F1-journal": rows.acts / median(copies.journal)}


async def _read(link: Link, table: str) -> bytes:
    kept = BytesIO()
    await link.copy_from_query(f'select * from "{table}"', output=kept, format="binary")
    return kept.getvalue()


async def _copy(servers: Servers, link: Link, tables: Sequence[tuple[str, bytes]]) -> float:
    """Seconds from the first row to the end of the commit, into tables that hold nothing."""
    every = ", ".join(f'"{table}"' for (table,) in await link.fetch(_TABLES))
    await link.execute(f"truncate {every}")
    await link.execute("set session_replication_role = replica")  # whose rows name whose is not looked at
    servers.settle()
    began = perf_counter()
    async with link.transaction():
        for table, rows in tables:
            await link.copy_to_table(table, source=BytesIO(rows), format="binary")
    return perf_counter() - began
