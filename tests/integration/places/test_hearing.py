"""Services hear who lies where: the same from every order of events, also where they begin late."""

from collections.abc import Sequence
from random import Random

import pytest

from shared.contracts.envelope import Event
from shared.places import hearing
from shared.runtime.database import Database
from tests.integration.hours.acts import enrol
from tests.integration.hours.test_heard_organisations import said
from tests.integration.hours.test_organisations import SCHOOL, post
from tests.integration.places.town import LISTENERS, Town, settle
from tests.support.steps import take
from tests.support.world import World

LEAST = 5
"""Partitions of hours that have said something."""
STEP = "2026_11_29_1120"
PLACES = ["C|P", "D|C", "E|C", "F|E", "N|D", "P|-", "S|D"]
TEACHERS = ["T1|S|福田区", "T2|F|罗湖区", "T3|elsewhere|D"]


async def test_every_service_hears_what_stands_below_what_and_who_works_where(world: World) -> None:
    town = await settle(world)
    await town.heard()
    for listener in LISTENERS:
        assert town.places(listener) == PLACES
        assert await world.rebuild(listener) == [], "what was heard is not of the own journal"
    for listener in ("points", "certificates"):
        assert town.whereabouts(listener) == TEACHERS
    await post(town.hours, {**SCHOOL, "parent": "E"})
    await town.transfer("T2", "N", "1")
    await town.list_by_mistake("T4", "S")
    await enrol(town.hours, "T3", school="N", district="福田区")
    await town.heard()
    for listener in LISTENERS:
        assert "S|E" in town.places(listener)
    for listener in ("points", "certificates"):
        assert town.whereabouts(listener) == ["T1|S|福田区", "T2|N|福田区", "T3|N|福田区"]


@pytest.mark.parametrize("listener", ["points", "certificates"])
async def test_a_database_that_heard_teachers_before_learns_where_they_are(
    world: World, listener: str
) -> None:
    town = await settle(world)
    await town.heard()
    await world.stop(listener)
    await take(world, listener, STEP, "downgrade")
    await take(world, listener, STEP)
    await world.serve(listener)
    await world.heard(listener, "hours")
    assert (town.places(listener), town.whereabouts(listener)) == (PLACES, TEACHERS)
    assert (await world.rebuild(listener)) == []


async def test_verification_hears_the_tree_from_its_migration_on(world: World) -> None:
    await world.database("verification")
    await take(world, "verification", STEP, "downgrade")
    await take(world, "verification", STEP)
    town = await settle(world)
    await town.heard()
    assert town.places("verification") == PLACES


async def test_no_order_of_partitions_and_no_repetition_matters(world: World) -> None:
    town = await settle(world)
    await post(town.hours, {**SCHOOL, "parent": "E"})
    await town.transfer("T2", "N", "1")
    await town.list_by_mistake("T4", "S")
    await enrol(town.hours, "T4", school="N", district="福田区")
    await town.heard()
    shown = town.places("points"), town.whereabouts("points")
    events = await said(town.hours)
    for seed in range(20):
        await _hear_anew(town, events, Random(seed))
        assert (town.places("points"), town.whereabouts("points")) == shown, f"seed {seed}"


async def _hear_anew(town: Town, events: Sequence[Event], chance: Random) -> None:
    """Hear partitions interleaved at random, each in its order, in batches of any size, some twice."""
    waiting: dict[int, list[Event]] = {}
    for event in events:
        waiting.setdefault(event.partition, []).append(event)
    assert len(waiting) > LEAST, "there is something to interleave"
    database: Database = town.world.apps["points"].state.database
    town.world.cluster.postgres.sql("truncate place, whereabouts", town.world.databases["points"])
    turns = [partition for partition, own in waiting.items() for _ in own]
    chance.shuffle(turns)
    while turns:
        size = chance.randint(1, 6)
        batch = [waiting[partition].pop(0) for partition in turns[:size]]
        del turns[:size]
        for _ in range(chance.randint(1, 2)):
            async with database.transaction() as tx:
                await hearing.hear(tx, batch)
