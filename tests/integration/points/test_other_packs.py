"""A pack whose points live twelve months: lots by day of earning, burnt and expired by their own dates."""

from importlib import resources
from pathlib import Path

import httpx
import pytest

from tests.integration.points.reading import ask, close, everything
from tests.support.deeds import shared, workshop
from tests.support.world import World


@pytest.fixture
async def points(world: World, tmp_path: Path) -> httpx.AsyncClient:
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    months = shipped.replace('kind = "calendar_year"', 'kind = "months"\nmonths = 12')
    assert months != shipped
    pack = tmp_path / "months.toml"
    pack.write_text(months, encoding="utf-8")
    return await world.serve("points", POINTS_PACK=str(pack))


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
    expired = [(line["at"], line["points"]) for line in lines if line["type"] == "points.expired.v1"]
    assert expired == [("2025-03-01T16:00:00Z", -320)]
    assert await world.rebuild("points") == []
