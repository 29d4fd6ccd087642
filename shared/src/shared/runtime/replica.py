"""A streaming replica (只读副本) of the service's database: whether it works, and how old its answers may be.

It is looked at all the time, beside the primary: it has to be a replica of that very database, and to contain
what the primary contained a few seconds ago. Requests only read the finding, and never wait to find out that
it is away.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from typing import Any, Literal, NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError

from shared.runtime.database import Database
from shared.runtime.jobs import pause
from shared.runtime.outage import Outage

EVERY = 0.5
"""Seconds between two looks."""
PATIENCE = 2.0
"""Seconds that a look may take."""

State = Literal["ok", "behind", "away"]

_LOOK = text(
    "select pg_is_in_recovery() as follows, system_identifier::text || '/'"
    " || (select oid from pg_database where datname = current_database()) as origin,"
    " coalesce((select sum(seq) from part), 0) + coalesce((select sum(seq) from position), 0) as contains"
    " from pg_control_system()"
)
"""Which database it is, whether it follows another, and how much it contains: a sum that only grows."""


class StrangerError(ConnectionError):
    """The server is no replica of the service's database."""


class BehindError(TimeoutError):
    """The replica is older than reads may be."""


class Mark(NamedTuple):
    """How much the primary contained at an instant of the event loop."""

    at: float
    contains: int


class Replica:
    """One replica. Good for nothing unless it is `watched`."""

    def __init__(self, url: str, primary: Database, behind: float) -> None:
        """`behind` is how many seconds older than the primary it may be."""
        self.database = Database(url)
        self.state: State = "away"
        self._primary = primary
        self._behind = behind
        self._looking = Database(url, pool_size=1)  # apart: a crowd of reads does not look like an outage
        self._outage = Outage("replica")
        self._origin: str | None = None
        self._marks: deque[Mark] = deque()
        self._since = inf
        self._ending = asyncio.Event()

    @property
    def works(self) -> bool:
        """Whether reads may go there."""
        return self.state == "ok"

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Look at it for the length of the block; then close every connection."""
        watching = asyncio.create_task(self._watch(), name="replica")
        try:
            yield
        finally:
            self._ending.set()  # not cancelled: a connection that is just being made would be forgotten
            await watching
            await self._looking.dispose()
            await self.database.dispose()

    async def _watch(self) -> None:
        """Look again and again; what is found is said once when it begins and once when it is over."""
        while not self._ending.is_set():
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._look()
            except Exception as error:  # noqa: BLE001 - whatever keeps us from it, reads go to the primary
                self.state = "away"
                self._outage.begins(error)
            await pause(self._ending, EVERY)

    async def _look(self) -> None:
        """Compare the two; a primary that is away tells nothing new, and the last finding stands."""
        now = asyncio.get_running_loop().time()
        told = await self._mark(now)
        found = await _look_at(self._looking)
        if not found.follows or found.origin != self._origin:
            raise StrangerError("it is no replica of the service's database")
        if not told:
            return
        if found.contains >= self._marks[0].contains:
            self.state = "ok"
            self._outage.ends()
        else:
            self.state = "behind"
            if now - self._since > self._behind:  # watched for long enough to know
                self._outage.begins(BehindError(f"it is more than {self._behind:g} s behind"))

    async def _mark(self, now: float) -> bool:
        """Note how much the primary contains and forget what it did too long ago; False where it is away."""
        try:
            async with asyncio.timeout(PATIENCE / 2):
                primary = await _look_at(self._primary)
        except (DBAPIError, OSError):
            return False
        self._origin = primary.origin
        self._since = min(self._since, now)
        self._marks.append(Mark(now, primary.contains))
        while self._marks[0].at < now - self._behind:
            self._marks.popleft()
        return True


async def _look_at(database: Database) -> Row[Any]:
    async with database.transaction(reading=True) as tx:
        return (await tx.execute(_LOOK)).one()
