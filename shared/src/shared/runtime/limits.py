"""Limits that hold before any route is asked: the size of a body, no NUL in addresses."""

from collections.abc import Container
from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.runtime.errors import DomainError, problems_of

MAX_BODY = 10 * 1024 * 1024
STREAMED = "application/x-ndjson"


class Limits:
    """ASGI middleware. NDJSON has no total limit where its route, one of `streams`, reads it line by line."""

    def __init__(self, app: ASGIApp, streams: Container[str]) -> None:
        self._app = app
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413 or 422 in its place."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if "\0" in unquote(scope["path"]) or "\0" in unquote(scope["query_string"].decode("latin-1")):
            await problems_of(request).answer(DomainError("text.nul"))(scope, receive, send)
            return
        if f"{scope['method']} {scope['path']}" in self._streams and is_streamed(request):
            await self._app(scope, receive, send)
            return
        await self._bounded(request, receive, send)

    async def _bounded(self, request: Request, receive: Receive, send: Send) -> None:
        declared = request.headers.get("content-length", "0")
        held = None if declared.isdigit() and int(declared) > MAX_BODY else await _held(receive)
        if held is None:
            refusal = problems_of(request).answer(DomainError("body.too_large", limit=MAX_BODY))
            await refusal(request.scope, receive, send)
        else:
            await self._app(request.scope, _replay(held, receive), send)


def is_streamed(request: Request) -> bool:
    """Whether a body comes line by line."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == STREAMED


async def _held(receive: Receive) -> list[Message] | None:
    """The messages of a whole body; None where it is larger than the limit."""
    held: list[Message] = []
    size = 0
    more = True
    while more:
        message = await receive()
        held.append(message)
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            return None
        more = message.get("more_body", False)
    return held


def _replay(held: list[Message], receive: Receive) -> Receive:
    """Give the messages read so far again, then whatever comes."""
    waiting = iter(held)

    async def again() -> Message:
        for message in waiting:
            return message
        return await receive()

    return again
