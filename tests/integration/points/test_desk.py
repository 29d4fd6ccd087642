"""Copies hand their acts to the one that holds the lane, and write themselves wherever that is not there."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as BrokerError

from points.activities.domain.act import Act
from points.activities.domain.admission import Verdict
from points.activities.domain.rulebook import Rulebook
from points.activities.jobs import Desk, Lane
from points.activities.operations import Outcome
from points.settings import LAYOUT, Context
from shared.adoptions.operations import Adoptions
from shared.policy import loader
from shared.runtime.database import Database
from shared.runtime.exclusive import Hold, LockLostError
from shared.runtime.journal import Journal
from tests.integration.points.reading import awards, document
from tests.support.world import World, until
from tests.unit.points.acts import Platform

PLATFORM = Platform()


@pytest.fixture
async def client(world: World) -> AsyncIterator[Client]:
    async with world.broker.connected("a test") as client:
        yield client


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    """The desk of a copy that does nothing else, and has little patience."""
    database = Database((await world.environment("points"))["POINTS_DATABASE_URL"])
    editions = loader.editions()
    context = Context(
        journal=Journal(LAYOUT), book=Rulebook(editions.pack), adoptions=Adoptions(editions), explain={}
    )
    desk = Desk(Lane(database, context), world.broker, patience=0.2)
    yield desk
    await desk.close()
    await database.dispose()


def subject(world: World) -> str:
    return f"{world.prefix}.points.lane"


async def until_held(world: World, client: Client) -> None:
    async def held() -> bool:
        try:
            return (await client.request(subject(world), b"[]")).data == b"[]"
        except BrokerError:
            return False

    await until(held)


def written(world: World, copy: str) -> set[str]:
    """Topics that a copy has written about."""
    states: dict[str, object] = world.apps[copy].state.service.context.memory.states
    return {name.rpartition("/")[2] for name in states}


async def start(copy: httpx.AsyncClient, topic: str) -> int:
    return (await copy.post("/v1/activities", json=document(PLATFORM.start("T1", topic, 0)))).status_code


async def until_handed(copy: httpx.AsyncClient, world: World, named: str) -> None:
    """Start topics at a copy until one is written by another."""
    topics = [f"{named}{number}" for number in range(1000)]

    async def handed() -> bool:
        topic = topics.pop(0)
        assert await start(copy, topic) == 201
        return topic not in written(world, named)

    await until(handed)


async def test_what_other_copies_take_in_is_written_by_the_one_that_holds_the_lane(
    world: World, client: Client
) -> None:
    points = await world.serve("points")
    await until_held(world, client)
    another = await world.beside("points")
    await until_handed(another, world, "another points")
    assert await start(another, "ours") == 201
    assert "ours" in written(world, "points")
    assert "ours" not in written(world, "another points")
    sent = [document(PLATFORM.reply(f"R{n}", "ours", n)) for n in range(1, 11)]
    taken = await another.post("/v1/activities", json=sent)
    again = await another.post("/v1/activities", json=sent[:3])
    assert [taken.json()[name] for name in ("accepted", "replayed", "refused")] == [10, 0, 0]
    assert again.json()["results"] == [row | {"replayed": True} for row in taken.json()["results"][:3]]
    other = await another.post("/v1/activities", json=sent[0] | {"teacher": "T9"})
    assert (other.status_code, other.json()["code"]) == (409, "activity.conflict")
    assert len(await awards(points, 2025)) == 1
    assert await world.rebuild("points") == []


async def test_when_the_holder_leaves_another_copy_holds_the_lane(world: World, client: Client) -> None:
    await world.serve("points")
    await until_held(world, client)
    another = await world.beside("points")
    await until_handed(another, world, "another points")
    await world.stop("points")
    assert await start(another, "alone") == 201
    assert "alone" in written(world, "another points")
    await until_held(world, client)


async def test_who_finds_nobody_or_gets_no_answer_writes_itself(
    desk: Desk, world: World, client: Client
) -> None:
    heard: list[Msg] = []

    async def listen(message: Msg) -> None:
        heard.append(message)

    async def refuse(message: Msg) -> None:
        await message.respond(b"")

    first, second = PLATFORM.start("T1", "a", 0), PLATFORM.start("T1", "b", 0)
    assert await recorded(desk, first)

    async def connected() -> bool:
        return bool(await desk.record([first])) and desk.connected

    await until(connected)
    silent = await client.subscribe(subject(world), cb=listen)
    await client.flush()
    assert await recorded(desk, second)
    assert len(heard) == 1
    await silent.unsubscribe()
    await client.subscribe(subject(world), cb=refuse)
    await client.flush()
    assert await recorded(desk, PLATFORM.start("T1", "c", 0))
    large = [PLATFORM.start("T1", f"{'x' * 150}{n}", 0) for n in range(4000)]
    taken: list[Outcome] = await desk.record(large)
    assert [one.verdict for one in taken] == [Verdict.RECORDED] * len(large)


async def test_who_loses_the_lane_hands_over_again(desk: Desk, world: World, client: Client) -> None:
    heard: list[Msg] = []

    async def refuse(message: Msg) -> None:
        if message.data != b"[]":
            heard.append(message)
            await message.respond(b"")

    hold = Hold()
    working = asyncio.create_task(desk.work(hold))
    await until_held(world, client)
    await client.subscribe(subject(world), cb=refuse)
    await client.flush()
    assert await recorded(desk, PLATFORM.start("T1", "a", 0))
    assert heard == []
    hold.lost = True
    with pytest.raises(LockLostError):
        await working
    assert await recorded(desk, PLATFORM.start("T1", "b", 0))
    assert len(heard) == 1


async def recorded(desk: Desk, act: Act) -> bool:
    return [one.verdict for one in await desk.record([act])] == [Verdict.RECORDED]


async def test_a_process_that_only_works_writes_for_nobody(world: World, client: Client) -> None:
    await world.serve("points", DUTY="work")
    another = await world.beside("points", DUTY="requests")
    await until_held(world, client)
    assert await start(another, "t") == 201
    assert "t" in written(world, "another points")
