"""The points service on a database of its own."""

import httpx
import pytest

from tests.support.world import World


@pytest.fixture
async def points(world: World) -> httpx.AsyncClient:
    return await world.serve("points")
