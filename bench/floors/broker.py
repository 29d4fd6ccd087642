"""F4: what the broker stores, as atomic batches with every write synced, the relay's durability.

One event a message and hundreds in a batch: JetStream's own way of writing many at once (ADR-50).
"""

import shutil
from collections.abc import Sequence
from time import perf_counter
from uuid import uuid4

import msgspec
import nats
from nats.aio.client import Client
from nats.js.api import StorageType, StreamConfig

from bench.checks import WrongRunError
from bench.servers import Servers
from deploy.local.nats import Nats

BATCH = 500
STREAM = "floor"
PATIENCE = 10.0


class _Stored(msgspec.Struct):
    count: int = 0


async def measure(servers: Servers, messages: Sequence[bytes]) -> dict[str, float]:
    """F4 in messages a second.

    Raises: WrongRunError.
    """
    home = servers.state / "floor"
    with Nats(home, sync_always=True) as server:
        client = await nats.connect(server.url)
        config = StreamConfig(name=STREAM, subjects=[STREAM], storage=StorageType.FILE, allow_atomic=True)
        await client.jetstream().add_stream(config)
        began = perf_counter()
        for first in range(0, len(messages), BATCH):
            await _publish(client, messages[first : first + BATCH])
        seconds = perf_counter() - began
        stream = await client.jetstream().stream_info(STREAM)
        await client.close()
    shutil.rmtree(home, ignore_errors=True)
    if stream.state.messages != len(messages):
        raise WrongRunError(f"{stream.state.messages} of {len(messages)} messages were stored")
    return {"F4": len(messages) / seconds}


async def _publish(client: Client, batch: Sequence[bytes]) -> None:
    """All messages of a batch, or none; the answer to the last one says that they are on disk."""
    name = uuid4().hex
    for number, message in enumerate(batch[:-1], start=1):
        await client.publish(STREAM, message, headers=_headers(name, number))
    last = {**_headers(name, len(batch)), "Nats-Batch-Commit": "1"}
    answer = await client.request(STREAM, batch[-1], timeout=PATIENCE, headers=last)
    stored = msgspec.json.decode(answer.data, type=_Stored)
    if stored.count != len(batch):
        raise WrongRunError(f"a batch was not stored: {answer.data!r}")


def _headers(batch: str, number: int) -> dict[str, str]:
    return {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
