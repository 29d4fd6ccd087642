"""The relay: publishes ranges of the journal, partition by partition, in order.

Every copy runs one; the holder of the lock works. What the broker acknowledged is a hint in `relayed`:
a second publication is harmless, a missing one is healed by the consumers over HTTP.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import msgspec
from nats.js import JetStreamContext

from shared.contracts.envelope import Event
from shared.runtime.broker import Broker
from shared.runtime.database import Database
from shared.runtime.exclusive import Hold
from shared.runtime.jobs import lasting, pause
from shared.runtime.journal import tables
from shared.runtime.journal.entry import Entry
from shared.runtime.journal.journal import Journal
from shared.runtime.outage import Outage, is_away
from shared.runtime.unnest import Unnested, unnested

RANGE = 500
IN_FLIGHT = 32
IDLE = 0.2
IDLE_APART = 0.05
"""Seconds between two looks where requests append in another process, whose commits wake nobody here."""
APART = 0.02
"""Seconds between the beginnings of two rounds: each commit of single acts would make one of its own."""
RECONNECT = 0.5


_RELAYED = unnested(
    "update relayed set seq = rows.seq from {rows}"
    " where relayed.partition = rows.partition and relayed.seq < rows.seq",
    [tables.relayed.c.partition, tables.relayed.c.seq],
)


def event_of(entry: Entry) -> Event:
    """The entry as others see it; the data stays the bytes that were hashed."""
    return Event(
        source=entry.source,
        partition=entry.partition,
        seq=entry.seq,
        type=entry.type,
        subject=entry.subject,
        effective_at=entry.effective_at,
        recorded_at=entry.recorded_at,
        policy=entry.policy,
        data=msgspec.Raw(entry.data.encode()),
        hash=entry.hash.hex(),
    )


class Relay:
    """Publishes one service's journal."""

    def __init__(self, database: Database, journal: Journal, broker: Broker, idle: float = IDLE) -> None:
        self._database = database
        self._journal = journal
        self._broker = broker
        self._address = broker.address(journal.layout.service)
        self._idle = idle
        self._outage = Outage(f"{self._address.service} relay over the broker")

    async def work(self, hold: Hold) -> None:
        """Publish for as long as the lock is held, over one connection after the other."""
        while True:
            try:
                async with self._broker.connected(f"{self._address.service} relay") as client:
                    await self._publish_all(client.jetstream(timeout=2), hold)
            except Exception as error:
                if not is_away(error):
                    raise
                self._outage.begins(error)
            await asyncio.sleep(RECONNECT)

    async def _publish_all(self, stream: JetStreamContext, hold: Hold) -> None:
        await self._broker.ensure_stream(stream, self._address.service)
        self._outage.ends()
        while True:
            hold.check()
            self._journal.appended.clear()
            async with lasting(APART):
                found = await self._round(stream)
            if not found:
                await pause(self._journal.appended, self._idle)

    async def _round(self, stream: JetStreamContext) -> bool:
        ranges: dict[int, list[Entry]] = defaultdict(list)
        async with self._database.transaction() as tx:
            for row in await tx.fetch(_due(tables.so_far()), {}):
                ranges[row.partition].append(self._journal.entry(row))
        if not ranges:
            return False
        await asyncio.gather(*(self._publish(stream, entries) for entries in ranges.values()))
        reached = {partition: entries[-1].seq for partition, entries in ranges.items()}
        async with self._database.transaction() as tx:
            await tx.fetch(_RELAYED, {"partition": list(reached), "seq": list(reached.values())})
        return True

    async def _publish(self, stream: JetStreamContext, entries: Sequence[Entry]) -> None:
        await stream.publish(
            self._address.subject(entries[0].partition),
            msgspec.json.encode([event_of(entry) for entry in entries]),
            headers={"First": str(entries[0].seq), "Last": str(entries[-1].seq)},
        )


@lru_cache(maxsize=2)
def _due(so_far: str) -> Unnested:
    """What is appended and not yet relayed, up to `RANGE` entries of each of `IN_FLIGHT` partitions."""
    return unnested(
        "select found.* from (select part.partition, relayed.seq from part join relayed using (partition)"  # noqa: S608 - our own names
        f" where part.seq > relayed.seq order by part.partition limit {IN_FLIGHT}) as due"
        f" cross join lateral (select * from journal where {so_far}"
        " and journal.partition = due.partition and journal.seq > due.seq"
        f" order by journal.seq limit {RANGE}) as found",
        [],
    )
