"""What teachers asked for in a year, and what stands of it: for a room that decides it by other rules."""

from collections.abc import Collection

from points.exchanges import store
from points.exchanges.domain.deciding import PLACES
from points.exchanges.domain.requested import Requested
from shared.runtime.database import Transaction


async def requested_in(tx: Transaction, teachers: Collection[str], year: int) -> list[Requested]:
    """The requests that were decided here, in the order in which each teacher's were.

    What `hours` refused was granted by the rules of points; nobody here can decide it otherwise.
    """
    return [
        Requested(
            request=found.request,
            teacher=found.teacher,
            category=found.category,
            at=found.at,
            asked=found.hours,
            stands=0 if found.state == "refused" else found.hours - found.called,
        )
        for found in await store.load_year(tx, teachers, year)
        if found.state != "refused" or found.reason in PLACES
    ]
