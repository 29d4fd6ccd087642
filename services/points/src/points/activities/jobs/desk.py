"""The desk of intake: of several copies, one writes what all of them take in, for economy only.

Copies that write in turns wait for each other's locks, read what the other wrote and fold it again. So the
copy that holds the lane answers on a subject of the broker, and the others hand it what they have read. Who
finds nobody there, or gets no answer in time, writes itself: partition locks and keys carry safety, and an
act that is written twice is recorded once.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as BrokerError

from points.activities.domain.act import Act
from points.activities.jobs.lane import Lane
from points.activities.operations import Outcome
from shared.runtime.broker import Broker
from shared.runtime.exclusive import Hold, end

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds after which acts that were handed over are written here: the other copy may be gone."""
RECONNECT = 1.0
LOOK = 0.2
"""Seconds between two looks whether the lane is still ours."""

_ACTS = msgspec.json.Decoder(list[Act])
_OUTCOMES = msgspec.json.Decoder(list[Outcome])
_REFUSED = b""
"""Answered for acts that could not be written: the copy that was asked finds out why by itself."""


class Desk:
    """Where requests leave their acts."""

    def __init__(self, lane: Lane, broker: Broker, patience: float = PATIENCE) -> None:
        self._lane = lane
        self._broker = broker
        self._patience = patience
        self._subject = f"{broker.prefix}.points.lane"
        self._holding = False
        self._client: Client | None = None
        self._connection = AsyncExitStack()
        self._one = asyncio.Lock()
        self._connecting: asyncio.Task[None] | None = None
        self._answering: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether acts can be handed over."""
        return self._client is not None and not self._client.is_closed

    async def record(self, acts: Sequence[Act]) -> list[Outcome]:
        """Have acts written, each once; by the copy that holds the lane where there is one."""
        handed = None if self._holding or not acts else await self._hand_over(acts)
        return await self._lane.record(acts) if handed is None else handed

    async def work(self, hold: Hold) -> None:
        """Write for other copies for as long as the lane is ours."""
        client = await self._connect()
        taken = await client.subscribe(self._subject, cb=self._take)
        await client.flush()
        self._holding = True
        try:
            while not client.is_closed:
                hold.check()
                await asyncio.sleep(LOOK)
        finally:
            self._holding = False
            with suppress(BrokerError):
                await taken.unsubscribe()

    async def close(self) -> None:
        """Answer what others have handed over, write what waits, and leave."""
        if self._answering:
            await asyncio.wait(self._answering)
        await self._lane.close()
        if self._connecting is not None:
            await end(self._connecting)
        await self._connection.aclose()

    async def _hand_over(self, acts: Sequence[Act]) -> list[Outcome] | None:
        """What became of acts at the copy that holds the lane; None where it is for us to write them."""
        client = self._client
        if client is None or not self.connected:
            self._connect_soon()
            return None
        said = msgspec.json.encode(acts)
        try:
            answer = (await client.request(self._subject, said, timeout=self._patience)).data
        except (BrokerError, OSError, TimeoutError):
            return None
        return None if answer == _REFUSED else _OUTCOMES.decode(answer)

    async def _take(self, message: Msg) -> None:
        answering = asyncio.create_task(self._answer(message))
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)

    async def _answer(self, message: Msg) -> None:
        try:
            said = msgspec.json.encode(await self._lane.record(_ACTS.decode(message.data)))
        except Exception as error:  # noqa: BLE001 - whatever failed, the copy that was asked meets it itself
            log.warning("acts of another copy were not written: %s", error)
            said = _REFUSED
        with suppress(BrokerError, OSError):
            await message.respond(said)

    def _connect_soon(self) -> None:
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.create_task(self._try_to_connect())

    async def _try_to_connect(self) -> None:
        try:
            await self._connect()
        except (BrokerError, OSError, TimeoutError):
            await asyncio.sleep(RECONNECT)

    async def _connect(self) -> Client:
        async with self._one:
            if self._client is None or not self.connected:
                await self._connection.aclose()
                connected = self._broker.connected("points desk")
                self._client = await self._connection.enter_async_context(connected)
            return self._client
