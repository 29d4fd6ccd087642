"""What was recorded in an archived year is answered, replayed, explained and taken back like the rest."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from points.activities.domain.act import Act
from points.activities.domain.admission import Verdict
from points.activities.jobs import Desk
from shared.runtime.errors import AwayError
from tests.integration.points import year
from tests.integration.points.reading import awards, document, everything
from tests.support.past import archive, record_at
from tests.support.world import World
from tests.unit.points import reference
from tests.unit.points.acts import Platform
from tests.unit.points.counting import GUANGZHOU

IN_2025 = datetime(2025, 11, 1, tzinfo=UTC)
IN_2026 = datetime(2026, 1, 9, tzinfo=UTC)


async def send(points: httpx.AsyncClient, acts: Sequence[Act]) -> int:
    """Send acts in one request; how many were new."""
    answer = await points.post("/v1/activities", json=[document(act) for act in acts])
    return int(answer.raise_for_status().json()["accepted"])


async def answers(points: httpx.AsyncClient) -> dict[str, Any]:
    """What the service says about many people and their awards, by address."""
    found: dict[str, Any] = {}
    items = [item for one in (2024, 2025) for item in await everything(points, "/v1/awards", year=one)]
    paths = {f"/v1/teachers/{item['teacher']}/statement?limit=200" for item in items}
    paths |= {f"/v1/activities/{item['activity']['source']}/{item['activity']['id']}" for item in items}
    paths |= {f"/v1/entries/{item['event'].partition('/')[2]}/why" for item in items}
    for path in sorted(paths)[::12]:
        found[path] = (await points.get(path)).raise_for_status().json()
    return found


@pytest.mark.long
async def test_late_rulings_on_an_archived_year_have_the_effect_that_they_always_have(
    world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    points = await world.serve("points", ARCHIVE_URL=str(folder))
    given = year.acts(7)
    record_at(world, "points", IN_2025)
    assert await send(points, given) == len(given)
    receipt = (await points.post("/v1/activities", json=document(given[0]))).json()
    before = await answers(points)
    record_at(world, "points", None)
    await archive(world, "points", 2025, folder)
    assert await answers(points) == before
    assert (await points.post("/v1/activities", json=document(given[0]))).json() == receipt

    platform, chance = Platform("north"), Random(7)
    acts = [platform.withdraw(act, "error", IN_2026) for act in chance.sample(given, 60)]
    acts += [platform.rate(f"Q{n:02}", "r1", 5, IN_2025) for n in range(9)]
    late = [replace(act, id=f"late-{n}") for n, act in enumerate(acts)]
    assert await send(points, late[:30]) == 30
    await world.stop("points")  # what it remembers of objects is lost, and the file is let go
    points = await world.serve("points", ARCHIVE_URL=str(folder))
    folder.rename(tmp_path / "away")
    refused = await points.post("/v1/activities", json=[document(act) for act in late[30:]])
    assert (refused.status_code, refused.json()["code"]) == (503, "archive.unreadable")
    (tmp_path / "away").rename(folder)
    assert await send(points, late[30:]) == len(late) - 30
    expected = await asyncio.to_thread(reference.awards, [*given, *late], GUANGZHOU)
    assert await awards(points, 2024, 2025) == expected
    assert await world.rebuild("points") == []


async def test_who_asks_for_an_unreadable_archive_waits_alone(world: World, tmp_path: Path) -> None:
    folder, platform = tmp_path / "archive", Platform()
    points = await world.serve("points", ARCHIVE_URL=str(folder))
    record_at(world, "points", IN_2025)
    old = [platform.start("T1", "old", IN_2025), platform.reply("T2", "old", IN_2025)]
    assert await send(points, old) == 2
    await archive(world, "points", 2025, folder)
    await world.stop("points")
    await world.serve("points", ARCHIVE_URL=str(folder))
    folder.rename(tmp_path / "away")

    desk: Desk = world.apps["points"].state.desk
    first, late, fresh, last = (
        [platform.start("T3", "first", IN_2026)],
        [platform.withdraw(old[1], "error", IN_2026)],
        [platform.start("T3", "fresh", IN_2026)],
        [platform.start("T3", "last", IN_2026)],
    )
    taken = await asyncio.gather(*map(desk.record, (first, late, fresh, last)), return_exceptions=True)
    assert isinstance(taken[1], AwayError)
    for one in (taken[0], *taken[2:]):
        assert isinstance(one, list), one
        assert [outcome.verdict for outcome in one] == [Verdict.RECORDED]
