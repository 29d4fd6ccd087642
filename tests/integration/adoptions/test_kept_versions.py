"""Versions that are kept: whatever was decided is told by its own, and by no other where that is missing."""

import asyncio
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.hours.acts import enrol, record, register
from tests.support.versions import as_version
from tests.support.world import World

SHIPPED = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")
OTHER = as_version(SHIPPED, "0").replace('title = "Online elective course"', 'title = "Course of that time"')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of versions, with one of which the service knows nothing by itself."""
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "guangzhou-0.toml").write_text(OTHER, encoding="utf-8")
    return versions


async def restarted(world: World, **settings: str) -> httpx.AsyncClient:
    await world.stop("hours")
    return await world.serve("hours", **settings)


async def forget(world: World) -> None:
    """Leave the service with entries of a version that it does not keep, as an older release did."""
    name = await world.database("hours")
    await asyncio.to_thread(world.cluster.postgres.sql, "delete from adoption; delete from policy", name)


async def line(hours: httpx.AsyncClient) -> dict[str, Any]:
    found = await hours.get("/v1/teachers/T1/statement", params={"year": 2024})
    (only,) = found.json()["items"]
    return dict(only)


async def references(hours: httpx.AsyncClient) -> list[str]:
    return [one["reference"] for one in (await hours.get("/v1/policies")).json()["items"]]


async def test_an_entry_is_told_by_its_own_version_or_not_at_all(world: World, folder: Path) -> None:
    hours = await world.serve("hours", HOURS_PACK=str(folder / "guangzhou-0.toml"))
    await enrol(hours, "T1")
    await register(hours, record("R", "T1", "GZ-HR-3.01", "5"))
    told = await line(hours)
    assert (told["policy"], told["title"]) == ("guangzhou@0", "Course of that time")
    why = (await hours.get(told["why"])).json()
    assert why["rules"][0]["title"] == "Course of that time"

    await world.stop("hours")
    await forget(world)
    hours = await world.serve("hours")
    refused = await hours.get(told["why"], headers={"Accept-Language": "zh"})
    assert (refused.status_code, refused.json()["code"]) == (503, "policy.not_kept")
    assert (refused.json()["policy"], "guangzhou@0" in refused.json()["detail"]) == ("guangzhou@0", True)
    untold = {"title": "", "title_zh": "", "category_name": "elective", "unit": None}
    assert await line(hours) == told | untold
    assert await references(hours) == ["guangzhou@1"]
    assert (await hours.get("/v1/policies/guangzhou@0")).json()["code"] == "policy.unknown"

    hours = await restarted(world, HOURS_PACKS=str(folder))
    assert (await line(hours), (await hours.get(told["why"])).json()) == (told, why)
    never_in_force = (await hours.get("/v1/policies")).json()["items"][1]
    assert (never_in_force["reference"], never_in_force["periods"]) == ("guangzhou@0", [])
    hours = await restarted(world)
    assert (await hours.get(told["why"])).json() == why, "what was kept once stays"
    hours = await restarted(world, HOURS_PACK=str(folder / "guangzhou-0.toml"))
    listed = (await hours.get("/v1/policies", params={"limit": 1})).json()
    (first,) = listed["items"]
    (second,) = (await hours.get("/v1/policies", params={"cursor": listed["next"]})).json()["items"]
    assert (first["in_force"], second["in_force"]) == (False, True)
    assert first["periods"][0]["until"] == second["periods"][0]["since"]


def started(environment: dict[str, str]) -> tuple[int, str]:
    """How a service ends that is started so, and the last that it says."""
    done = subprocess.run(
        [sys.executable, "-m", "hours", "serve", "--port", "0"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stderr.splitlines()[-1]


async def test_a_version_with_another_text_stops_the_start_up(world: World, folder: Path) -> None:
    environment = await world.environment("hours")
    await world.serve("hours", HOURS_PACKS=str(folder))
    await world.stop("hours")
    (folder / "guangzhou-0.toml").write_text(OTHER.replace("cap = 10\n", "cap = 12\n", 1), encoding="utf-8")
    status, said = await asyncio.to_thread(started, {**environment, "HOURS_PACKS": str(folder)})
    assert (status, said.startswith("hours: guangzhou@0: is kept here with another text, ")) == (2, True), (
        said
    )
    hours = await world.serve("hours")
    assert (await hours.get("/v1/policies/guangzhou@0")).text == OTHER


async def test_a_version_that_counts_in_another_unit_stops_the_start_up(world: World, tmp_path: Path) -> None:
    environment = await world.environment("hours")
    await world.serve("hours", HOURS_PACK="vocational")
    await world.stop("hours")
    given = resources.files("shared.policy").joinpath("packs/c360.toml").read_text(encoding="utf-8")
    text = as_version(given.replace('id = "c360"', 'id = "vocational"', 1), "2")
    pack = tmp_path / "vocational-2.toml"
    pack.write_text(text, encoding="utf-8")
    status, said = await asyncio.to_thread(started, {**environment, "HOURS_PACK": str(pack)})
    fault = "is credit, and vocational@1 counts in hour: another unit is another pack"
    assert (status, said) == (2, f"hours: vocational@2: pack.unit: {fault}")
    hours = await world.serve("hours", HOURS_PACK="vocational")
    assert await references(hours) == ["vocational@1"], "nothing of it was kept"
    pack.write_text(text.replace('"vocational"', '"c360"', 1), encoding="utf-8")
    await restarted(world, HOURS_PACK=str(pack))


async def test_copies_that_start_at_once_keep_a_version_once(world: World, folder: Path) -> None:
    await world.database("hours")
    await asyncio.gather(
        world.serve("hours", HOURS_PACKS=str(folder)), world.beside("hours", HOURS_PACKS=str(folder))
    )
    client = await restarted(world)
    assert await references(client) == ["guangzhou@0", "guangzhou@1"]
    assert len((await client.get("/v1/policies")).json()["items"][1]["periods"]) == 1
