"""Which PostgreSQL and NATS a test run stands on.

From their wheels, unless the environment says otherwise: `DOCKER=1` takes containers,
`TEST_POSTGRES_URL` (a superuser of PostgreSQL 17 or newer) with `TEST_NATS_URL` takes servers that are
already there and are for tests only.
"""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from deploy.local import child
from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from tests.support.containers import contained
from tests.support.given import GivenNats, GivenPostgres

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it
ROOM = 4 * 2**30
"""Bytes that are free there before databases lie in it; those of a worker take less than a fourth."""
BRIEF = MappingProxyType({"max_wal_size": "256MB"})
"""What is written ahead is given up early: it may lie in memory."""


class PostgresServer(Protocol):
    """What the tests ask of PostgreSQL."""

    def url(self, database: str, user: str = "postgres") -> str:
        """The address of a database for a role."""

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as the superuser; a row a line, fields split by `|`."""

    def create_role(self, name: str) -> None:
        """Make a role that may log in, unless there is one."""

    def create_database(self, name: str, *, owner: str, template: str = "template0") -> None:
        """Make a database that only its owner may enter, unless there is one."""


class NatsServer(Protocol):
    """What the tests ask of NATS."""

    @property
    def url(self) -> str:
        """Where clients connect."""


@contextmanager
def chosen(environment: Mapping[str, str], home: Path) -> Iterator[tuple[PostgresServer, NatsServer]]:
    """The servers that the environment asks for, for the length of the block."""
    if "TEST_POSTGRES_URL" in environment:
        with GivenPostgres(environment["TEST_POSTGRES_URL"]) as given:
            yield given, GivenNats(environment["TEST_NATS_URL"])
    elif environment.get("DOCKER") == "1":
        with contained() as servers:
            yield servers
    else:
        # fsync is off: a killed process loses nothing by it.
        with (
            _quick(home) as quick,
            Postgres(quick / "postgres", durable=False, settings=BRIEF) as postgres,
            Nats(home / "nats") as nats,
        ):
            yield postgres, nats


@contextmanager
def _quick(home: Path) -> Iterator[Path]:
    """A folder in memory, where there is room: each test copies databases, of hundreds of files each."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield home
        return
    with tempfile.TemporaryDirectory(prefix="hourbank-tests-", dir=MEMORY) as made:
        yield Path(made)


async def kill(server: Postgres) -> None:
    """End a server as a power cut would; `revive` starts it again."""
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while server.pid is not None:  # noqa: ASYNC110 - the end of another process
        await asyncio.sleep(child.STEP)
