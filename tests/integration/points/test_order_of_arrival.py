"""Over HTTP, with several writers: what is earned depends on the set of acts alone."""

import asyncio

import httpx
import pytest

from points.activities import store
from points.activities.domain.act import Act
from points.app import create_app
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from tests.integration.points import year
from tests.integration.points.reading import awards, document, everything
from tests.support.world import World
from tests.unit.points import reference
from tests.unit.points.counting import GUANGZHOU


async def _send(client: httpx.AsyncClient, requests: list[list[Act]]) -> None:
    for request in requests:
        answer = await client.post("/v1/activities", json=[document(act) for act in request])
        assert answer.json()["refused"] == 0, answer.text


async def _sums_agree(client: httpx.AsyncClient, *years: int) -> None:
    """What the accounts say was earned is what the awards say, teacher by teacher."""
    for each in years:
        earned: dict[str, int] = {}
        for award in await awards(client, each):
            earned[award.teacher] = earned.get(award.teacher, 0) + award.points
        shown = {
            item["teacher"]: item["earned"] for item in await everything(client, "/v1/accounts", year=each)
        }
        assert {who: points for who, points in shown.items() if points} == {
            who: points for who, points in earned.items() if points
        }


@pytest.mark.parametrize("seed", [1, 3])
async def test_two_copies_with_writers_at_once_agree_with_the_naive_reference(
    points: httpx.AsyncClient, world: World, seed: int
) -> None:
    settings = Settings.from_environment("points", await world.environment("points"))
    second = await world.start("points-b", create_app(settings))
    given = year.acts(seed)
    requests = year.arriving(seed, given)
    shares = [requests[n::6] for n in range(6)]
    await asyncio.gather(
        *(_send(client, share) for client, share in zip([points, second] * 3, shares, strict=True))
    )
    expected = await asyncio.to_thread(reference.awards, given, GUANGZHOU)
    assert {award.rule for award in expected} == {rule.id for rule in GUANGZHOU.points}
    assert await awards(points, 2024, 2025) == expected
    await _sums_agree(points, 2024, 2025)
    assert await world.rebuild("points") == []


async def test_object_states_may_be_lost_at_any_time(points: httpx.AsyncClient, world: World) -> None:
    given = year.acts(2)
    database = Database((await world.environment("points"))["POINTS_DATABASE_URL"])
    for number, request in enumerate(year.arriving(2, given)):
        if number % 5 == 4:
            async with database.transaction() as tx:
                await store.forget_states(tx)
        await _send(points, [request])
    await database.dispose()
    expected = await asyncio.to_thread(reference.awards, given, GUANGZHOU)
    assert await awards(points, 2024, 2025) == expected
    assert await world.rebuild("points") == []
