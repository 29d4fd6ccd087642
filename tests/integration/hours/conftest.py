"""The hours service on real servers, beside neighbours that say what a test wants said."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from tests.support.world import Publisher, World


@dataclass(frozen=True, slots=True)
class Town:
    """The hours service, the two services that it hears, and the world they run in."""

    world: World
    hours: httpx.AsyncClient
    points: Publisher
    verification: Publisher

    async def heard(self) -> None:
        """Wait until everything said so far was applied."""
        await self.world.heard("hours", "points")
        await self.world.heard("hours", "verification")


@pytest.fixture
async def hours(world: World) -> httpx.AsyncClient:
    return await world.serve("hours")


@pytest.fixture
async def town(world: World) -> AsyncIterator[Town]:
    points, verification = await world.publisher("points"), await world.publisher("verification")
    yield Town(world, await world.serve("hours"), points, verification)
    assert await world.rebuild("hours") == []
