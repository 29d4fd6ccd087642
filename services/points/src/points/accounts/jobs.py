"""The job that sweeps lots whose day has come (到期清零), one partition a transaction."""

from points.accounts import operations
from points.settings import Context
from shared.runtime import clock
from shared.runtime.database import Database, Transaction
from shared.runtime.jobs import Job


def sweeping(database: Database, context: Context) -> Job:
    """The job of sweeping."""

    async def work(tx: Transaction) -> bool:
        return await operations.sweep_next(tx, context, clock.now())

    async def step() -> bool:
        return await database.run(work)

    return Job("sweeping", step)
