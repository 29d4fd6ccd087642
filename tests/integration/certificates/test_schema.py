"""The tables in code and the tables that migrations make are the same."""

import asyncio
from pathlib import Path

import certificates
from shared.runtime import migrate
from tests.support.world import World


async def test_migrations_make_the_tables_of_the_code(world: World) -> None:
    environment = await world.environment("certificates")
    folder = Path(certificates.__path__[0]) / "migrations"
    await asyncio.to_thread(migrate.check, folder, environment["CERTIFICATES_OWNER_URL"], "certificates")
