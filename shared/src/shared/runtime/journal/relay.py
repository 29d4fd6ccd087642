"""The relay: publishes ranges of the journal, partition by partition, in order.

Every copy runs one; the holder of the lock works. What the broker acknowledged is a hint in `relayed`:
a second publication is harmless, a missing one is healed by the consumers over HTTP.
"""

import asyncio
from collections.abc import Sequence

import msgspec
from nats.js import JetStreamContext
from sqlalchemy import select, text

from shared.contracts.envelope import Event
from shared.runtime.broker import Address, connected, ensure_stream
from shared.runtime.database import Database
from shared.runtime.exclusive import Hold
from shared.runtime.jobs import pause
from shared.runtime.journal import tables
from shared.runtime.journal.entry import Entry
from shared.runtime.journal.journal import Journal
from shared.runtime.outage import Outage, is_away

RANGE = 500
IN_FLIGHT = 16
IDLE = 0.2
RECONNECT = 0.5


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

    def __init__(self, database: Database, journal: Journal, nats_url: str, prefix: str) -> None:
        self._database = database
        self._journal = journal
        self._nats_url = nats_url
        self._address = Address(prefix=prefix, service=journal.layout.service)
        self._outage = Outage(f"{self._address.service} relay over the broker")

    async def work(self, hold: Hold) -> None:
        """Publish for as long as the lock is held, over one connection after the other."""
        while True:
            try:
                async with connected(self._nats_url, f"{self._address.service} relay") as client:
                    await self._publish_all(client.jetstream(timeout=2), hold)
            except Exception as error:
                if not is_away(error):
                    raise
                self._outage.begins(error)
            await asyncio.sleep(RECONNECT)

    async def _publish_all(self, stream: JetStreamContext, hold: Hold) -> None:
        await ensure_stream(stream, self._address)
        self._outage.ends()
        while True:
            hold.check()
            self._journal.appended.clear()
            if not await self._round(stream):
                await pause(self._journal.appended, IDLE)

    async def _round(self, stream: JetStreamContext) -> bool:
        async with self._database.transaction() as tx:
            rows = await tx.execute(
                select(tables.part.c.partition, tables.relayed.c.seq)
                .join(tables.relayed, tables.relayed.c.partition == tables.part.c.partition)
                .where(tables.part.c.seq > tables.relayed.c.seq)
                .order_by(tables.part.c.partition)
                .limit(IN_FLIGHT)
            )
            ranges = [await self._journal.read(tx, row.partition, row.seq, RANGE) for row in rows.fetchall()]
        if not ranges:
            return False
        await asyncio.gather(*(self._publish(stream, entries) for entries in ranges))
        async with self._database.transaction() as tx:
            for entries in ranges:
                await tx.execute(
                    text("update relayed set seq = :seq where partition = :partition and seq < :seq"),
                    {"partition": entries[0].partition, "seq": entries[-1].seq},
                )
        return True

    async def _publish(self, stream: JetStreamContext, entries: Sequence[Entry]) -> None:
        await stream.publish(
            self._address.subject(entries[0].partition),
            msgspec.json.encode([event_of(entry) for entry in entries]),
            headers={"First": str(entries[0].seq), "Last": str(entries[-1].seq)},
        )
