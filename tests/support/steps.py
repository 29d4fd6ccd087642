"""One step of a service's migrations, up or down, on the database of a test."""

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Literal

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.world import World


def step_of(service: str, revision: str) -> ModuleType:
    """The module of a revision."""
    folder = Path(import_module(service).__path__[0]) / "migrations"
    script = ScriptDirectory(str(folder)).get_revision(revision)
    assert script is not None
    return script.module


async def take(
    world: World, service: str, revision: str, way: Literal["upgrade", "downgrade"] = "upgrade"
) -> None:
    """Run a revision as the owner, in a transaction."""
    module = step_of(service, revision)

    def run(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection, opts={"role": service})):
            getattr(module, way)()

    url = (await world.environment(service))[f"{service.upper()}_OWNER_URL"]
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()
