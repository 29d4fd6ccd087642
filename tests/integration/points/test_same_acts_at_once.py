"""Two copies at the same time: each act is recorded once and answered everywhere, each ruling holds."""

import asyncio
from collections.abc import Sequence

import httpx
import msgspec
import pytest
from sqlalchemy import text

from bench.workload import community
from shared.runtime.database import Database
from tests.integration.points.reading import awards, document
from tests.support.world import World, until
from tests.unit.points.acts import Platform, people

ACTS = 6000
PORTION = 100
AT_ONCE = 8
WAITING = (
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)


class Counted(msgspec.Struct):
    accepted: int
    replayed: int
    refused: int


async def send(copy: httpx.AsyncClient, bodies: Sequence[bytes]) -> list[Counted]:
    """Send bodies in order, some at once; every request is answered."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(body: bytes) -> Counted:
        async with free:
            answer = await copy.post("/v1/activities", content=body)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=Counted)

    return await asyncio.gather(*(one(body) for body in bodies))


@pytest.mark.long
async def test_acts_that_two_copies_are_sent_at_once_are_recorded_once(
    points: httpx.AsyncClient, second: httpx.AsyncClient, world: World
) -> None:
    workload = community(ACTS, source="twice", year=2025)
    shares = [workload.shuffled(seed).arrays(PORTION) for seed in range(4)]
    sent = zip((points, second, points, second), shares, strict=True)
    answers = [count for counts in await asyncio.gather(*(send(*one) for one in sent)) for count in counts]
    assert sum(count.accepted for count in answers) == workload.recorded.acts
    assert sum(count.replayed for count in answers) == 4 * len(workload.lines) - workload.recorded.acts
    assert sum(count.refused for count in answers) == 0
    assert await world.rebuild("points") == []


async def test_a_ruling_holds_for_an_act_that_another_copy_records_while_it_waits(
    points: httpx.AsyncClient, second: httpx.AsyncClient, world: World
) -> None:
    """The ruling has looked for its act in vain when that is recorded; then it takes it from its thing."""
    platform, journal = Platform("north"), world.apps["points"].state.service.context.journal
    first, *others = (platform.reply(who, "t", n) for n, who in enumerate(people(10), 1))
    ruling = platform.withdraw(first)
    assert journal.partition(ruling.subject) != journal.partition(first.subject)
    known = [platform.start("T1", "t", 0), *others]
    await points.post("/v1/activities", json=[document(act) for act in known])
    database = Database((await world.environment("points"))["POINTS_DATABASE_URL"])

    async def waits() -> bool:
        async with database.transaction() as looking:
            return bool((await looking.execute(text(WAITING))).scalar_one())

    async with database.transaction() as tx:
        await journal.lock(tx, [ruling.subject])
        ruled = asyncio.create_task(points.post("/v1/activities", json=document(ruling)))
        await until(waits)
        assert (await second.post("/v1/activities", json=document(first))).status_code == 201
        assert len(await awards(second, 2025)) == 1
    await database.dispose()
    assert (await ruled).status_code == 201
    assert await awards(points, 2025) == []
    assert await world.rebuild("points") == []
