"""Who lies below whom, asked of every service: it follows the tree, transfers and removals."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from random import Random

import pytest
from sqlalchemy import insert, select, text

from shared.places.store import FEW, Places
from shared.places.tables import place, whereabouts
from shared.runtime.database import Database, Transaction
from tests.integration.hours.acts import enrol
from tests.integration.hours.test_organisations import SCHOOL, post
from tests.integration.places.town import LISTENERS, Town, settle
from tests.support.world import World

HEARD = Places(organisations=place, teachers=whereabouts)
MOST = 0.9
EVERYBODY = ("T1", "T2", "T3", "T4")
READ = text("select seq_scan, idx_tup_fetch from pg_stat_xact_user_tables where relname = 'whereabouts'")
"""What a transaction has read so far."""
MANY = {f"filler-{n}" for n in range(FEW)}
"""Organisations without anybody, with which a list is asked row by row."""


async def below(town: Town, organisation: str) -> list[str]:
    """The teachers below an organisation, on whom all services agree whichever way they are asked."""
    answers = {
        service: await _asked(town.world.apps[service].state.database, service, organisation)
        for service in ("hours", *LISTENERS)
    }
    assert len(set(map(tuple, answers.values()))) == 1, answers
    return answers["hours"]


async def _asked(database: Database, service: str, organisation: str) -> list[str]:
    places: Places = import_module(f"{service}.app").PLACES
    async with database.transaction() as tx:
        found = await places.lies_below(tx, EVERYBODY, organisation)
        whole = await places.below(tx, organisation)
        assert organisation in whole
        for reach in (whole, whole | MANY):
            assert await _listed(tx, places, reach) == sorted(found)
    return sorted(found)


async def _listed(tx: Transaction, places: Places, reach: set[str]) -> list[str]:
    """As a list of a room that names its teachers would be narrowed, here that of the teachers themselves."""
    teacher = places.teachers.c.teacher
    rows = await tx.execute(select(teacher).where(places.within(teacher, reach)).order_by(teacher))
    return list(rows.scalars())


async def test_the_reach_is_that_of_the_tree_and_of_a_district_without_one(world: World) -> None:
    town = await settle(world)
    await town.heard()
    told = {organisation: await below(town, organisation) for organisation in ("P", "C", "D", "E", "S", "F")}
    whole = ["T1", "T2", "T3"]
    assert told == {"P": whole, "C": whole, "D": ["T1", "T3"], "E": ["T2"], "S": ["T1"], "F": ["T2"]}
    assert await below(town, "elsewhere") == ["T3"], "a school of no tree has its own teachers"
    assert await below(town, "福田区") == [], "a name is no id, and the school says where it lies"
    assert await below(town, "nobody") == []
    async with world.apps["points"].state.database.transaction() as tx:
        assert await HEARD.below(tx, "nobody") == {"nobody"}
        assert await HEARD.below(tx, "C") == {"C", "D", "E", "S", "N", "F"}
        assert await HEARD.lies_below(tx, [], "P") == set()


async def test_a_school_that_moves_takes_its_teachers_along(world: World) -> None:
    town = await settle(world)
    await enrol(town.hours, "T4", school="later", district="D")
    await town.heard()
    assert await below(town, "D") == ["T1", "T3", "T4"]
    await post(town.hours, {**SCHOOL, "parent": "E"})
    later = {"organisation": "later", "level": "school", "name": "第九小学", "parent": "E"}
    await post(town.hours, later)
    await town.heard()
    assert (await below(town, "D"), await below(town, "E")) == (["T3"], ["T1", "T2", "T4"])


async def test_who_is_transferred_or_removed_lies_elsewhere_or_nowhere(world: World) -> None:
    town = await settle(world)
    await town.transfer("T2", "N", "1")
    await town.list_by_mistake("T4", "S")
    await town.heard()
    assert (await below(town, "D"), await below(town, "E")) == (["T1", "T2", "T3"], [])
    assert await below(town, "P") == ["T1", "T2", "T3"]


@pytest.mark.parametrize("seed", range(4))
async def test_answers_are_those_of_a_plain_walk_through_any_forest(world: World, seed: int) -> None:
    chance = Random(seed)
    await world.database("points")
    database = Database((await world.environment("points"))["POINTS_DATABASE_URL"])
    for size in (0, 1, 5, 40, 3 * FEW):
        parents = {f"O{n}": _any_before(chance, n) for n in range(size)}
        ids = [*parents, "unknown"]
        works = {f"T{n}": (chance.choice(ids), chance.choice(ids)) for n in range(60)}
        async with database.transaction() as tx:
            await tx.execute(text("delete from place"))
            await tx.execute(text("delete from whereabouts"))
            await _write(tx, parents, works)
            for organisation in chance.sample(ids, min(6, len(ids))):
                await _compare(tx, parents, works, organisation)
    await database.dispose()


Parents = Mapping[str, str | None]
Works = Mapping[str, tuple[str, str]]


def _any_before(chance: Random, number: int) -> str | None:
    """What an organisation stands below: most below an earlier one, some below nothing."""
    return f"O{chance.randrange(number)}" if number and chance.random() < MOST else None


async def _write(tx: Transaction, parents: Parents, works: Works) -> None:
    if parents:
        rows = [{"organisation": one, "parent": parent} for one, parent in parents.items()]
        await tx.execute(insert(place), rows)
    listed = [{"teacher": who, "school": at, "district": of} for who, (at, of) in works.items()]
    await tx.execute(insert(whereabouts), listed)


async def _compare(tx: Transaction, parents: Parents, works: Works, organisation: str) -> None:
    whole = {one for one in parents if organisation in _upward(parents, one)} | {organisation}
    reached = {
        who
        for who, (school, district) in works.items()
        if {school, *(() if school in parents else (district,))} & whole
    }
    assert await HEARD.below(tx, organisation) == whole
    assert await HEARD.lies_below(tx, works, organisation) == reached
    assert set(await _listed(tx, HEARD, whole)) == reached


def _upward(parents: Parents, organisation: str | None) -> Sequence[str]:
    found: list[str] = []
    while organisation is not None:
        found.append(organisation)
        organisation = parents[organisation]
    return found


async def test_a_page_of_a_long_list_reads_no_whole_table(world: World) -> None:
    await world.database("points")
    name, postgres = world.databases["points"], world.cluster.postgres
    postgres.sql("insert into place select 'S' || n, 'D' from generate_series(1, 2000) n", name)
    teachers = "select 'T' || n, 'S' || n % 2000, '越秀区' from generate_series(1, 200000) n"
    postgres.sql(f"insert into whereabouts {teachers}", name)
    postgres.sql("analyze place, whereabouts", name)
    database = Database((await world.environment("points"))["POINTS_DATABASE_URL"])
    listed = whereabouts.alias("listed").c.teacher
    for reach in ({"S7"}, {f"S{n}" for n in range(2000)}):
        query = select(listed).where(HEARD.within(listed, reach)).order_by(listed).limit(1000)
        async with database.transaction() as tx:
            assert (await tx.execute(query)).all()
            read = (await tx.execute(READ)).one()
        assert (read.seq_scan, read.idx_tup_fetch < 10_000) == (0, True), (len(reach), read)
    await database.dispose()
