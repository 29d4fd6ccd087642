"""Others hear the tree: organisations stand in the rank of the teachers, and none is left in another one."""

from collections.abc import Sequence

import httpx
import msgspec
import pytest
from sqlalchemy import text

from hours.settings import LAYOUT
from shared.contracts import catalogue
from shared.contracts.envelope import Event
from shared.contracts.hours import OrganisationChanged, OrganisationRegistered
from shared.runtime.database import Database
from shared.runtime.journal import Draft, Journal, Layout
from shared.runtime.journal.positions import Feed
from shared.startup import StartUpError
from tests.integration.hours.acts import AT
from tests.integration.hours.test_organisations import DISTRICT, SCHOOL, WHOLE, codes, post
from tests.support.steps import step_of, take
from tests.support.world import World

STEP = "2026_11_29_1115"
BEFORE: Layout = step_of("hours", STEP).BEFORE


async def said(hours: httpx.AsyncClient) -> Sequence[Event]:
    """Everything that others hear."""
    events: list[Event] = []
    for partition in (await hours.get("/v1/journal/heads")).json()["heads"]:
        page = await hours.get(f"/v1/journal/{partition}")
        events += msgspec.json.decode(page.content, type=Feed).items
    return events


async def described(world: World) -> str:
    url = (await world.environment("hours"))["HOURS_OWNER_URL"]
    database = Database(url)
    async with database.transaction() as tx:
        found: str = (await tx.execute(text("select description from layout"))).scalar_one()
    await database.dispose()
    return found


async def test_what_the_tree_says_is_heard_by_others(world: World) -> None:
    hours = await world.serve("hours")
    await post(hours, *WHOLE)
    await post(hours, {**SCHOOL, "name": "福田第一小学"})
    events = {(event.type, event.subject): catalogue.parse(event) for event in await said(hours)}
    assert len(events) == len(WHOLE) + 1
    district = events["organisation.registered.v1", "organisation:D"]
    assert isinstance(district, OrganisationRegistered)
    assert {**msgspec.to_builtins(district), "division_since": "1990-01-04"} == {
        **DISTRICT,
        "school_code": "",
        "credit_code": "",
    }
    school = events["organisation.changed.v1", "organisation:S"]
    assert isinstance(school, OrganisationChanged)
    assert (school.name, school.parent) == ("福田第一小学", "D")


async def test_a_database_without_organisations_is_migrated_there_and_back(world: World) -> None:
    await take(world, "hours", STEP, "downgrade")
    assert await described(world) == BEFORE.describe()
    await take(world, "hours", STEP)
    assert await described(world) == LAYOUT.describe()
    hours = await world.serve("hours")
    assert (await hours.get("/readyz")).status_code == 200
    assert codes(await post(hours, *WHOLE)) == ["registered"] * 4


async def test_organisations_in_another_rank_are_not_left_behind_in_silence(world: World) -> None:
    await take(world, "hours", STEP, "downgrade")
    url = (await world.environment("hours"))["HOURS_DATABASE_URL"]
    database, journal = Database(url), Journal(BEFORE)
    fact = OrganisationRegistered(
        organisation="P",
        level="province",
        name="广东省",
        parent="",
        division="440000",
        division_since=AT.date(),
        school_code="",
        credit_code="",
    )
    draft = Draft(
        type="organisation.registered.v1", subject="organisation:P", effective_at=AT, policy="", data=fact
    )
    async with database.transaction() as tx:
        await journal.lock(tx, [draft.subject])
        await journal.append(tx, [draft])
    await database.dispose()
    with pytest.raises(StartUpError, match=r"entries \(1\) on subjects 'organisation:' in another rank"):
        await take(world, "hours", STEP)
    assert await described(world) == BEFORE.describe(), "nothing was migrated"
    hours = await world.serve("hours")
    assert (await hours.get("/readyz")).status_code == 503
