"""Work that goes on beside a test, and has to outlast what is tested."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from shared.runtime.exclusive import end


@asynccontextmanager
async def at_work(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do all of it for the length of the block."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        lasted = not any(task.done() for task in tasks)
        await end(*tasks)
    assert lasted
