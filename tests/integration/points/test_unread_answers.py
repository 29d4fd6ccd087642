"""A stream whose client sends and does not read: held at a bound, and let through when it reads."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import httpx
import pytest

from shared.runtime.exclusive import end
from shared.runtime.ndjson import BEFORE_READING, ahead
from tests.support.deeds import act
from tests.support.signing import HEADER
from tests.support.world import PATIENCE, World, until

MANY = 100_000
"""Lines; their answers are more than the service holds and the buffers on the way take."""
CHUNK = 500
"""Lines of one write."""
LINE = json.dumps({**act("topic.replied", "T1", "soon", "a"), "filler": "y" * 200}).encode() + b"\n"
"""Refused for its instant: as long as any, and answered with more than a receipt."""


class Client:
    """Sends lines over a socket of its own, in small buffers, and reads answers when told to."""

    def __init__(self, url: httpx.URL) -> None:
        self._address = (url.host, url.port)
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self._socket.settimeout(0)
        self._sending: list[asyncio.Task[None]] = []
        self.sent = 0

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self._socket, self._address)
        head = (
            "POST /v1/activities HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
            f"{HEADER}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        await loop.sock_sendall(self._socket, head.encode())

    def begin(self, lines: int) -> None:
        """Send while the test goes on."""
        self._sending.append(asyncio.create_task(self.send(lines)))

    async def send(self, lines: int) -> None:
        """Send so many lines and the end of the request; `sent` says how many went out so far."""
        loop = asyncio.get_running_loop()
        chunk = b"%x\r\n%b\r\n" % (len(LINE) * CHUNK, LINE * CHUNK)
        for _ in range(lines // CHUNK):
            await loop.sock_sendall(self._socket, chunk)
            self.sent += CHUNK
        await loop.sock_sendall(self._socket, b"0\r\n\r\n")

    async def read(self) -> list[int]:
        """The numbers of all lines that were answered, in the order of the answers."""
        loop = asyncio.get_running_loop()
        raw = bytearray()
        while piece := await loop.sock_recv(self._socket, 1 << 20):
            raw += piece
        return [json.loads(line)["index"] for line in _unchunked(bytes(raw)).splitlines()]

    async def close(self) -> None:
        await end(*self._sending)
        self._socket.close()


def _unchunked(raw: bytes) -> bytes:
    parts, at = [], raw.index(b"\r\n\r\n") + 4
    while size := int(raw[at : (first := raw.index(b"\r\n", at))], 16):
        parts.append(raw[first + 2 : first + 2 + size])
        at = first + 2 + size + 2
    return b"".join(parts)


@pytest.fixture
async def client(points: httpx.AsyncClient, world: World) -> AsyncIterator[Client]:
    with socket.socket(fileno=os.dup(world.listening("points"))) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    made = Client(points.base_url)
    await made.connect()
    yield made
    await made.close()


@pytest.mark.long
async def test_who_sends_and_reads_nothing_is_held_until_he_reads(
    points: httpx.AsyncClient, client: Client
) -> None:
    client.begin(MANY)
    await until(partial(_held, points, client))
    assert BEFORE_READING < client.sent < MANY / 2
    async with asyncio.timeout(PATIENCE):
        assert await client.read() == list(range(MANY))


async def test_a_moderate_file_may_be_sent_whole_before_its_answers_are_read(client: Client) -> None:
    async with asyncio.timeout(PATIENCE):
        await client.send(BEFORE_READING)
        assert await client.read() == list(range(BEFORE_READING))


@pytest.mark.long
async def test_a_client_that_goes_away_while_it_is_held_leaves_nothing_behind(
    points: httpx.AsyncClient, client: Client
) -> None:
    client.begin(MANY)
    await until(partial(_held, points, client))
    assert _making()
    await client.close()

    async def gone() -> bool:
        return not _making()

    await until(gone)


async def _held(points: httpx.AsyncClient, client: Client) -> bool:
    """Nothing more goes out while the same service takes in many acts of others, one by one."""
    before = client.sent
    for n in range(20):
        row = act("topic.replied", "T1", "2025-04-04T16:32:00+08:00", f"other-{before}-{n}", topic="t")
        assert (await points.post("/v1/activities", json=row)).is_success
    return client.sent == before > 0


def _making() -> list["asyncio.Task[Any]"]:
    """Tasks that make answers ahead."""
    return [task for task in asyncio.all_tasks() if ahead.__name__ in str(task.get_coro())]
