"""`python -m bench.archive [ACTS]`: what a year costs in the table and in its archive, and reading it there.

Acts are recorded as if it were the middle of the year before, by the operations of points themselves. The
same questions are asked before and after the year has been sealed and archived.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console

from bench.apart import apart
from bench.archive.moving import move
from bench.recording import act_of, context
from bench.servers import Servers
from bench.workload import community
from points.activities import operations
from points.activities.domain.admission import arrival
from points.settings import LAYOUT
from shared.runtime import clock
from shared.runtime.database import Database
from shared.runtime.journal import Journal
from shared.runtime.journal.entry import year_of_recording

ACTS = 200_000
PORTION = 1000
ASKED = 200
"""Teachers whose whole history is read, one after the other."""
PAGE = 500
_SUBJECTS = (
    "select subject from journal where subject like 'teacher:%' group by subject"
    f" order by md5(subject) limit {ASKED}"
)


def main(acts: int, state: Path) -> None:
    """Fill a year, ask, archive it, ask again."""
    console = Console(highlight=False, soft_wrap=True)
    with Servers(state / "servers") as servers:
        asyncio.run(_measure(console, servers, acts, str(state / "archive")))


async def _measure(console: Console, servers: Servers, acts: int, folder: str) -> None:
    year = year_of_recording(clock.now()) - 1
    name = servers.fresh("points")
    sql = servers.postgres.sql
    async with _opened(servers.addresses("points", name).owner) as owner:
        await _fill(owner, acts, year)
        sql("vacuum analyze", name)
        subjects = sql(_SUBJECTS, name).split()
        entries = int(sql("select count(*) from journal", name))
        size = int(sql(f"select pg_total_relation_size('journal_{year}')", name))
        console.print(f"table: {entries:,} entries, {size / entries:.0f} bytes each with its indexes")
        await _ask(console, owner, Journal(LAYOUT), subjects)
        moved = await apart(move, owner.url, folder, str(year))
        console.print(
            f"archive: {moved['bytes'] / entries:.0f} bytes each, {size / moved['bytes']:.1f} times less;"
            f" sealed in {moved['sealing']:.1f} s, written and read back in {moved['writing']:.1f} s,"
            f" read again and removed in {moved['removing']:.1f} s; {moved['peak']:.0f} MB held at most"
        )
        await _ask(console, owner, Journal(LAYOUT, folder), subjects)


async def _fill(owner: Database, acts: int, year: int) -> None:
    own = context()
    own.journal.now = lambda: datetime(year, 7, 1, tzinfo=UTC)
    given = [arrival(act_of(line)) for line in community(acts, source="archive", year=year).lines]
    for first in range(0, len(given), PORTION):
        async with owner.transaction() as tx:
            await operations.record(tx, own, given[first : first + PORTION])


async def _ask(console: Console, owner: Database, journal: Journal, subjects: Sequence[str]) -> None:
    """Read some histories, and the whole journal page by page."""
    took: list[float] = []
    async with owner.transaction() as tx:
        for subject in subjects:
            began = perf_counter()
            await journal.read_subject(tx, subject)
            took.append(1000 * (perf_counter() - began))
        began, entries = perf_counter(), 0
        for partition, head in (await journal.heads(tx)).items():
            after = 0
            while after < head:
                page = await journal.read(tx, partition, after, PAGE)
                entries, after = entries + len(page), page[-1].seq
        rate = entries / (perf_counter() - began)
    console.print(
        f"  a subject: {took[0]:.1f} ms the first, then {median(took[1:]):.1f} ms,"
        f" 99 of 100 within {quantiles(took[1:], n=100)[-1]:.1f} ms; the feed: {rate:,.0f} entries/s"
    )


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.dispose()


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ACTS, Path(made))
