"""The hot paths: what they run on, and the work that a process of its own does on it.

The work goes through the operations of the service, without HTTP and broker: what is left is Python's own
time and PostgreSQL's.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

from bench.apart import Figures, Work
from bench.measures import carrying, expiring, sweep, verifying
from bench.recording import PORTION, act_of, context
from bench.servers import Servers
from bench.workload import community
from points.activities import operations
from points.activities.domain.admission import arrival
from shared.runtime.database import Database

YEAR = 2025


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One hot path."""

    service: str
    things: str
    """What `size` counts."""
    size: int
    prepare: Callable[[Servers, int], Awaitable[str]]
    """Makes a template for so many things; its name."""
    work: Work
    """What is done with a copy of it, given its address and, as a text, the year or the number of things."""
    given: Callable[[int], str]


async def take_in(address: str, of: str) -> Figures:
    """Record acts in transactions as full as those of the lane."""
    own = context()
    given = [arrival(act_of(line)) for line in community(int(of), source="profile", year=YEAR).lines]
    database = Database(address)
    try:
        began = perf_counter()
        for first in range(0, len(given), PORTION):
            portion = given[first : first + PORTION]
            await database.run(lambda tx, portion=portion: operations.record(tx, own, portion))  # type: ignore[misc]
        return {"seconds": perf_counter() - began}
    finally:
        await database.dispose()


async def _nothing(servers: Servers, _size: int) -> str:
    return servers.fresh("points")


async def _lots(servers: Servers, size: int) -> str:
    return (await sweep.prepare(servers, size, YEAR)).by_months


async def _teachers(servers: Servers, size: int) -> str:
    return await verifying.prepare(servers, size, YEAR)


async def _verdicts(servers: Servers, size: int) -> str:
    return await carrying.prepare(servers, size, YEAR)


def _year(_size: int) -> str:
    return str(YEAR)


PATHS: Mapping[str, Path] = {
    "intake": Path(service="points", things="acts", size=60_000, prepare=_nothing, work=take_in, given=str),
    "sweep": Path(
        service="points", things="lots", size=100_000, prepare=_lots, work=expiring.sweep, given=_year
    ),
    "verification": Path(
        service="verification",
        things="teachers",
        size=50_000,
        prepare=_teachers,
        work=verifying.run,
        given=_year,
    ),
    "carry-over": Path(
        service="hours",
        things="verdicts",
        size=50_000,
        prepare=_verdicts,
        work=carrying.hear,
        given=_year,
    ),
}
