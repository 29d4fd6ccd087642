"""The job that closes years: one partition a transaction, by one copy at a time, from where it stopped."""

from points.settings import Context
from points.years import operations
from shared.runtime.database import Database, Transaction
from shared.runtime.jobs import Job


def closing(database: Database, context: Context) -> Job:
    """The job of closing years."""

    async def work(tx: Transaction) -> bool:
        return await operations.close_next(tx, context)

    async def step() -> bool:
        return await database.run(work)

    return Job("closing", step)
