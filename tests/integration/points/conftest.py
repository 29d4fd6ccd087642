"""The points service on a database of its own, with the shipped pack or with points that live for months."""

from importlib import resources
from pathlib import Path

import httpx
import pytest

from points.app import create_app
from shared.runtime.settings import Settings
from tests.support.world import World


@pytest.fixture
async def points(world: World) -> httpx.AsyncClient:
    return await world.serve("points")


@pytest.fixture
async def second(world: World) -> httpx.AsyncClient:
    """Another copy of the service, over the same database."""
    settings = Settings.from_environment("points", await world.environment("points"))
    return await world.start("points-b", create_app(settings))


@pytest.fixture
def months_pack(tmp_path: Path) -> str:
    """A pack whose points live twelve months."""
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    months = shipped.replace('kind = "calendar_year"', 'kind = "months"\nmonths = 12')
    assert months != shipped
    pack = tmp_path / "months.toml"
    pack.write_text(months, encoding="utf-8")
    return str(pack)
