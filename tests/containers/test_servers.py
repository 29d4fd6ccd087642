"""The services on the servers that are deployed, in containers: PostgreSQL 18 and NATS 2."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.containers.journey import travel
from tests.support.city import City
from tests.support.containers import NATS, POSTGRES, NoEngineError, contained, require
from tests.support.world import SERVICES, Cluster, World

pytestmark = [pytest.mark.container, pytest.mark.xdist_group("containers")]


@pytest.fixture(scope="module")
def contained_cluster(cluster: Cluster) -> Iterator[Cluster]:
    try:
        require(POSTGRES, NATS)
    except NoEngineError as why:
        pytest.skip(str(why))
    with contained() as (postgres, nats):
        yield Cluster(postgres, nats, cluster.issuer)


@pytest.fixture
async def contained_world(contained_cluster: Cluster) -> AsyncIterator[World]:
    made = World(contained_cluster)
    yield made
    await made.close()


async def test_a_year_ends_with_a_certificate_and_every_projection_can_be_rebuilt(
    contained_world: World,
) -> None:
    certificate = await travel(await City.serve(contained_world))
    assert (certificate["teacher"], certificate["state"]) == ("T1", "valid")
    for service in SERVICES:
        assert await contained_world.rebuild(service) == []


async def test_the_server_is_the_one_that_is_deployed(contained_cluster: Cluster) -> None:
    assert contained_cluster.postgres.sql("show server_version_num").startswith("18")
