"""The PostgreSQL of a benchmark: durable, private, with a migrated template of each service's database.

Every run gets databases of its own, copied from a template, so that no run finds what another one left.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self, TypeAlias
from urllib.parse import quote

import asyncpg

from bench.signing import issuer
from deploy.local import programs
from deploy.local.postgres import Postgres
from deploy.local.settings import Databases
from deploy.local.stack import make_database
from shared.runtime import migrate
from shared.runtime.driver import driver_url

SERVICES = ("points", "hours")
"""The services on the way from an act to the points that can be exchanged."""
SETTINGS = MappingProxyType(
    {"shared_buffers": "512MB", "max_wal_size": "4GB", "checkpoint_timeout": "30min", "fsync": "on"}
)
"""Checkpoints are ordered between the runs, not met by accident within one."""

EMPTY = "template0"
"""PostgreSQL's own template: a database without any table."""

Link: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Servers:
    """A PostgreSQL and an issuer as long as the `with` block; their folder is removed at the end."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.postgres = Postgres(state / "postgres", settings=SETTINGS)
        self._made = 0
        self._issuing = ExitStack()
        self.issuer = ""
        """Where the issuer of tokens answers, once it serves."""

    def __enter__(self) -> Self:
        """Start the server and migrate the templates."""
        self.postgres.start()
        try:
            for left in self.postgres.sql(
                "select datname from pg_database where datname like 'run_%'"
            ).split():
                self.drop(left)
            for service in SERVICES:
                self.migrate(service)
            self.issuer = self._issuing.enter_context(issuer().serving(self.state / "issuer.log"))
        except BaseException:
            self.postgres.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the servers and remove what they wrote."""
        self._issuing.close()
        self.postgres.stop()
        shutil.rmtree(self.state, ignore_errors=True)

    def migrate(self, service: str) -> None:
        """Make the template of a service: its database, empty, in its newest schema."""
        databases = make_database(self.postgres, service)
        folder = Path(import_module(service).__path__[0]) / "migrations"
        migrate.upgrade(folder, databases.owner, service)

    def fresh(self, service: str, template: str | None = None) -> str:
        """Make a database of a service, empty or as the template is, and return its name."""
        self._made += 1
        name = f"run_{service}_{self._made}"
        self.postgres.create_database(name, owner=f"{service}_owner", template=template or service)
        self.postgres.sql(f'grant connect on database "{name}" to "{service}"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database."""
        self.postgres.sql(f'drop database "{name}" with (force)')

    def addresses(self, service: str, name: str) -> Databases:
        """The two addresses of a service's database."""
        return Databases(
            service=self.postgres.url(name, service), owner=self.postgres.url(name, f"{service}_owner")
        )

    def settle(self) -> None:
        """Write everything to disk, so that the next run does not pay for the last one."""
        self.postgres.sql("checkpoint")

    @asynccontextmanager
    async def connected(self, database: str) -> AsyncIterator[Link]:
        """A connection as the superuser."""
        link = await asyncpg.connect(driver_url(self.postgres.url(database)))
        try:
            yield link
        finally:
            await link.close()

    def tool(self, name: str) -> Path:
        """A program of PostgreSQL."""
        return programs.installed() / "bin" / name

    def address(self, database: str, user: str) -> str:
        """The address of a database for PostgreSQL's own programs."""
        return self.postgres.url(database, quote(user), scheme="postgresql")
