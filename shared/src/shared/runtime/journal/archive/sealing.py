"""Sealing a year of recording (封存): checked entry by entry, summed up, and closed to writing.

Only a year that is over is sealed, one year after the other. The same year again changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from shared.runtime.database import Database, Transaction
from shared.runtime.journal import tables
from shared.runtime.journal.archive import store
from shared.runtime.journal.archive.errors import RefusedError, TamperedError
from shared.runtime.journal.archive.seal import Seal, Stretch, seal, unsealed
from shared.runtime.journal.checking import Difference, Walk
from shared.runtime.journal.entry import CHINA, Entry, year_of_recording
from shared.runtime.journal.journal import Journal

CHUNK = 5000


async def seal_year(database: Database, journal: Journal, year: int, now: datetime) -> Seal:
    """Seal a year as the owner of the tables.

    Raises:
        RefusedError: the year is not over, or another one has to be sealed first.
        TamperedError: an entry is not as it was recorded; nothing is sealed.
    """
    async with database.transaction() as tx:
        seals = await store.load_seals(tx)
        for known in seals:
            if known.year == year:
                return known
        await _check_turn(tx, year, seals, now)
        await store.begin_after(tx, datetime(year + 1, 1, 1, tzinfo=CHINA))
    async with database.transaction() as tx:
        await store.refuse_writes(tx, year)
        walks = _walks(journal, seals)
        stretches = [await _walk(tx, journal, year, walk) for walk in walks]
        found = [difference for walk in walks for difference in walk.found]
        if found:
            raise TamperedError(found)
        service = journal.layout.service
        made = seal(service, year, seals[-1].hash if seals else unsealed(service), stretches)
        await store.save_seal(tx, made, now)
        return made


async def _check_turn(tx: Transaction, year: int, seals: list[Seal], now: datetime) -> None:
    if year_of_recording(now) <= year:
        raise RefusedError(f"{year} is not over in China; only a year that is can be sealed")
    if tables.year_table(year) not in await store.years_until(tx, year):
        raise RefusedError(f"the journal has no year {year}")
    earliest = await store.earliest_year(tx)
    if seals and year != seals[-1].year + 1:
        raise RefusedError(f"years are sealed one after the other; the next one is {seals[-1].year + 1}")
    if not seals and earliest is not None and earliest < year:
        raise RefusedError(f"entries were recorded in {earliest} already; that year is sealed first")


def _walks(journal: Journal, seals: list[Seal]) -> list[Walk]:
    """Where each partition stands before the year."""
    service = journal.layout.service
    if not seals:
        return [Walk.from_the_start(service, partition) for partition in journal.layout.all]
    return [Walk(service, one.partition, one.last, one.head) for one in seals[-1].stretches.values()]


async def _walk(tx: Transaction, journal: Journal, year: int, walk: Walk) -> Stretch:
    """Follow a partition through the year, and look whether what comes after it goes on from there."""
    before, first = walk.head, walk.seq + 1
    after = 0
    while rows := await store.read_year(tx, year, walk.partition, after, CHUNK):
        entries = [journal.entry(row) for row in rows]
        walk.follow(entries)
        walk.found += _misplaced(entries, year)
        after = entries[-1].seq
    stretch = Stretch(partition=walk.partition, first=first, last=walk.seq, before=before, head=walk.head)
    following = await store.read_next(tx, year, walk.partition)
    if following is not None:
        walk.follow([journal.entry(following)])
    else:
        end = await store.load_head(tx, walk.partition)
        walk.end(end.seq, end.head)
    return stretch


def _misplaced(entries: Iterable[Entry], year: int) -> list[Difference]:
    return [
        Difference(entry.id, f"lies in {year}, but was recorded in {recorded}")
        for entry in entries
        if (recorded := year_of_recording(entry.recorded_at)) != year
    ]
