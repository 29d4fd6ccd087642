"""A pack whose points live twelve months: lots by day of earning, burnt and expired by their own dates."""

import httpx
import pytest

from tests.integration.points.reading import ask, close, everything
from tests.support.deeds import shared, workshop
from tests.support.world import World, until


@pytest.fixture
async def points(world: World, months_pack: str) -> httpx.AsyncClient:
    return await world.serve("points", POINTS_PACK=months_pack)


async def test_lots_burn_by_their_expiry_and_end_with_their_own_year(
    points: httpx.AsyncClient, world: World
) -> None:
    rows = [*workshop("w", "T1", "2023-10-05"), shared("r", "T1", "2024-02-01")]
    rows += workshop("v", "T1", "2024-03-01")
    assert (await points.post("/v1/activities", json=rows)).json()["refused"] == 0
    assert (await ask(points, "a", 6, at="2024-09-01T10:00:00+08:00")).status_code == 202
    balance = (await points.get("/v1/teachers/T1/balance", params={"at": "2024-09-02T10:00:00+08:00"})).json()
    assert [(lot["expires_at"], lot["points"]) for lot in balance["lots"]] == [
        ("2024-10-05T16:00:00Z", 0),
        ("2025-02-01T16:00:00Z", 0),
        ("2025-03-01T16:00:00Z", 520),
    ]
    await close(points, 2023)
    await close(points, 2024)
    forecast = (
        await points.get("/v1/teachers/T1/forecast", params={"at": "2025-01-10T10:00:00+08:00"})
    ).json()
    assert (forecast["points"], forecast["beyond_exchange"]) == (520, 20)
    assert (await ask(points, "b", 2, at="2025-01-10T10:00:00+08:00")).status_code == 202
    too_late = await ask(points, "c", 1, at="2025-03-02T00:00:00+08:00")
    assert (too_late.status_code, too_late.json()["code"]) == (409, "exchange.points_expired")
    await close(points, 2025)
    lines = await everything(points, "/v1/teachers/T1/statement")
    expired = [(line["at"], line["points"]) for line in lines if line["type"].startswith("points.expir")]
    assert sum(points for _, points in expired) == -320
    assert lines[-1]["balance"] == 0
    assert await world.rebuild("points") == []


async def test_what_has_ended_is_swept_without_an_order(points: httpx.AsyncClient, world: World) -> None:
    assert (await points.post("/v1/activities", json=[shared("r", "T1", "2024-02-01")])).status_code == 200

    async def swept() -> bool:
        lines = await everything(points, "/v1/teachers/T1/statement")
        return [line["type"] for line in lines] == ["points.awarded.v1", "points.expired.v1"]

    await until(swept)
    line = (await everything(points, "/v1/teachers/T1/statement"))[-1]
    assert (line["points"], line["balance"], line["at"]) == (-20, 0, "2025-02-01T16:00:00Z")
    why = (await points.get(line["why"], headers={"Accept-Language": "zh"})).json()
    assert why["rules"][0]["rule"] == "GZ-EX-03"
    assert "20" in why["words"]
    assert await world.rebuild("points") == []


async def test_a_calendar_year_is_cleared_by_its_closing_alone(world: World) -> None:
    points = await world.serve("points")
    await points.post("/v1/activities", json=[shared("r", "T1", "2024-02-01")])
    await close(points, 2023)
    lines = await everything(points, "/v1/teachers/T1/statement")
    assert [line["type"] for line in lines] == ["points.awarded.v1"]
