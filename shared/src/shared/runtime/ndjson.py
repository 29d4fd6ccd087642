"""NDJSON, line by line: a line that is too long or unreadable is refused by itself, the stream goes on.

A stream that breaks off leaves whole lines: an unfinished last line is dropped, and sending everything again
is safe.
"""

from collections.abc import AsyncGenerator, AsyncIterator

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

MAX_LINE = 64 * 1024

Line = bytes | None
"""The content of a line; None for one that is too long."""


class Answers(StreamingResponse):
    """A stream of answers to a stream of lines.

    Starlette would read the request beside it, to hear when the client goes away, and so take lines from
    whoever reads them; here that reader hears it.
    """

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the answers."""
        await self.stream_response(send)


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
        if lines:
            yield lines
    if skipping or rest:
        yield [None if skipping else rest]
