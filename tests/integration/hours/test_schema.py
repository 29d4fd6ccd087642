"""The tables in code are the tables in the database."""

import asyncio
from importlib import import_module
from pathlib import Path

from shared.runtime import migrate
from tests.support.world import World


async def test_tables_and_migrations_agree(world: World) -> None:
    environment = await world.environment("hours")
    folder = Path(import_module("hours").__path__[0]) / "migrations"
    await asyncio.to_thread(migrate.check, folder, environment["HOURS_OWNER_URL"], "hours")
