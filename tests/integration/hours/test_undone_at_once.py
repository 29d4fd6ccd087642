"""An import taken back while somebody writes about its teachers: who writes first keeps them listed."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import httpx
from sqlalchemy import text

from tests.integration.hours import plans
from tests.integration.hours.classes import CENTRE, approved, later, propose, seat, valley
from tests.integration.hours.test_declarations import declaration, declare
from tests.integration.hours.test_imports import send, take_back, undone
from tests.integration.hours.test_swaps import ask
from tests.integration.hours.test_transfers import MOVING
from tests.support.signing import calling
from tests.support.world import World, until

WAITING = (
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)


async def meeting(
    world: World, hours: httpx.AsyncClient, table: str, writing: Awaitable[Any]
) -> tuple[Any, dict[str, str]]:
    """What became of both: `table` takes no rows until the reversal has judged, or waits for its turn."""
    database = world.apps["hours"].state.database

    async def waiting() -> int:
        async with database.transaction() as looking:
            return int((await looking.execute(text(WAITING))).scalar_one())

    async with database.transaction() as tx:
        await tx.execute(text(f'lock table "{table}" in share mode'))
        written = asyncio.ensure_future(writing)
        await until(lambda: _true(waiting, 1))
        taken_back = asyncio.create_task(take_back(hours, table))
        await until(lambda: _true(waiting, 2, taken_back))
    return await written, undone(await taken_back)


async def _true(waiting: Any, many: int, *instead: asyncio.Task[Any]) -> bool:
    return any(task.done() for task in instead) or await waiting() == many


async def test_who_is_written_about_at_the_same_moment_stays_on_the_roster(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1", **later())
    assert await seat(hours, CENTRE, "K1", "T1") == ["enrolled"]
    await plans.approved(hours)
    own, draft = calling("teacher:declaration"), declaration("A", teacher="declaration", declared=False)
    writings = {
        "seat": (seat(hours, CENTRE, "K1", "seat"), ["enrolled"]),
        "class": (propose(hours, CENTRE, "K2", trainers=["class"]), (201, "proposed")),
        "swap": (ask(hours, "school:S", "1", "T1", "swap"), (201, "school:S")),
        "declaration": (declare(hours, draft, own), (201, "draft")),
        "plan_result": (plans.hand_in(hours, "P1", ("plan_result", "12", "passed")), ["taken"]),
    }
    for table, (writing, expected) in writings.items():
        row = f"teacher,name,school\n{table},{MOVING['name']},S\n"
        await send(hours, row, headers={"Idempotency-Key": table})
        assert await meeting(world, hours, table, writing) == (expected, {table: "teacher.has_history"})
        assert (await hours.get(f"/v1/teachers/{table}")).status_code == 200
    assert await world.rebuild("hours") == []
