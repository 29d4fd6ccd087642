"""What a service hears may be split into lanes of partitions, which its copies share out."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest
from sqlalchemy import text

from shared.runtime.exclusive import Hold
from shared.runtime.jobs import supervise
from shared.runtime.journal import positions
from shared.runtime.journal.consumer import Following
from shared.runtime.journal.layout import Lane
from tests.support.beside import at_work
from tests.support.listening import Listener, listening, note
from tests.support.world import Publisher, World, until

LANES = 4
TEACHERS = 80


@pytest.fixture
async def listener(world: World) -> AsyncIterator[Listener]:
    async with listening(world) as made:
        yield made


async def applied(listener: Listener) -> set[int]:
    async with listener.database.transaction() as tx:
        return set(await positions.load(tx, "points"))


async def test_a_lane_hears_its_own_partitions_over_the_broker_and_no_others(
    world: World, publisher: Publisher, listener: Listener
) -> None:
    said = await publisher.say_all([note(teacher, "one") for teacher in range(TEACHERS)])
    lane = Lane(index=1, of=LANES)
    own = {entry.partition for entry in said if entry.partition % LANES == 1}
    following = Following("hours", listener.consumer, listener.database, world.broker, lane)

    async def heard_own() -> bool:
        return await applied(listener) == own

    address = world.broker.address("points")
    subjects = {address.subject(partition) for partition in range(32) if partition % LANES == 1}

    async def heard_by_broker() -> bool:
        async with world.broker.connected("test") as client:
            known = await client.jetstream().consumers_info(address.stream)
        mine = [info for info in known if info.name == "hours-1-of-4" and info.num_pending == 0]
        assert all(set(info.config.filter_subjects or ()) == subjects for info in mine)
        return any(info.delivered is not None and info.delivered.consumer_seq > 0 for info in mine)

    async with at_work(following.work(Hold())):
        await until(heard_own)
        await until(heard_by_broker)
    assert await applied(listener) == own


async def test_copies_share_the_lanes_out_and_take_over_those_of_a_copy_that_ends(
    world: World, publisher: Publisher, listener: Listener
) -> None:
    lanes = [Lane(index=index, of=LANES) for index in range(LANES)]

    def copy() -> list[Coroutine[Any, Any, None]]:
        return [
            supervise(listener.database.url, lane.named("hours.hears.points"), following.work)
            for lane in lanes
            for following in [Following("hours", listener.consumer, listener.database, world.broker, lane)]
        ]

    async def locks() -> int:
        async with listener.database.transaction() as tx:
            held = await tx.execute(
                text(
                    "select count(*) from pg_locks where locktype = 'advisory' and granted"
                    " and database = (select oid from pg_database where datname = current_database())"
                )
            )
            return int(held.scalar_one())

    async def everything(count: int) -> None:
        async def heard() -> bool:
            return len(await listener.heard()) == count

        await until(heard)

    first, second = copy(), copy()
    async with at_work(*second):
        async with at_work(*first):
            await asyncio.gather(
                *(publisher.say_all([note(t, f"{n}") for t in range(TEACHERS)]) for n in range(5))
            )
            await everything(5 * TEACHERS)
            assert await locks() == LANES
        await publisher.say_all([note(t, "more") for t in range(TEACHERS)])
        await everything(6 * TEACHERS)
    for teacher in range(TEACHERS):
        mine = [seq for subject, seq in await listener.heard() if subject == f"teacher:T{teacher}"]
        assert len(mine) == 6
        assert mine == sorted(mine)
