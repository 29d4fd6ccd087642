"""The points service on a database of its own, with the shipped pack or with points that live for months."""

from importlib import resources
from pathlib import Path

import httpx
import pytest

from tests.support.world import World


@pytest.fixture
async def points(world: World) -> httpx.AsyncClient:
    return await world.serve("points")


@pytest.fixture
def months_pack(tmp_path: Path) -> str:
    """A pack whose points live twelve months."""
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    months = shipped.replace('kind = "calendar_year"', 'kind = "months"\nmonths = 12')
    assert months != shipped
    pack = tmp_path / "months.toml"
    pack.write_text(months, encoding="utf-8")
    return str(pack)
