"""Consumers: follow another service's journal by position, exactly once in effect.

The position of each heard partition is stored in the transaction of the effects. A lower number is a
duplicate, a jump is a loss that is healed over HTTP, and since a lost tail shows no jump the positions
are also compared with the source's heads. A position above its head means that the source has lost what was
applied, and gives its numbers to other facts: nothing more of that partition is applied. What cannot be
applied is parked, with everything of the same subject behind it, so that other subjects go on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx
import msgspec
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.client import JetStreamContext

from shared.contracts.envelope import Event
from shared.runtime.broker import Broker
from shared.runtime.credentials import Credentials, asking
from shared.runtime.database import Database, Transaction
from shared.runtime.exclusive import Hold, end
from shared.runtime.jobs import lasting
from shared.runtime.journal import positions
from shared.runtime.journal.layout import WHOLE, Lane
from shared.runtime.outage import Outage, is_away

FETCH = 32
WAIT = 0.5
APART = 0.02
"""Seconds between the beginnings of two rounds: each event of a single act would make one of its own."""
COMPARE_EVERY = 1.0
PAGE = 500
TRIES = 3

log = logging.getLogger(__name__)

Handle = Callable[[Transaction, Sequence[Event]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """What a service hears from one other service."""

    source: str
    url: str
    """Base address of the source, for healing and comparing."""
    handle: Handle
    """Applies events in order, in the given transaction; skips types it does not know."""
    credentials: Credentials | None = None
    """In whose name the source is asked."""


def in_turn(*handles: Handle) -> Handle:
    """The handle of several rooms that hear one source: each takes all events, one room after the other."""

    async def handle(tx: Transaction, events: Sequence[Event]) -> None:
        for one in handles:
            await one(tx, events)

    return handle


class Following:
    """One consumer at work, on all partitions of its source or on those of a lane."""

    def __init__(
        self,
        service: str,
        consumer: Consumer,
        database: Database,
        broker: Broker,
        lane: Lane = WHOLE,
    ) -> None:
        self._consumer = consumer
        self._database = database
        self._broker = broker
        self._lane = lane
        self._durable = lane.named(service)
        self._address = broker.address(consumer.source)
        self._partitions: set[int] = set()
        """Those of the lane, once the source has told what it has."""
        self.name = lane.named(f"{service} hears {consumer.source}")
        self._over_broker, self._over_http = (
            Outage(f"{self.name} over the broker"),
            Outage(f"{self.name} over HTTP"),
        )

    async def work(self, hold: Hold) -> None:
        """Hear over the broker and heal over HTTP for as long as the lock is held."""
        async with asking(self._consumer.url, self._consumer.credentials) as source:
            hearing = asyncio.create_task(self._hear(hold))
            try:
                while True:
                    hold.check()
                    try:
                        await self._catch_up(source, hold)
                    except httpx.HTTPError as error:
                        self._over_http.begins(error)
                    else:
                        self._over_http.ends()
                    await asyncio.wait({hearing}, timeout=COMPARE_EVERY)
                    if hearing.done():
                        hearing.result()
            finally:
                await end(hearing)

    async def _hear(self, hold: Hold) -> None:
        """Take what the broker brings. Its loss or silence is only slower: comparing goes on beside."""
        while True:
            hold.check()
            try:
                if subjects := self._subjects():
                    async with self._broker.connected(self.name) as client:
                        await self._pull(client.jetstream(timeout=2), subjects, hold)
            except Exception as error:  # noqa: BLE001 - whatever it was is said, and healed over HTTP
                self._over_broker.begins(error)
            await asyncio.sleep(WAIT)

    def _subjects(self) -> list[str]:
        """What to hear on the broker; nothing yet where the partitions of the lane are not known."""
        if self._lane == WHOLE:
            return [self._address.subject("*")]
        return [self._address.subject(partition) for partition in sorted(self._partitions)]

    async def _pull(self, stream: JetStreamContext, subjects: list[str], hold: Hold) -> None:
        await self._broker.ensure_stream(stream, self._address.service)
        config = ConsumerConfig(
            name=self._durable,
            durable_name=self._durable,
            filter_subjects=subjects,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=30,
            max_ack_pending=1000,
        )
        await stream.add_consumer(self._address.stream, config)
        subscription = await stream.pull_subscribe_bind(durable=self._durable, stream=self._address.stream)
        while True:
            hold.check()
            async with lasting(APART):
                await self._round(stream, subscription)
            self._over_broker.ends()

    async def _round(self, stream: JetStreamContext, subscription: JetStreamContext.PullSubscription) -> None:
        try:
            messages = await subscription.fetch(FETCH, timeout=WAIT)
        except (NatsTimeoutError, TimeoutError):
            await stream.consumer_info(self._address.stream, self._durable)
            return
        await self.apply([e for m in messages for e in msgspec.json.decode(m.data, type=list[Event])])
        for message in messages:
            await message.ack()

    async def _catch_up(self, source: httpx.AsyncClient, hold: Hold) -> None:
        """Read over HTTP what the heads show and the positions do not have."""
        name = self._consumer.source
        async with self._database.transaction() as tx:
            applied = await positions.load(tx, name)
        answer = (await source.get("/v1/journal/heads")).raise_for_status().json()
        told = {int(partition): int(head) for partition, head in answer["heads"].items()}
        heads = {partition: head for partition, head in told.items() if self._lane.takes(partition)}
        self._partitions = set(heads)
        own = {partition: seq for partition, seq in applied.items() if self._lane.takes(partition)}
        await self._stop({p: seq for p, seq in own.items() if seq > heads.get(p, 0)}, heads)
        async with self._database.transaction() as tx:
            known = await positions.load(tx, name)
            stopped = (await positions.load_ahead(tx)).get(name, [])
        for partition in heads.keys() - stopped:
            behind = known.get(partition, 0)
            while behind < heads[partition]:
                hold.check()
                page = await source.get(f"/v1/journal/{partition}", params={"after": behind, "limit": PAGE})
                events = msgspec.json.decode(page.raise_for_status().content, type=positions.Feed).items
                if not events:
                    break
                await self.apply(events)
                behind = events[-1].seq

    async def _stop(self, ahead: Mapping[int, int], heads: Mapping[int, int]) -> None:
        """Apply nothing more of what is ahead of its source, and say so the first time."""
        name = self._consumer.source
        if ahead:
            stopped = await self._database.run(lambda tx: positions.mark_ahead(tx, name, list(ahead)))
            for partition in stopped:
                words = "%s/%d: applied up to %d, but the source ends at %d; nothing more of it is applied"
                log.error(words, name, partition, ahead[partition], heads.get(partition, 0))

    async def apply(self, events: Sequence[Event]) -> None:
        """Apply what continues the positions; one by one, and parked at last, where the batch fails."""
        try:
            await self._database.run(lambda tx: self._take(tx, events))
        except Exception as error:
            if is_away(error):
                raise
            log.exception("%s: a batch failed, going one by one", self._address.stream)
            for event in sorted(events, key=lambda e: (e.partition, e.seq)):
                await self._apply_one(event)

    async def _apply_one(self, event: Event) -> None:
        for attempt in range(TRIES):
            try:
                await self._database.run(lambda tx: self._take(tx, [event]))
            except Exception as error:
                if is_away(error):
                    raise
                if attempt < TRIES - 1:
                    continue
                log.exception("%s: parked", event.id)
                await self._database.run(lambda tx, e=error: self._park(tx, event, e))  # type: ignore[misc]
            return

    async def _take(self, tx: Transaction, events: Sequence[Event]) -> None:
        source = self._consumer.source
        known = await positions.lock(tx, source, sorted({event.partition for event in events}))
        due = positions.continuing(events, known)
        if not due:
            return
        stuck = await positions.parked_subjects(tx, source)
        free = [event for event in due if event.subject not in stuck]
        await positions.park(tx, [e for e in due if e.subject in stuck], "behind a parked event")
        if free:
            await self._consumer.handle(tx, free)
        await positions.store(tx, source, {event.partition: event.seq for event in due})

    async def _park(self, tx: Transaction, event: Event, error: Exception) -> None:
        source = self._consumer.source
        known = await positions.lock(tx, source, [event.partition])
        if positions.continuing([event], known):
            await positions.park(tx, [event], f"{type(error).__name__}: {error}")
            await positions.store(tx, source, {event.partition: event.seq})


async def redrive(database: Database, consumer: Consumer) -> int:
    """Apply what is parked, subject by subject in order; stops a subject at its first failure.

    Returns how many events were applied.
    """
    applied = 0
    failed: set[str] = set()
    async with database.transaction() as tx:
        waiting = await positions.load_parked(tx, consumer.source)
    for event in waiting:
        if event.subject in failed:
            continue
        try:
            await database.run(lambda tx, e=event: _again(tx, consumer, e))  # type: ignore[misc]
            applied += 1
        except Exception as error:
            if is_away(error):
                raise
            log.exception("%s: stays parked", event.id)
            failed.add(event.subject)
    return applied


async def _again(tx: Transaction, consumer: Consumer, event: Event) -> None:
    if await positions.unpark(tx, event):
        await consumer.handle(tx, [event])
