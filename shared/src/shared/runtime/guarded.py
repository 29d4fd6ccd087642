"""Routes behind the gate of their application, which is asked before anything of a request is read.

Some answers are seen by a watch before they leave: they are held until it has done with them.
"""

from typing import Protocol

import msgspec
from fastapi import Request
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send


class Guard(Protocol):
    """Who lets requests pass to routes, each named `METHOD /path`."""

    def guards(self, route: str) -> bool:
        """Whether a route refuses those who do not say who they are."""

    async def admit(self, request: Request, route: str) -> None:
        """Let a request pass, or raise the refusal of it."""


class Held:
    """An answer that was made and did not leave."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    async def take(self, message: Message) -> None:
        """Keep a part of it; the server's `send`, for who answers."""
        self._messages.append(message)

    @property
    def status(self) -> int:
        """Its status."""
        status: int = self._messages[0]["status"]
        return status

    def json(self) -> object:
        """What it says; nothing where it is of another kind."""
        kind = Headers(raw=self._messages[0]["headers"]).get("content-type", "")
        body = b"".join(message.get("body", b"") for message in self._messages[1:])
        read: object = msgspec.json.decode(body) if kind.startswith("application/json") else {}
        return read

    async def leave(self, send: Send) -> None:
        """Send it."""
        for message in self._messages:
            await send(message)


class Watch(Protocol):
    """Who sees answers before they leave."""

    def waits(self, request: Request, route: str) -> bool:
        """Whether the answer to a request that was let pass is to be seen."""

    async def see(self, request: Request, route: str, answer: Held) -> None:
        """See an answer; where this raises, that is answered instead."""


def guard_of(request: Request) -> Guard:
    """The gate of the application that serves a request."""
    guard: Guard = request.app.state.gate
    return guard


class GuardedRoute(APIRoute):
    """A route behind the gate. Every route of a service is one."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the gate, then answer; a method that is not taken here is refused by what the route does."""
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        request, route = Request(scope), f"{scope['method']} {self.path_format}"
        await guard_of(request).admit(request, route)
        watch: Watch | None = request.app.state.watch
        if watch is None or not watch.waits(request, route):
            await self.answer(scope, receive, send)
            return
        held = Held()
        await self.answer(scope, receive, held.take)
        await watch.see(request, route, held)
        await held.leave(send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that was let pass."""
        await super().handle(scope, receive, send)
