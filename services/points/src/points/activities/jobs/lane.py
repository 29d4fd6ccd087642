"""The lane of intake: what arrived during the last commit is written together (group commit).

One lane a process. Requests queue, the lane takes up to a thousand acts, writes them in one transaction and
answers each. Those who were just answered have a moment to ask again: else clients that send act after act
fall into two halves, each of which is written while the other one waits, in twice as many transactions.
A client that goes away cancels nothing: what is queued is written.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from points.activities import operations
from points.activities.domain.act import Act
from points.activities.domain.admission import Arrival, arrival
from points.activities.operations import CrossedError, Outcome
from points.settings import Context
from shared.runtime.database import Database, Transaction
from shared.runtime.errors import AwayError
from shared.runtime.jobs import pause

MOST = 1000
"""Acts of one transaction."""
GATHER = 0.005
"""Seconds in which those who were just answered may ask again, to be written together."""
CROSSINGS = 20
"""How often a batch starts again because another copy got in between."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """Acts of one request, and what became of those that are written."""

    arrivals: Sequence[Arrival]
    answer: "asyncio.Future[list[Outcome]]"
    done: list[Outcome] = field(default_factory=list)
    taken: int = 0


_Part = tuple[_Waiting, int, int]
"""Acts of a request from one place up to another."""


class Lane:
    """Writes acts of many requests in few transactions."""

    def __init__(self, database: Database, context: Context) -> None:
        self._database = database
        self._context = context
        self._queue: deque[_Waiting] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._expected = 0
        """Requests that wait once all that were just answered ask again."""
        self._enough = asyncio.Event()

    async def record(self, acts: Sequence[Act]) -> list[Outcome]:
        """Queue acts and wait until they are written."""
        if not acts:
            return []
        waiting = _Waiting([arrival(act) for act in acts], asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if len(self._queue) >= self._expected:
            self._enough.set()
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await waiting.answer

    async def close(self) -> None:
        """Wait until everything queued is written."""
        if self._writer is not None:
            await self._writer

    async def _write(self) -> None:
        while self._queue:
            if len(self._queue) < self._expected:
                self._enough.clear()
                await pause(self._enough, GATHER)
            parts = self._next()
            await self._take_in(parts)
            full = sum(last - first for _, first, last in parts) == MOST
            self._expected = 0 if full else len(self._queue) + len(parts)

    async def _take_in(self, parts: Sequence[_Part]) -> None:
        """Write parts of requests together; each by itself where one of them asks for what cannot be had."""
        arrivals = [one for waiting, first, last in parts for one in waiting.arrivals[first:last]]
        try:
            outcomes = iter(await self._commit(arrivals))
        except AwayError as error:
            if len(parts) == 1:
                self._fail([parts[0][0]], error)
            else:
                for part in parts:
                    await self._take_in([part])
            return
        except Exception as error:  # noqa: BLE001 - whatever failed is for those who wait
            self._fail([waiting for waiting, _, _ in parts], error)
            return
        for waiting, first, last in parts:
            waiting.done += [next(outcomes) for _ in range(last - first)]
            if len(waiting.done) == len(waiting.arrivals) and not waiting.answer.done():
                waiting.answer.set_result(waiting.done)

    def _next(self) -> list[_Part]:
        """Take from the queue, in order, up to the size of a batch; a long request is taken in parts."""
        parts: list[_Part] = []
        room = MOST
        while self._queue and room:
            waiting = self._queue[0]
            first, last = waiting.taken, min(len(waiting.arrivals), waiting.taken + room)
            parts.append((waiting, first, last))
            room -= last - first
            waiting.taken = last
            if last == len(waiting.arrivals):
                self._queue.popleft()
        return parts

    async def _commit(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        async def work(tx: Transaction) -> list[Outcome]:
            return await operations.record(tx, self._context, arrivals)

        for _ in range(CROSSINGS):
            try:
                return await self._database.run(work)
            except CrossedError:
                continue
        return await self._database.run(work)

    def _fail(self, requests: Sequence[_Waiting], error: Exception) -> None:
        for waiting in requests:
            if waiting in self._queue:
                self._queue.remove(waiting)
            if not waiting.answer.done():
                waiting.answer.set_exception(error)
                waiting.answer.exception()
