"""The job that sweeps lots whose day has come (到期清零), one partition a transaction."""

from functools import partial

from points.accounts import operations
from points.settings import LANES, Context
from shared.runtime import clock
from shared.runtime.database import Database, Transaction
from shared.runtime.jobs import Job
from shared.runtime.journal.layout import Lane


def sweeping(database: Database, context: Context) -> Job:
    """The job of sweeping."""

    async def work(lane: Lane, tx: Transaction) -> bool:
        return await operations.sweep_next(tx, context, clock.now(), lane)

    async def step(lane: Lane) -> bool:
        return await database.run(partial(work, lane))

    return Job("sweeping", *(partial(step, lane) for lane in LANES))
