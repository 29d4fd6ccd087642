"""A small HTTP/1.1 client that costs little: requests are bytes made beforehand, answers are kept unread.

It measures others on the same cores, so what it spends itself would be missing there.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httptools

from bench.signing import bearer

JSON = "application/json"
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


def post(path: str, body: bytes, *, kind: str = JSON, key: str = "") -> bytes:
    """A whole request, under an idempotency key where one is given."""
    lines = [f"POST {path} HTTP/1.1", "Host: bench", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines.append(f"Authorization: {bearer()}")
    lines += [f"Idempotency-Key: {key}"] if key else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def get(path: str) -> bytes:
    """A whole request."""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: {bearer()}\r\n\r\n".encode()


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._waiting: asyncio.Future[Answer] | None = None

    async def send(self, request: bytes) -> Answer:
        """Send a request and wait for its answer.

        Raises: ConnectionError where the connection is lost.
        """
        assert self._waiting is None, "one request at a time"
        if self._transport is None:
            raise ConnectionResetError
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._waiting
        finally:
            self._waiting = None

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is none by inheritance

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits."""
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError())

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the answer; called by the parser."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Give the answer to who waits; called by the parser."""
        answer = Answer(self._parser.get_status_code(), b"".join(self._body))
        self._body.clear()
        self._parser = httptools.HttpResponseParser(self)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)


class Pool:
    """Up to so many connections, opened when they are needed.

    The one used last is used first, and one that the service has closed since (it was idle) is forgotten.
    Where the closing crosses a request, that is sent again over a new one: every request bears it.
    """

    def __init__(self, url: str, count: int) -> None:
        self._url = url
        self._room = asyncio.Semaphore(count)
        self._free: list[Connection] = []

    async def send(self, request: bytes) -> Answer:
        """Send a request over one of them and wait for its answer; waits first where all are in use.

        Raises: ConnectionError where a new connection is lost.
        """
        async with self._room:
            while self._free:
                with suppress(ConnectionError):
                    return await self._send(self._free.pop(), request)
            return await self._send(await _opened(self._url), request)

    async def _send(self, connection: Connection, request: bytes) -> Answer:
        answer = await connection.send(request)
        self._free.append(connection)
        return answer

    def close(self) -> None:
        """Close every connection."""
        for one in self._free:
            one.close()


@asynccontextmanager
async def pool(url: str, count: int) -> AsyncIterator[Pool]:
    """A pool for the length of the block."""
    made = Pool(url, count)
    try:
        yield made
    finally:
        made.close()


@asynccontextmanager
async def connections(url: str, count: int) -> AsyncIterator[list[Connection]]:
    """So many open connections to a service."""
    made = [await _opened(url) for _ in range(count)]
    try:
        yield made
    finally:
        for one in made:
            one.close()


async def _opened(url: str) -> Connection:
    place = urlsplit(url)
    assert place.hostname is not None, url
    assert place.port is not None, url
    made = await asyncio.get_running_loop().create_connection(Connection, place.hostname, place.port)
    return made[1]
