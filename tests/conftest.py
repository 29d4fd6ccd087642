"""Real servers for the tests, a pair for each worker; which ones, `tests.support.servers` says."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from deploy.local.environment import everything
from tests.support.processes import Processes
from tests.support.servers import chosen
from tests.support.signing import ISSUER
from tests.support.world import Cluster, World

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The servers of this worker."""
    home = tmp_path_factory.mktemp("servers")
    with chosen(everything(), home) as (postgres, nats), ISSUER.serving(home / "issuer.log") as issuer:
        yield Cluster(postgres, nats, issuer)


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
