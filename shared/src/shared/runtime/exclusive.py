"""One copy at a time: a session advisory lock, for economy only.

Several copies of a service may run; the one that holds the lock relays, consumes or works. The database
takes the lock from a stopped, cut or dead holder by itself (`idle_session_timeout`). Safety never rests
on it: positions and partition locks carry that.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from shared.runtime.driver import connect

IDLE_TIMEOUT = "2s"
PULSE = 0.5
RETRY = 0.5
CANCEL_AGAIN = 0.2


class LockLostError(Exception):
    """The session that held the lock is gone; stop working and compete for it again."""


class Hold:
    """A held lock; `check` between two pieces of work."""

    def __init__(self) -> None:
        self.lost = False

    def check(self) -> None:
        """Raise LockLostError when the session is gone."""
        if self.lost:
            raise LockLostError


@asynccontextmanager
async def exclusive(url: str, name: str) -> AsyncIterator[Hold]:
    """Wait until this process holds the lock `name` in this database, then hold it for the block."""
    connection = await connect(url, idle_session_timeout=IDLE_TIMEOUT, application_name=name)
    hold = Hold()
    pulse: asyncio.Task[None] | None = None
    try:
        # Polled: the database could wake us only by LISTEN, which takes a global lock at commit.
        while not await connection.fetchval(  # noqa: ASYNC110 - see above
            "select pg_try_advisory_lock(hashtextextended($1, 0))", name
        ):
            await asyncio.sleep(RETRY)
        pulse = asyncio.create_task(_pulse(connection, hold))
        yield hold
    finally:
        try:
            if pulse is not None:
                await end(pulse)
        finally:  # also when the end of the pulse is interrupted
            with suppress(Exception):
                await connection.close(timeout=1)


async def end(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel until all have ended: a library that completes at the same moment may swallow a cancellation.

    Who is cancelled while ending others ends them first: left alone, they would never end.
    """
    interrupted: asyncio.CancelledError | None = None
    while waiting := {task for task in tasks if not task.done()}:
        for task in waiting:
            task.cancel()
        try:
            await asyncio.wait(waiting, timeout=CANCEL_AGAIN)
        except asyncio.CancelledError as error:
            interrupted = error
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at, so that the loop does not report it as lost
    if interrupted is not None:
        raise interrupted


async def _pulse(connection: "asyncpg.Connection[asyncpg.Record]", hold: Hold) -> None:
    try:
        while True:
            await connection.execute("select 1")
            await asyncio.sleep(PULSE)
    except Exception:  # noqa: BLE001 - a cut connection surfaces in many shapes; all mean the same
        hold.lost = True
