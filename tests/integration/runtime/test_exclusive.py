"""Holding a lock: whatever interrupts the holder, its connection is closed."""

import asyncio
import gc

import pytest

from shared.runtime.exclusive import exclusive
from tests.support.world import World


@pytest.mark.parametrize("turns", range(6))
async def test_a_holder_that_is_cancelled_twice_closes_its_connection(world: World, turns: int) -> None:
    """The second cancellation comes at any turn of the loop while the first is obeyed."""
    publisher = await world.publisher("points")
    url = publisher.app.state.database.url
    held = asyncio.Event()

    async def holder() -> None:
        async with exclusive(url, "test.lock"):
            held.set()
            await asyncio.Event().wait()

    holding = asyncio.create_task(holder())
    await held.wait()
    holding.cancel()
    for _ in range(turns):
        await asyncio.sleep(0)
    holding.cancel()
    await asyncio.wait({holding})
    del holding
    gc.collect()  # a connection that was forgotten is found here, and fails the test
