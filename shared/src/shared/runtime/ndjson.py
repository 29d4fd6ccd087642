"""NDJSON, line by line: a line that is too long or unreadable is refused by itself, the stream goes on.

A stream that breaks off leaves whole lines: an unfinished last line is dropped, and sending everything again
is safe. A client that sends and does not read is held: once `HELD` bytes of answers wait for it, on top of
what the buffers on the way take, no further line is read before it has taken some.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sized
from contextlib import aclosing
from typing import TypeVar

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from shared.runtime.exclusive import end

MAX_LINE = 64 * 1024
TOGETHER = 1000
"""Most lines that are answered at once, and lines that may wait for that before no more are read."""
HELD = 8 * 1024 * 1024
"""Bytes of answers made before the client takes any; enough for what `BEFORE_READING` lines are answered."""
BEFORE_READING = 10_000
"""Lines that a client may send before it reads the first answer."""

S = TypeVar("S", bound=Sized)

Line = bytes | None
"""The content of a line; None for one that is too long."""


class Answers(StreamingResponse):
    """A stream of answers to a stream of lines.

    Starlette would read the request beside it, to hear when the client goes away, and so take lines from
    whoever reads them; here that reader hears it.
    """

    def __init__(self, answers: AsyncGenerator[bytes, None], media_type: str) -> None:
        self._ahead = ahead(answers, HELD)
        super().__init__((answer async for (answer,) in self._ahead), media_type=media_type)

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the answers; the server makes each `send` wait while the client takes none."""
        async with aclosing(self._ahead):
            await self.stream_response(send)


async def ahead(
    source: AsyncGenerator[S, None], most: int, together: int = 0
) -> AsyncGenerator[list[S], None]:
    """What a source makes, made before it is taken until things of the length `most` wait.

    They are taken one by one, or as many at once as are no longer than `together`.
    """
    waiting: deque[S] = deque()
    arrived, room = asyncio.Event(), asyncio.Event()
    held = 0

    async def make() -> None:
        nonlocal held
        async with aclosing(source):
            async for made in source:
                waiting.append(made)
                held += len(made)
                arrived.set()
                while held >= most:
                    room.clear()
                    await room.wait()

    making = asyncio.create_task(make())
    making.add_done_callback(lambda _: arrived.set())
    try:
        while waiting or not making.done():
            if not waiting:
                arrived.clear()
                await arrived.wait()
                continue
            taken = [waiting.popleft()]
            size = len(taken[0])
            while waiting and size + len(waiting[0]) <= together:
                taken.append(waiting.popleft())
                size += len(taken[-1])
            held -= size
            room.set()
            yield taken
        await making
    finally:
        await end(making)


async def gathered(source: AsyncIterator[bytes]) -> AsyncGenerator[list[Line], None]:
    """The lines of a stream; those that arrive while the last ones are answered come together."""
    async with aclosing(ahead(split(source), TOGETHER, TOGETHER)) as taken:
        async for parts in taken:
            yield [line for part in parts for line in part]


async def split(chunks: AsyncIterator[bytes]) -> AsyncGenerator[list[Line], None]:
    """The whole lines of each chunk, in order; what stands after the last newline ends the stream."""
    rest = b""
    skipping = False
    async for chunk in chunks:
        *whole, last = chunk.split(b"\n")
        lines: list[Line] = []
        for piece in whole:
            lines.append(None if skipping or len(rest) + len(piece) > MAX_LINE else rest + piece)
            rest, skipping = b"", False
        if skipping or len(rest) + len(last) > MAX_LINE:
            rest, skipping = b"", True
        else:
            rest += last
        for first in range(0, len(lines), TOGETHER):
            yield lines[first : first + TOGETHER]
    if skipping or rest:
        yield [None if skipping else rest]
