"""Routes behind the gate of their application, which is asked before anything of a request is read."""

from typing import Protocol

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send


class Guard(Protocol):
    """Who lets requests pass to routes, each named `METHOD /path`."""

    def guards(self, route: str) -> bool:
        """Whether a route refuses those who do not say who they are."""

    async def admit(self, request: Request, route: str) -> None:
        """Let a request pass, or raise the refusal of it."""


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
        request = Request(scope)
        await guard_of(request).admit(request, f"{scope['method']} {self.path_format}")
        await self.answer(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that was let pass."""
        await super().handle(scope, receive, send)
