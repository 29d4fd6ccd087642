"""Routes whose handlers take the request as it is and make the answer themselves.

They are described like all others. What FastAPI does for each request besides, resolving dependencies and
guarding their ends, costs several times what the server needs to read and answer a small one. A small request
with nothing in its address to be checked goes to such a handler straight, past everything around all routes.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from shared.runtime.guarded import GuardedRoute, guard_of
from shared.runtime.limits import MAX_BODY

SMALL = b"application/json"
"""The type of a body that is read at once."""

Endpoint = Callable[[Request], Awaitable[Response]]


class PlainRoute(GuardedRoute):
    """A route whose handler, `async (request) -> Response`, is called with nothing around it.

    What the handler raises is answered by the application, as everywhere.
    """

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the handler."""
        answer = await self.endpoint(Request(scope, receive, send))
        await answer(scope, receive, send)


class PlainApp(FastAPI):
    """An application that hands small requests to plain routes straight."""

    plain: Mapping[tuple[str, str], Endpoint] = {}
    """Handlers by method and path."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, straight where there is nothing to be checked before its handler."""
        endpoint = self._straight(scope) if scope["type"] == "http" else None
        if endpoint is None:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        request = Request(scope, receive, send)
        try:
            await guard_of(request).admit(request, f"{scope['method']} {scope['path']}")
            answer = await endpoint(request)
        except Exception as error:  # noqa: BLE001 - answered as the application answers it
            answer = await self._refused(request, error)
        await answer(scope, receive, send)

    def _straight(self, scope: Scope) -> Endpoint | None:
        """The plain handler of a small request with nothing in its address but a path that is known."""
        endpoint = self.plain.get((scope["method"], scope["path"]))
        if endpoint is None or scope["query_string"]:
            return None
        headers = dict(scope["headers"])
        size: bytes = headers.get(b"content-length", b"")
        small = size.isdigit() and int(size) <= MAX_BODY and headers.get(b"content-type") == SMALL
        return endpoint if small else None

    async def _refused(self, request: Request, error: Exception) -> Response:
        handler = next(
            handler for kind in type(error).__mro__ if (handler := self.exception_handlers.get(kind))
        )
        answer = handler(request, error)
        return await answer if isinstance(answer, Awaitable) else answer


def plain_endpoints(routers: Sequence[APIRouter]) -> dict[tuple[str, str], Endpoint]:
    """The handlers of plain routes by method and path."""
    routes = [route for router in routers for route in router.routes if isinstance(route, PlainRoute)]
    return {(method, route.path): route.endpoint for route in routes for method in route.methods or ()}
