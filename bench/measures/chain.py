"""What the hash chain costs: all entries of a run hashed again, as a part of the time in which they came."""

from time import perf_counter

from bench.recording import context
from bench.servers import Servers
from shared.runtime.database import Database
from shared.runtime.journal.entry import Entry, genesis

MANY = 1_000_000


async def measure(servers: Servers, database: str, seconds: float) -> dict[str, float]:
    """The part of `seconds`, in percent, that hashing the entries of a database takes."""
    journal = context().journal
    opened = Database(servers.addresses("points", database).service)
    try:
        async with opened.transaction() as tx:
            found = [await journal.read(tx, partition, 0, MANY) for partition in journal.layout.all]
    finally:
        await opened.dispose()
    began = perf_counter()
    for entries in found:
        _hash(entries)
    return {"chain": 100 * (perf_counter() - began) / seconds}


def _hash(entries: list[Entry]) -> None:
    if not entries:
        return
    head = genesis(entries[0].source, entries[0].partition)
    for entry in entries:
        assert entry.follows(head), entry.id
        head = entry.hash
