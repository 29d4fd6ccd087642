"""The tables in code and the tables that migrations make are the same."""

import asyncio
from pathlib import Path

import points
from shared.runtime import migrate
from tests.support.world import World


async def test_migrations_make_the_tables_of_the_code(world: World) -> None:
    environment = await world.environment("points")
    folder = Path(points.__path__[0]) / "migrations"
    await asyncio.to_thread(migrate.check, folder, environment["POINTS_OWNER_URL"], "points")
