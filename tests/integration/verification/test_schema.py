"""The tables in code are those the migrations make."""

import asyncio
from pathlib import Path

import verification
from shared.runtime import migrate
from tests.support.world import World


async def test_migrations_and_tables_agree(world: World) -> None:
    environment = await world.environment("verification")
    folder = Path(verification.__path__[0]) / "migrations"
    await asyncio.to_thread(migrate.check, folder, environment["VERIFICATION_OWNER_URL"], "verification")
