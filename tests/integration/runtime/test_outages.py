"""What is away is said once when it goes and once when it is back, however often it is tried."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from shared.contracts.envelope import Event
from shared.runtime.broker import Broker
from shared.runtime.database import Transaction
from shared.runtime.exclusive import Hold, end
from shared.runtime.jobs import supervise
from shared.runtime.journal.consumer import Consumer, Following
from tests.support.beside import at_work
from tests.support.world import Publisher, World, until

pytestmark = pytest.mark.long

TRIES = 3


class Way:
    """A way to a server that can be closed, and then drops and counts every connection."""

    def __init__(self, url: str) -> None:
        server = httpx.URL(url)
        self._server = (server.host, server.port)
        self.port = 0
        self.dropped = 0
        self._open = False
        self._carried: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        self._open = True

    async def close(self) -> None:
        self._open, self.dropped = False, 0
        await end(*self._carried)

    async def tried(self) -> bool:
        return self.dropped >= TRIES

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        listener = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = listener.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            listener.close()
            await self.close()
            await listener.wait_closed()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._open:
            carried = asyncio.create_task(self._carry(reader, writer))
            self._carried.add(carried)
            carried.add_done_callback(self._carried.discard)
        else:
            self.dropped += 1
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes both ways until one side ends."""
        async with _closing(writer):
            back, forth = await asyncio.open_connection(*self._server)
            async with _closing(forth):
                ways = [asyncio.create_task(_pump(reader, forth)), asyncio.create_task(_pump(back, writer))]
                try:
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    await end(*ways)


@asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()


class Heard:
    """What the log was told about one way."""

    def __init__(self, caplog: pytest.LogCaptureFixture, way: str) -> None:
        self._caplog = caplog
        self._way = way

    @property
    def words(self) -> list[str]:
        said = [record.getMessage() for record in self._caplog.records if record.levelno >= logging.WARNING]
        return [words.removeprefix(f"{self._way}: ") for words in said if self._way in words]

    async def again(self) -> bool:
        return self.words[-1:] == ["works again"]


@pytest.mark.parametrize("way", ["HTTP", "the broker"])
async def test_a_way_that_is_away_is_said_once_and_once_when_it_is_back(
    world: World, publisher: Publisher, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    heard = Heard(caplog, f"hours hears points over {way}")
    tap = Way(world.url("points") if way == "HTTP" else world.cluster.nats.url)
    async with tap.listening():
        url, nats_url = world.url("points"), world.cluster.nats.url
        if way == "HTTP":
            url = f"http://127.0.0.1:{tap.port}"
        else:
            nats_url = f"nats://127.0.0.1:{tap.port}"
        own = world.settings("hours", publisher.app.state.database.url).credentials
        consumer = Consumer(source="points", url=url, handle=_ignore, credentials=own)
        broker = Broker(url=nats_url, prefix=world.prefix)
        following = Following("hours", consumer, publisher.app.state.database, broker)
        async with at_work(following.work(Hold())):
            await until(tap.tried)
            assert heard.words
            tap.open()
            await until(heard.again)
            await tap.close()
            await until(tap.tried)
            tap.open()
            await until(heard.again)
    ends = [place for place, words in enumerate(heard.words) if words == "works again"]
    assert len(ends) == 2
    for outage in (heard.words[: ends[0]], heard.words[ends[0] + 1 : ends[1]]):
        kinds = [words.partition("(")[2].partition(":")[0] for words in outage]
        assert 0 < len(kinds) == len(set(kinds)), outage


async def test_work_that_fails_again_and_again_is_said_once_with_its_trace(
    publisher: Publisher, caplog: pytest.LogCaptureFixture
) -> None:
    tries = 0

    async def work(_hold: Hold) -> None:
        nonlocal tries
        tries += 1
        raise ValueError("broken")

    async def tried() -> bool:
        return tries >= TRIES

    async with at_work(supervise(publisher.app.state.database.url, "test.work", work)):
        await until(tried)
    (said,) = [record for record in caplog.records if "test.work" in record.getMessage()]
    assert said.exc_info is not None


async def _ignore(_tx: Transaction, _events: Sequence[Event]) -> None:
    """Hear, and do nothing about it."""
