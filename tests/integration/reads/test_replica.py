"""While the primary is away, a replica answers what is one's own; for others the log is not to be had."""

from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.local.postgres import Postgres
from tests.integration.hours.acts import enrol
from tests.integration.hours.test_organisations import WHOLE, post
from tests.integration.reads.test_log import ONE, SCHOOL, STATEMENT, get
from tests.support.servers import kill
from tests.support.standby import Standby
from tests.support.world import Cluster, World, until

pytestmark = pytest.mark.long


@pytest.fixture
def standby(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standby]:
    home = tmp_path_factory.mktemp("pair")
    with (
        Postgres(home / "primary", durable=False) as primary,
        Standby(home / "standby", primary) as standby,
    ):
        yield standby


@pytest.fixture
async def world(cluster: Cluster, standby: Standby) -> AsyncIterator[World]:
    made = World(Cluster(standby._primary, cluster.nats, cluster.issuer))
    yield made
    await made.close()


async def test_without_the_primary_everybody_reads_of_themselves_alone(
    world: World, standby: Standby
) -> None:
    replica = standby.url(await world.database("hours"), "hours")
    hours = await world.serve("hours", HOURS_REPLICA_URL=replica, REPLICA_BEHIND="3600")
    await post(hours, *WHOLE)
    await enrol(hours, "T1", school="S", district="")
    await standby.follow()

    async def works() -> bool:
        return bool((await hours.get("/readyz")).json()["checks"]["replica"] == "ok")

    await until(works)
    answer = await get(hours, SCHOOL, STATEMENT)
    assert (answer.status_code, answer.headers["Answered-From"]) == (200, "replica")
    await kill(standby._primary)
    answer = await get(hours, ONE, STATEMENT)
    assert (answer.status_code, answer.headers["Answered-From"]) == (200, "replica")
    answer = await get(hours, SCHOOL, STATEMENT)
    assert (answer.status_code, answer.json()["code"]) == (503, "store.away")
