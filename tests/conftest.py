"""Real servers for the tests: PostgreSQL and NATS from their wheels, one pair for each worker."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.local.nats import Nats
from deploy.local.postgres import Postgres
from tests.support.processes import Processes
from tests.support.world import Cluster, World


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The servers of this worker. fsync is off: a killed process loses nothing by it."""
    home: Path = tmp_path_factory.mktemp("servers")
    with Postgres(home / "postgres", durable=False) as postgres, Nats(home / "nats") as nats:
        yield Cluster(postgres, nats)


@pytest.fixture
async def world(cluster: Cluster) -> AsyncIterator[World]:
    """Databases of its own for one test, and services on demand."""
    made = World(cluster)
    yield made
    await made.close()


@pytest.fixture
async def processes(world: World, tmp_path: Path) -> AsyncIterator[Processes]:
    """Services as processes that a test may kill."""
    made = Processes(world, tmp_path)
    yield made
    await made.close()
