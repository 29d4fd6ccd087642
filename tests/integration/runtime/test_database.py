"""Transactions on a real database: whatever interrupts one, the next begins on a clean connection."""

import asyncio
import gc

import pytest
from sqlalchemy import Column, Integer, select

from shared.runtime.database import Database
from shared.runtime.journal import tables
from shared.runtime.unnest import unnested
from tests.integration.runtime.test_journal import AT
from tests.support.world import World

_SLEEP = unnested("select pg_sleep(rows.seconds) from {rows}", [Column("seconds", Integer)])


@pytest.mark.parametrize("turns", range(4))
async def test_who_is_cancelled_again_and_again_leaves_no_open_transaction(world: World, turns: int) -> None:
    """Also the way out is interrupted, at any turn of the loop, until nothing is left to interrupt."""
    publisher = await world.publisher("points")
    url = publisher.app.state.database.url
    database, beside = Database(url, pool_size=1), Database(url, pool_size=1)
    began = asyncio.Event()

    async def interrupted() -> None:
        async with database.transaction() as tx:
            await tx.copy(tables.kept_answer, [("scope", "lost", b"digest", 200, "{}", AT)])
            began.set()
            await tx.fetch(_SLEEP, {"seconds": [60]})

    working = asyncio.create_task(interrupted())
    await began.wait()
    await asyncio.sleep(0)
    while not working.done():
        working.cancel()
        for _ in range(turns + 1):
            await asyncio.sleep(0)
    for key in ("first", "second", "third"):
        async with database.transaction() as tx:
            await tx.copy(tables.kept_answer, [("scope", key, b"digest", 200, "{}", AT)])
    async with beside.transaction() as tx:
        kept = set((await tx.execute(select(tables.kept_answer.c.key))).scalars())
    assert kept == {"first", "second", "third"}
    await database.dispose()
    await beside.dispose()
    del working
    gc.collect()  # a connection that was forgotten is found here, and fails the test


async def test_a_connection_in_use_while_its_database_is_disposed_is_closed_when_it_comes_back(
    world: World,
) -> None:
    """As at a shutdown that does not wait for a request any longer."""
    publisher = await world.publisher("points")
    database = Database(publisher.app.state.database.url, pool_size=1)
    async with database.transaction() as tx:
        driver = tx._driver
        await database.dispose()
        await tx.fetch(_SLEEP, {"seconds": [0]})
    assert driver.is_closed()
