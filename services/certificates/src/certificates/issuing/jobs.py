"""The work of issuing, a batch at a time: ask hours for names, try, reserve, render, issue.

Transactions are opened here, and none is open while hours is asked or a page is rendered.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence

import httpx

from certificates.issuing import operations
from certificates.issuing.operations import Person
from certificates.issuing.rendering.document import Renderer
from certificates.issuing.store import Failure
from certificates.settings import Context
from shared.runtime import clock
from shared.runtime.database import Database

BATCH = 100


class Issuing:
    """One copy at a time runs this; several would only do the same work twice."""

    def __init__(
        self, context: Context, database: Database, hours: httpx.AsyncClient, renderer: Renderer
    ) -> None:
        self._context = context
        self._database = database
        self._hours = hours
        self._renderer = renderer

    async def step(self) -> bool:
        """Bring one batch to its end; True where there was one."""
        async with self._database.transaction() as tx:
            batch = await operations.take(tx, self._context, BATCH)
        if not batch:
            return False
        people = await self._people({due.key.teacher for due in batch})
        ready, failures = await asyncio.to_thread(
            operations.try_contents, self._context, self._renderer, batch, people
        )
        numbers, ended = await self._database.run(lambda tx: operations.reserve(tx, self._context, ready))
        rendered, refused = await asyncio.to_thread(
            operations.render, self._context, self._renderer, ready, numbers
        )
        await self._database.run(lambda tx: operations.issue(tx, self._context, rendered))
        await self._note([*failures, *ended, *refused], people)
        return True

    async def _people(self, teachers: Collection[str]) -> dict[str, Person]:
        """Names and schools of those whom hours knows, in one request."""
        answer = await self._hours.post("/v1/teachers/lookup", json={"teachers": sorted(teachers)})
        return {
            item["teacher"]: Person(name=item["name"], school=item["school"])
            for item in answer.raise_for_status().json()["items"]
        }

    async def _note(self, failures: Sequence[Failure], people: Mapping[str, Person]) -> None:
        """Set failures aside, then look again: news that came before the note would otherwise be missed."""
        if not failures:
            return
        async with self._database.transaction() as tx:
            await operations.note_failures(tx, failures, clock.now())
        again = await self._people({failure.key.teacher for failure in failures})
        changed = [teacher for teacher, person in again.items() if people.get(teacher) != person]
        if changed:
            async with self._database.transaction() as tx:
                await operations.retry(tx, changed)
