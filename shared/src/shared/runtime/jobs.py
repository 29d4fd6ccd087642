"""Work that outlives a request: a row says what is to be done, one copy at a time does it step by step."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from shared.runtime.exclusive import Hold, LockLostError, end, exclusive
from shared.runtime.outage import Outage

IDLE = 0.5
BACKOFF = (0.1, 0.3, 1.0, 2.0)
SETTLED = 5.0
"""Seconds of work after which an earlier failure counts as over."""

log = logging.getLogger(__name__)


Step = Callable[[], Awaitable[bool]]
"""Does some work, in its own transactions, and says whether more waits."""
Work = Callable[[Hold], Awaitable[None]]
"""Goes on for as long as its lock is held."""


class Job:
    """A named piece of work. Several steps share it: while one decides, the database writes for another."""

    def __init__(self, name: str, *steps: Step) -> None:
        self.name = name
        self._steps = {step: asyncio.Event() for step in steps}

    def wake(self) -> None:
        """Look for work now rather than at the next poll."""
        for wanted in self._steps.values():
            wanted.set()

    async def work(self, hold: Hold) -> None:
        """Step for as long as the lock is held."""
        tasks = [asyncio.create_task(_repeat(*one, hold)) for one in self._steps.items()]
        try:
            await asyncio.gather(*tasks)
        finally:
            await end(*tasks)


async def _repeat(step: Step, wanted: asyncio.Event, hold: Hold) -> None:
    while True:
        hold.check()
        wanted.clear()
        if not await step():
            await pause(wanted, IDLE)


@asynccontextmanager
async def lasting(seconds: float) -> AsyncIterator[None]:
    """Let a block last at least so many seconds, unless it fails: who comes often finds little."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    yield
    await asyncio.sleep(end - loop.time())


async def pause(wanted: asyncio.Event, seconds: float) -> None:
    """Wait for a wake-up, at most `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            await wanted.wait()
    except TimeoutError:
        return


async def supervise(url: str, name: str, work: Work) -> None:
    """Run `work` under the lock `name` for ever; a failure is said once and tried again after a pause."""
    outage = Outage(name)
    failures = 0

    def settle() -> None:
        nonlocal failures
        failures = 0
        outage.ends()

    while True:
        try:
            async with exclusive(url, name) as hold:
                settling = asyncio.get_running_loop().call_later(SETTLED, settle)
                try:
                    await work(hold)
                finally:
                    settling.cancel()
        except LockLostError:
            log.warning("%s: lock lost, competing again", name)
        except Exception as error:  # noqa: BLE001 - whatever failed is said and tried again
            outage.begins(error)
        await asyncio.sleep(BACKOFF[min(failures, len(BACKOFF) - 1)])
        failures += 1
