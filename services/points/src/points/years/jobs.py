"""The job that closes years: one partition a transaction, by one copy at a time, from where it stopped."""

from functools import partial

from points.settings import LANES, Context
from points.years import operations
from shared.runtime.database import Database, Transaction
from shared.runtime.jobs import Job
from shared.runtime.journal.layout import Lane


def closing(database: Database, context: Context) -> Job:
    """The job of closing years."""

    async def work(lane: Lane, tx: Transaction) -> bool:
        return await operations.close_next(tx, context, lane)

    async def step(lane: Lane) -> bool:
        return await database.run(partial(work, lane))

    return Job("closing", *(partial(step, lane) for lane in LANES))
