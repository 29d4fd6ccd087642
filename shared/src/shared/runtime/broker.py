"""The broker (NATS JetStream): a transport that may be wiped at any time and costs nothing but latency.

One stream a service, one subject a partition, one message a range of a partition. Delivery, order and
duplicates are not its business: whoever hears, knows its position.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import BadRequestError

from shared.runtime.outage import Outage

MAX_AGE = 7 * 24 * 3600.0
MAX_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the ranges of one service travel."""

    prefix: str
    service: str

    @property
    def stream(self) -> str:
        """Name of the stream."""
        return f"{self.prefix}-journal-{self.service}"

    def subject(self, partition: int | str) -> str:
        """Subject of one partition, or of all with `*`."""
        return f"{self.prefix}.journal.{self.service}.{partition}"


@asynccontextmanager
async def connected(url: str, name: str, outage: Outage) -> AsyncIterator[Client]:
    """A connection that reconnects for ever, closed at the end of the block whatever ends it.

    What goes wrong with it begins the outage; whoever uses it says when it works.
    """

    async def on_error(error: Exception) -> None:
        outage.begins(error)

    client = Client()
    try:
        await client.connect(
            url,
            name=name,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            connect_timeout=2,
            error_cb=on_error,
        )
        yield client
    finally:
        await asyncio.shield(client.close())


async def ensure_stream(stream: JetStreamContext, address: Address) -> None:
    """Make the stream where it is missing, as after the broker was wiped."""
    config = StreamConfig(
        name=address.stream,
        subjects=[address.subject("*")],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        max_age=MAX_AGE,
        max_bytes=MAX_BYTES,
    )
    try:
        await stream.add_stream(config)
    except BadRequestError:
        await stream.update_stream(config)
