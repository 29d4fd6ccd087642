"""What carries runs out, one after the other, each step in a transaction of its own.

A killed process loses at most the chunk it was at; the next one goes on behind the cursor.
"""

from collections.abc import Awaitable, Callable

import httpx

from shared.runtime import clock
from shared.runtime.database import Database
from shared.runtime.journal import positions
from verification.runs import operations, store
from verification.runs.domain.run import Run, reached
from verification.settings import Context

SOURCE = "hours"


def stepper(context: Context, database: Database, hours: httpx.AsyncClient) -> Callable[[], Awaitable[bool]]:
    """The step of the job that carries runs out; it says whether more can be done at once."""

    async def step() -> bool:
        async with database.transaction() as tx:
            run = await store.load_next(tx)
        if run is None:
            return False
        if run.cut is None:
            return await _aim(context, database, hours, run)
        if run.state == "waiting":
            return await _start(context, database, run)
        await database.run(lambda tx: operations.judge_chunk(tx, context, run.id, clock.now()))
        return True

    return step


async def _aim(context: Context, database: Database, hours: httpx.AsyncClient, run: Run) -> bool:
    """Read how far the hours service has come; it may be away, and the run waits."""
    try:
        answer = (await hours.get("/v1/journal/heads")).raise_for_status().json()
    except httpx.HTTPError:
        return False  # said by the consumer, which asks the same service all the time
    heads = {int(partition): int(seq) for partition, seq in answer["heads"].items()}
    await database.run(lambda tx: operations.aim(tx, context, run.id, heads, clock.now()))
    return True


async def _start(context: Context, database: Database, run: Run) -> bool:
    assert run.cut is not None, "a run is aimed before it starts"
    async with database.transaction() as tx:
        heard = await positions.load(tx, SOURCE)
    if not reached(heard, run.cut):
        return False
    await database.run(lambda tx: operations.start(tx, context, run.id, clock.now()))
    return True
