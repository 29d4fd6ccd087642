"""A journal that speaks in the name of points, for those who hear it."""

import pytest

from tests.support.world import Publisher, World


@pytest.fixture
async def publisher(world: World) -> Publisher:
    return await world.publisher("points")
