"""Routes whose handlers take the request as it is and make the answer themselves.

They are described like all others. What FastAPI does for each request besides, resolving dependencies and
guarding their ends, costs several times what the server needs to read and answer a small one.
"""

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send


class PlainRoute(APIRoute):
    """A route whose handler, `async (request) -> Response`, is called with nothing around it.

    What the handler raises is answered by the application, as everywhere.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that was found to be for this path; with 405 where it asks by another method."""
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        answer = await self.endpoint(Request(scope, receive, send))
        await answer(scope, receive, send)
