"""The points service on a database of its own, with the shipped pack or with points that live for months."""

from importlib import resources
from pathlib import Path

import httpx
import pytest

from tests.support.world import World

NOWHERE = "nats://127.0.0.1:1"


@pytest.fixture
async def points(world: World) -> httpx.AsyncClient:
    return await world.serve("points")


@pytest.fixture
async def second(world: World) -> httpx.AsyncClient:
    """Another copy of the service, over the same database; without a broker, so that both write in turns."""
    return await world.beside("points", NATS_URL=NOWHERE)


@pytest.fixture
def months_pack(tmp_path: Path) -> str:
    """A pack whose points live twelve months."""
    shipped = resources.files("shared.policy").joinpath("packs", "guangzhou.toml").read_text(encoding="utf-8")
    months = shipped.replace('kind = "calendar_year"', 'kind = "months"\nmonths = 12')
    assert months != shipped
    pack = tmp_path / "months.toml"
    pack.write_text(months, encoding="utf-8")
    return str(pack)
