"""The job that erases evidence that nothing uses (清理材料): the entry comes first, then the file leaves.

Once a day all files are looked at. What was begun is finished first, so nothing stays behind where a step
broke off between the entry and the file.
"""

from datetime import date, datetime

from hours.evidence import operations, store
from hours.settings import Context
from shared.policy.calendar import day_of
from shared.runtime import clock
from shared.runtime.database import Database
from shared.runtime.jobs import Job


class Erasing:
    """The erasing of one copy of the service: how far it has looked."""

    def __init__(self, database: Database, context: Context) -> None:
        self._database = database
        self._context = context
        self._looked: date | None = None
        """The day on which all files were looked at."""
        self._after = ""
        """The digest up to which they were, today."""

    async def step(self, now: datetime) -> bool:
        """Erase the next files; whether others wait.

        Raises:
            AwayError: `file.no_place`, `file.place_away`.
        """
        await self._finish()
        today = day_of(now, self._context.pack.pack.timezone)
        if self._looked == today:
            return False
        found = await self._database.run(
            lambda tx: operations.erase_unused(tx, self._context, now, self._after)
        )
        self._after = found[-1] if found else ""
        self._looked = None if found else today
        return bool(found)

    async def _finish(self) -> None:
        """Let what was erased leave its place; no transaction is open meanwhile."""
        async with self._database.transaction(reading=True) as tx:
            leaving = await store.leaving(tx)
        for digest in leaving:
            await self._context.documents.erase(digest)
        if leaving:
            await self._database.run(lambda tx: store.left(tx, leaving))


def erasing(database: Database, context: Context) -> Job:
    """The job of erasing."""
    work = Erasing(database, context)

    async def step() -> bool:
        return await work.step(clock.now())

    return Job("erasing", step)
