"""Over HTTP, with several writers: what is earned depends on the set of acts alone."""

import asyncio
from random import Random

import httpx
import pytest

from points.activities.domain.act import Act
from points.activities.store import states
from points.activities.store.memory import Memory
from points.app import create_app
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from tests.integration.points import year
from tests.integration.points.reading import awards, document, everything
from tests.support.world import World
from tests.unit.points import reference
from tests.unit.points.acts import Platform
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
    points: httpx.AsyncClient, second: httpx.AsyncClient, world: World, seed: int
) -> None:
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


@pytest.mark.parametrize("lost", ["kept", "remembered", "both"])
async def test_object_states_may_be_lost_at_any_time(
    points: httpx.AsyncClient, world: World, lost: str
) -> None:
    given = year.acts(2)
    memory: Memory = world.apps["points"].state.service.context.memory
    database = Database((await world.environment("points"))["POINTS_DATABASE_URL"])
    for number, request in enumerate(year.arriving(2, given)):
        if number % 5 == 4 and lost != "remembered":
            async with database.transaction() as tx:
                await states.forget_states(tx)
        if number % 5 == 2 and lost != "kept":
            memory.states.clear()
        await _send(points, [request])
    await database.dispose()
    expected = await asyncio.to_thread(reference.awards, given, GUANGZHOU)
    assert await awards(points, 2024, 2025) == expected
    assert await world.rebuild("points") == []


async def test_what_another_copy_recorded_or_struck_counts_for_what_this_one_remembers(
    points: httpx.AsyncClient, second: httpx.AsyncClient, world: World
) -> None:
    """Two copies take turns at one topic; the last act of each turn decides."""
    platform, copies = Platform("north"), (points, second)
    given = [platform.start("T1", "t", 0), *(platform.reply(f"R{n}", "t", n) for n in range(1, 10))]
    for number, act in enumerate(given):
        await _send(copies[number % 2], [[act]])
    steps = [platform.reply("R10", "t", 10), platform.withdraw(given[3]), platform.reply("R11", "t", 11)]
    for number, act in enumerate([*steps, platform.withdraw(steps[0]), platform.reply("R12", "t", 12)]):
        given.append(act)
        await _send(copies[number % 2], [[act]])
        assert await awards(points, 2025) == reference.awards(given, GUANGZHOU)
    assert len(await awards(points, 2025)) == 1
    assert await world.rebuild("points") == []


async def test_what_another_copy_kept_of_a_group_counts_for_what_this_one_remembers(
    points: httpx.AsyncClient, second: httpx.AsyncClient, world: World
) -> None:
    """Two copies take turns at one workshop, so that each finds it other than it left it."""
    platform, copies = Platform("north"), (points, second)
    given = [platform.found("T1", "w", 0), platform.create("T1", "s", "w", 1)]
    given += [platform.join(f"M{n}", "w", n) for n in range(2, 13)]
    given += [platform.outcome("T1", "s", 20), platform.withdraw(given[3]), platform.feature("T1", "w", 30)]
    for number, act in enumerate(given):
        await _send(copies[number % 2], [[act]])
        assert await awards(points, 2025) == reference.awards(given[: number + 1], GUANGZHOU)
    assert len(await awards(points, 2025)) > 2 * 10
    assert await world.rebuild("points") == []


async def test_a_founding_that_comes_last_decides_about_what_was_there_before(
    points: httpx.AsyncClient, world: World
) -> None:
    platform = Platform("north")
    early = [platform.create("T1", "s1", "w1", 1), platform.recommend("P01", "h1", "w1", "T1", 2)]
    early += [platform.create("T2", "s2", "w1", 3), platform.recommend("P02", "h2", "w1", "T2", 4)]
    first, before = platform.found("T1", "w1", 9), platform.found("T2", "w1", 5)
    for request in ([act] for act in early):
        await _send(points, [request])
    assert await awards(points, 2025) == []
    for given in ([first], [before]):
        await _send(points, [given])
        known = [*early, first] if given == [first] else [*early, first, before]
        assert await awards(points, 2025) == reference.awards(known, GUANGZHOU)
    ruling = platform.withdraw(before)
    await _send(points, [[ruling]])
    assert await awards(points, 2025) == reference.awards([*early, first, before, ruling], GUANGZHOU)
    statement = await everything(points, "/v1/teachers/T2/statement")
    assert [line["points"] for line in statement if line["type"] == "points.reversed.v1"] == [-50, -20]
    assert {line["reason"] for line in statement if "reason" in line} == {"withdrawn"}
    assert await world.rebuild("points") == []


async def test_a_cap_holds_against_copies_that_write_at_once_about_different_objects(
    points: httpx.AsyncClient, world: World
) -> None:
    settings = Settings.from_environment("points", await world.environment("points"))
    copies = [points, *[await world.start(f"points-{n}", create_app(settings)) for n in range(3)]]
    platform = Platform("north")
    shares = [platform.share("T1", f"r{n}", f"h{n}") for n in range(60)]
    Random(1).shuffle(shares)
    await asyncio.gather(*(_send(copy, [[act] for act in shares[n::4]]) for n, copy in enumerate(copies)))
    assert await awards(points, 2025) == reference.awards(shares, GUANGZHOU)
    await _sums_agree(points, 2025)
    assert await world.rebuild("points") == []
