"""What is said is heard once, in order, whatever the broker does; what cannot be applied waits aside."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import httpx
import msgspec
import nats
import pytest
from sqlalchemy import text

from shared.runtime.database import Database
from shared.runtime.journal import positions
from shared.runtime.journal.consumer import Following, redrive
from tests.support.listening import Listener, listening, note
from tests.support.signing import OPERATOR, signed
from tests.support.world import Publisher, World, until


@pytest.fixture
async def listener(world: World) -> AsyncIterator[Listener]:
    async with listening(world) as made:
        await made.serve()
        yield made


async def test_everything_is_heard_once_and_in_order_of_each_subject(
    world: World, publisher: Publisher, listener: Listener
) -> None:
    await asyncio.gather(*(publisher.say_all([note(t, f"{r}") for t in range(20)]) for r in range(10)))
    await world.heard("hours", "points")
    heard = await listener.heard()
    assert len(heard) == len(set(heard)) == 200
    for teacher in range(20):
        mine = [seq for subject, seq in heard if subject == f"teacher:T{teacher}"]
        assert mine == sorted(mine)


async def test_a_wiped_broker_costs_nothing_but_time(
    world: World, publisher: Publisher, listener: Listener
) -> None:
    await publisher.say_all([note(1, "before")])
    await world.heard("hours", "points")
    client = await nats.connect(world.cluster.nats.url)
    await client.jetstream().delete_stream(f"{world.prefix}-journal-points")
    await client.close()
    await publisher.say_all([note(t, "after") for t in range(10)])
    await world.heard("hours", "points")
    assert len(await listener.heard()) == 11


async def test_duplicates_and_gaps_change_nothing(
    world: World, publisher: Publisher, listener: Listener
) -> None:
    await world.stop("hours")
    entries = await publisher.say_all([note(1, f"{n}") for n in range(6)])
    page = await publisher.client.get(f"/v1/journal/{entries[0].partition}")
    events = msgspec.json.decode(page.content, type=positions.Feed).items
    following = Following("hours", listener.consumer, listener.database, world.broker)
    await following.apply(events[:2])
    await following.apply(events[4:])
    await following.apply(events[:3])
    await following.apply(list(reversed(events)))
    assert [seq for _, seq in await listener.heard()] == [1, 2, 3, 4, 5, 6]


async def test_a_poison_event_waits_with_its_subject_and_redrive_keeps_the_order(
    world: World, publisher: Publisher, listener: Listener
) -> None:
    same = [t for t in range(500) if publisher.journal.partition(f"teacher:T{t}") == 3][:2]
    sick, well = same
    await publisher.say_all(
        [note(sick, "fine"), note(sick, "poison"), note(well, "fine"), note(sick, "behind"), note(well, "x")]
    )
    await world.heard("hours", "points")
    assert [subject for subject, _ in await listener.heard()] == [
        f"teacher:T{sick}",
        f"teacher:T{well}",
        f"teacher:T{well}",
    ]
    assert await redrive(listener.database, listener.consumer) == 0

    listener.poisoned = False
    assert await redrive(listener.database, listener.consumer) == 2
    mine = [seq for subject, seq in await listener.heard() if subject == f"teacher:T{sick}"]
    assert mine == [1, 2, 4]


async def test_a_source_that_is_away_is_caught_up_with_when_it_returns(
    world: World, publisher: Publisher, listener: Listener
) -> None:
    await publisher.say_all([note(1, "one")])
    await world.heard("hours", "points")
    await world.stop("points")
    await publisher.say_all([note(1, "two")])
    await world.start("points", publisher.app)
    await world.heard("hours", "points")

    async def both() -> bool:
        return len(await listener.heard()) == 2

    await until(both)
    async with httpx.AsyncClient(
        base_url=world.url("hours"), trust_env=False, headers=signed(OPERATOR)
    ) as client:
        assert (await client.get("/v1/positions")).json()["parked"] == 0


async def restore_older(world: World, publisher: Publisher, partition: int, seq: int) -> httpx.AsyncClient:
    """Bring the publisher's database back as it was when a partition ended at `seq`."""
    await world.stop("points")
    owner = Database(publisher.app.state.database.url.replace("points@", "points_owner@"))
    async with owner.transaction() as tx:
        for statement in (
            "delete from journal where partition = :p and seq > :seq",
            (
                "update part set seq = journal.seq, head = journal.hash from journal"
                " where part.partition = :p and journal.partition = :p and journal.seq = :seq"
            ),
            "update relayed set seq = least(seq, :seq) where partition = :p",
        ):
            await tx.execute(text(statement), {"p": partition, "seq": seq})
    await owner.dispose()
    return await world.start("points", publisher.app)


async def test_of_a_source_that_came_back_older_nothing_is_applied_and_everybody_can_see_it(
    world: World, publisher: Publisher, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    lost, other = next((a, b) for a, b in pairwise(range(500)) if not same_partition(publisher, a, b))
    entries = await publisher.say_all([note(lost, f"{n}") for n in range(5)])
    await world.heard("hours", "points")
    partition = entries[0].partition
    source = await restore_older(world, publisher, partition, 3)

    async with httpx.AsyncClient(
        base_url=world.url("hours"), trust_env=False, headers=signed(OPERATOR)
    ) as client:

        async def stopped() -> bool:
            shown: dict[str, list[int]] = (await client.get("/v1/positions")).json()["ahead"]
            return shown == {"points": [partition]}

        await until(stopped)
        await publisher.say_all([note(lost, f"another {n}") for n in range(9)])
        await publisher.say_all([note(other, "goes on")])

        async def heard_other() -> bool:
            return f"teacher:T{other}" in [subject for subject, _ in await listener.heard()]

        await until(heard_other)
        await world.stop("hours")
        page = await source.get(f"/v1/journal/{partition}")
    events = msgspec.json.decode(page.content, type=positions.Feed).items
    following = Following("hours", listener.consumer, listener.database, world.broker)
    await following.apply(events)
    assert [seq for subject, seq in await listener.heard() if subject == f"teacher:T{lost}"] == [
        1,
        2,
        3,
        4,
        5,
    ]
    said = [record.getMessage() for record in caplog.records if "the source ends at" in record.getMessage()]
    assert len(said) == 1
    assert said[0].startswith(f"points/{partition}: applied up to 5, but the source ends at 3;")


def same_partition(publisher: Publisher, *teachers: int) -> bool:
    return len({publisher.journal.partition(f"teacher:T{teacher}") for teacher in teachers}) == 1


async def test_a_copy_with_positions_ahead_of_their_source_stays_ready_and_says_so(world: World) -> None:
    await world.publisher("points")
    client = await world.serve("hours")
    assert (await client.get("/readyz")).json()["checks"]["positions"] == "ok"
    async with world.apps["hours"].state.database.transaction() as tx:
        await tx.execute(text("insert into position (source, partition, seq) values ('points', 1, 1)"))

    async def shown() -> bool:
        answer = await client.get("/readyz")
        assert answer.status_code == 200
        return bool(answer.json()["checks"]["positions"] == "ahead")

    await until(shown)
