"""Notes whom an answer shows before it leaves: everybody whom it names, and of whom a reach says it is.

The row is written to the primary, in a transaction of its own after that of the request, wherever the answer
was read from. Where that fails the answer is lost and the request refused: nobody else's data without a row.
"""

from dataclasses import dataclass

from fastapi import Request

from shared.access import Caller, Gate
from shared.reads import store
from shared.reads.named import named
from shared.reads.store import Reading
from shared.runtime import clock
from shared.runtime.database import Database
from shared.runtime.guarded import Held

REQUEST_ID = "x-request-id"
LONGEST = 200
"""Characters that are kept of a request's own id."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Sees the answers of one service."""

    gate: Gate
    database: Database

    def waits(self, request: Request, route: str) -> bool:
        """Whether the answer may show people whom the caller is not."""
        return self.gate.is_personal(route) and self.gate.logs(request.state.caller, route)

    async def see(self, request: Request, route: str, answer: Held) -> None:
        """Note whom an answer shows; what a token's own person reads of itself is nobody's business.

        Raises: DBAPIError or OSError where the primary is away.
        """
        if answer.status >= 400:
            return
        caller: Caller = request.state.caller
        teachers = (named(answer.json()) | request.state.shown) - caller.persons
        if not teachers:
            return
        made = Reading(
            at=clock.now(),
            caller=caller.name,
            subject=caller.subject,
            act=self.gate.acts[route],
            route=route,
            correlation=request.headers.get(REQUEST_ID, "")[:LONGEST] or None,
        )
        async with self.database.transaction() as tx:
            await store.note(tx, made, teachers)
