"""The classic way of events: an outbox that is polled, one message an event, an inbox keyed by event.

`python -m bench.peers.outbox publish | consume` are the two processes behind it, on the same PostgreSQL and
the same JetStream as our relay and our consumer; docs/bench says how they differ.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec
import nats
import uvloop
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, StorageType, StreamConfig

from bench.peers.posted import Posting, change, shape
from bench.servers import Link

SOURCE = """
    create table fact (
        event uuid primary key, type text, subject text, effective_at timestamptz, policy text, data text);
    create index on fact (subject);
    create table outbox (id bigint generated always as identity primary key, event uuid, body bytea);
"""
"""What happened, and what is still to be said about it."""
LISTENER = """
    create table inbox (event uuid primary key);
    create table lot (teacher text, expires_at timestamptz, points int, primary key (teacher, expires_at));
"""
"""What was heard, and the same projection that the hours service keeps."""
STREAM, SUBJECT, DURABLE = "outbox", "outbox.points", "hours"
PORTION = 100
"""Rows of a poll, and messages of a fetch."""
WORKERS = 8
"""Connections of the consumer, a transaction a message each."""
POLL = 0.05
PATIENCE = 10.0
READY, DONE = b"ready\n", b"done\n"
_DUE = f"select id, event, body from outbox order by id limit {PORTION} for update skip locked"
_HEARD = "insert into inbox values ($1) on conflict do nothing returning event"
_MOVED = (
    "insert into lot values ($1, $2, $3) on conflict (teacher, expires_at)"
    " do update set points = lot.points + excluded.points"
)


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """One event as it travels."""

    event: UUID
    type: str
    subject: str
    effective_at: datetime
    policy: str
    fact: msgspec.Raw


async def write(link: Link, postings: Sequence[tuple[UUID, Posting]]) -> None:
    """Facts and what is to be said about them, in one transaction."""
    facts, said = [], []
    for event, one in postings:
        data = msgspec.json.encode(one.fact)
        facts.append((event, one.type, one.subject, one.effective_at, one.policy, data.decode()))
        told = Announced(
            event=event,
            type=one.type,
            subject=one.subject,
            effective_at=one.effective_at,
            policy=one.policy,
            fact=msgspec.Raw(data),
        )
        said.append((event, msgspec.json.encode(told)))
    async with link.transaction():
        await link.copy_records_to_table("fact", records=facts)
        await link.copy_records_to_table("outbox", columns=["event", "body"], records=said)


async def publish(database: str, nats_url: str, count: int) -> None:
    """Poll the outbox until so many events are said; what the broker has acknowledged is deleted."""
    link, client = await asyncpg.connect(database), await nats.connect(nats_url)
    stream = client.jetstream(timeout=PATIENCE)
    _tell(READY)
    while count > 0:
        said = await _say(link, stream)
        count -= said
        if not said:
            await asyncio.sleep(POLL)
    _tell(DONE)
    await client.close()
    await link.close()


async def _say(link: Link, stream: JetStreamContext) -> int:
    async with link.transaction():
        rows = await link.fetch(_DUE)
        sending = [
            stream.publish(SUBJECT, row["body"], headers={"Nats-Msg-Id": str(row["event"])}) for row in rows
        ]
        await asyncio.gather(*sending)
        await link.execute("delete from outbox where id = any($1)", [row["id"] for row in rows])
    return len(rows)


async def consume(database: str, nats_url: str, count: int) -> None:
    """Apply messages until so many events had their effect, each in a transaction with its inbox row."""
    client = await nats.connect(nats_url)
    config = ConsumerConfig(ack_policy=AckPolicy.EXPLICIT, ack_wait=30, max_ack_pending=1000)
    messages = await client.jetstream().pull_subscribe(SUBJECT, DURABLE, STREAM, config)
    async with asyncpg.create_pool(database, min_size=WORKERS, max_size=WORKERS) as pool:
        _tell(READY)
        while count > 0:
            try:
                heard = await messages.fetch(PORTION, timeout=PATIENCE)
            except NatsTimeoutError:
                continue
            count -= sum(await asyncio.gather(*(_apply(pool, message) for message in heard)))
        _tell(DONE)
    await client.close()


async def _apply(pool: "asyncpg.Pool[asyncpg.Record]", message: Msg) -> bool:
    told = msgspec.json.decode(message.data, type=Announced)
    fact = msgspec.json.decode(told.fact, type=shape(told.type))
    async with pool.acquire() as link, link.transaction():
        fresh = await link.fetchval(_HEARD, told.event) is not None
        if fresh:
            await link.execute(_MOVED, fact.teacher, fact.expires_at, change(fact))
    await message.ack()
    return fresh


async def make_stream(nats_url: str) -> None:
    """Make the stream that both sides use."""
    client = await nats.connect(nats_url)
    config = StreamConfig(name=STREAM, subjects=[SUBJECT], storage=StorageType.FILE)
    await client.jetstream().add_stream(config)
    await client.close()


def _tell(word: bytes) -> None:
    """Tell who waits for this process."""
    sys.stdout.buffer.write(word)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _, role, where, broker, many = sys.argv
    work = publish if role == "publish" else consume
    uvloop.run(work(where, broker, int(many)))
