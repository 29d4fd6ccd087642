"""Three servers of the broker keep every stream three times; one of them may die."""

import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from nats.js.api import StreamInfo
from nats.js.errors import NotFoundError

from deploy.local.nats import Nats
from shared.runtime.broker import Broker
from shared.runtime.exclusive import Hold
from shared.runtime.journal.consumer import Following
from tests.support.beside import at_work
from tests.support.listening import Listener, listening, note
from tests.support.world import World, until

pytestmark = pytest.mark.long

TEACHERS = 40


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[dict[str, Nats]]:
    """Three servers that know each other, by name."""
    with ExitStack() as stack:
        reserved = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        ports = [line.getsockname()[1] for line in reserved]
        for line in reserved:
            line.close()
        routes = ", ".join(f"nats-route://127.0.0.1:{port}" for port in ports)
        made = {
            name: Nats(
                tmp_path / name,
                settings=[
                    f"server_name: {name}",
                    f'cluster {{ name: hourbank, listen: "127.0.0.1:{port}", routes: [{routes}] }}',
                ],
            )
            for name, port in zip("abc", ports, strict=True)
        }
        for server in made.values():
            stack.enter_context(server)
        yield made


@pytest.fixture
async def listener(world: World) -> AsyncIterator[Listener]:
    async with listening(world) as made:
        yield made


async def stream(broker: Broker) -> StreamInfo | None:
    """What the servers that live say of the stream of points; None where they cannot say it yet."""
    try:
        async with broker.connected("test") as client:
            return await client.jetstream(timeout=2).stream_info(broker.address("points").stream)
    except (OSError, TimeoutError, NotFoundError):
        return None


async def test_a_server_of_the_broker_dies_and_events_still_travel_over_it(
    world: World, servers: dict[str, Nats], listener: Listener
) -> None:
    broker = Broker(
        url=",".join(server.url for server in servers.values()), prefix=world.prefix, replicas=len(servers)
    )
    publisher = await world.publisher("points", broker)
    await publisher.say_all([note(teacher, "one") for teacher in range(TEACHERS)])

    async def kept_thrice() -> bool:
        info = await stream(broker)
        if info is None or info.cluster is None or not info.cluster.leader or info.state.messages == 0:
            return False
        others = info.cluster.replicas or []
        return len(others) == len(servers) - 1 and all(other.current for other in others)

    following = Following("hours", listener.consumer, listener.database, broker)
    async with at_work(following.work(Hold())):
        await until(kept_thrice, patience=60)
        info = await stream(broker)
        assert info is not None
        assert info.cluster is not None
        leader = servers[str(info.cluster.leader)]
        os.kill(int((leader.home.path / "nats.pid").read_text()), signal.SIGKILL)
        before = info.state.messages
        await publisher.say_all([note(teacher, "two") for teacher in range(TEACHERS)])

        async def carried_on() -> bool:
            now = await stream(broker)
            return now is not None and now.state.messages > before

        async def heard() -> bool:
            return len(await listener.heard()) == 2 * TEACHERS

        await until(carried_on, patience=60)
        await until(heard)
    assert len(set(await listener.heard())) == 2 * TEACHERS
