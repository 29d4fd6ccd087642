"""The broker (NATS JetStream): a transport that may be wiped at any time and costs nothing but latency.

One stream a service, one subject a partition, one message a range of a partition. Delivery, order and
duplicates are not its business: whoever hears, knows its position.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import BadRequestError

MAX_AGE = 7 * 24 * 3600.0
MAX_BYTES = 256 * 1024 * 1024

log = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """The broker of one deployment."""

    url: str
    """A server, or several of a cluster with commas between them."""
    prefix: str
    """First token of every subject."""
    replicas: int = 1
    """How many servers keep a copy of each stream: 1, 3 or 5."""

    def address(self, service: str) -> Address:
        """Where the ranges of a service travel."""
        return Address(prefix=self.prefix, service=service)

    def connected(self, name: str) -> AbstractAsyncContextManager[Client]:
        """A connection for the length of the block."""
        return connected(self.url, name)

    async def ensure_stream(self, stream: JetStreamContext, service: str) -> None:
        """Make the stream of a service where it is missing, as after the broker was wiped."""
        address = self.address(service)
        config = StreamConfig(
            name=address.stream,
            subjects=[address.subject("*")],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            max_age=MAX_AGE,
            max_bytes=MAX_BYTES,
            num_replicas=self.replicas,
        )
        try:
            await stream.add_stream(config)
        except BadRequestError:
            await stream.update_stream(config)


@asynccontextmanager
async def connected(url: str, name: str) -> AsyncIterator[Client]:
    """A connection, closed at the end of the block whatever ends it; when it is lost, its use raises.

    Whoever uses it connects anew: the library, reconnecting by itself, forgets sockets without closing them.
    """

    async def on_error(error: Exception) -> None:
        log.debug("broker: %s", error)

    client = Client()
    try:
        await client.connect(
            url.split(","), name=name, allow_reconnect=False, connect_timeout=2, error_cb=on_error
        )
        yield client
    finally:
        await asyncio.shield(client.close())
