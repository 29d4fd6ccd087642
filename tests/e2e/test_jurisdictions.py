"""Two jurisdictions on two PostgreSQL servers and one broker: what is done in one never shows in another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.postgres import Postgres
from tests.support.city import SERVICES, City
from tests.support.deeds import person, record, workshop
from tests.support.servers import kill
from tests.support.standby import Standby
from tests.support.world import Cluster, World, until

pytestmark = pytest.mark.long

AT = "2024-12-20T10:00:00+08:00"
TEACHERS = ["T01", "T02"]


@dataclass(frozen=True)
class Jurisdiction:
    """A city with a database server of its own."""

    postgres: Postgres
    world: World
    city: City

    @classmethod
    async def found(cls, home: Path, cluster: Cluster, stack: AsyncExitStack) -> "Jurisdiction":
        """Its server, its databases, its word on the broker, its services."""
        postgres = stack.enter_context(Postgres(home, durable=False))
        world = World(Cluster(postgres, cluster.nats, cluster.issuer))
        stack.push_async_callback(world.close)
        return cls(postgres, world, await City.serve(world))

    async def prepare(self, formal: str) -> None:
        """People, acts and records under the same names everywhere; only the formal hours differ."""
        await self.city.enrol(*(person(teacher) for teacher in TEACHERS))
        for teacher in TEACHERS:
            await self.city.do(*workshop(f"w-{teacher}", teacher, "2024-03-01"))
            await self.city.register(
                record(f"{teacher}-p", teacher, "GZ-HR-1.01", "30"),
                record(f"{teacher}-f", teacher, "GZ-HR-2.01", formal),
                record(f"{teacher}-e", teacher, "GZ-HR-3.01", "18"),
            )

    async def outcomes(self) -> dict[str, str]:
        """Who passed and who failed."""
        answer = await self.city.verification.get("/v1/results", params={"year": 2024})
        return {item["teacher"]: item["outcome"] for item in answer.json()["items"]}

    async def certificates(self) -> list[str]:
        """Numbers of the year."""
        answer = await self.city.certificates.get("/v1/certificates", params={"year": 2024})
        return [item["number"] for item in answer.json()["items"]]

    async def sums(self) -> list[dict[str, str]]:
        """The hours of everybody."""
        return [await self.city.totals(teacher, 2024) for teacher in TEACHERS]

    async def sound(self) -> None:
        """The books agree with their journals, and nobody has applied what was never said."""
        for service in SERVICES:
            assert await self.world.rebuild(service) == [], service
            client: httpx.AsyncClient = getattr(self.city, service)
            told = (await client.get("/v1/positions")).json()
            assert (told["parked"], told["ahead"]) == (0, {})


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as made:
        yield made


@pytest.fixture
async def east(cluster: Cluster, tmp_path: Path, stack: AsyncExitStack) -> Jurisdiction:
    return await Jurisdiction.found(tmp_path / "east", cluster, stack)


@pytest.fixture
async def west(cluster: Cluster, tmp_path: Path, stack: AsyncExitStack) -> Jurisdiction:
    return await Jurisdiction.found(tmp_path / "west", cluster, stack)


async def test_the_same_people_and_keys_have_a_year_of_their_own_in_each_jurisdiction(
    east: Jurisdiction, west: Jurisdiction
) -> None:
    await asyncio.gather(east.prepare("42"), west.prepare("40"))
    withdrawn = {"source": "gz-community", "id": "gone", "type": "activity.withdrawn", "teacher": "T01"}
    ruling = {"occurred_at": AT, "object": {"activity": "feature-w-T01", "reason": "error"}}
    await west.city.do({**withdrawn, **ruling})

    await east.city.exchange("x-1", "T01", "professional", 5, AT)
    refused = await west.city.ask("x-1", "T01", "professional", 5, AT)
    assert refused.json()["code"] == "exchange.points_insufficient"
    runs = await asyncio.gather(east.city.verify(2024), west.city.verify(2024))
    assert [(run["passed"], run["failed"]) for run in runs] == [(2, 0), (0, 2)]
    assert runs[0]["run"] == runs[1]["run"]

    for teacher in TEACHERS:
        await east.city.certificate(teacher, 2024)
    assert await east.outcomes() == dict.fromkeys(TEACHERS, "pass")
    assert await west.outcomes() == dict.fromkeys(TEACHERS, "fail")
    assert (len(await east.certificates()), await west.certificates()) == (2, [])
    await east.sound()
    await west.sound()


async def test_a_server_that_dies_stops_one_jurisdiction_and_it_catches_up(
    east: Jurisdiction, west: Jurisdiction
) -> None:
    await west.prepare("42")
    asked = await west.city.ask("x-1", "T01", "professional", 5, AT)
    assert asked.status_code == 202
    await kill(west.postgres)

    for client in (west.city.points, west.city.hours):
        await until(lambda client=client: _away(client))
    await east.prepare("42")
    await east.city.exchange("x-1", "T01", "professional", 5, AT)
    await east.city.verify(2024)
    for teacher in TEACHERS:
        await east.city.certificate(teacher, 2024)
    assert await _away(west.city.points)

    await asyncio.to_thread(west.postgres.revive)
    await until(lambda: _ready(west))
    assert await west.city.answered("x-1") == "settled"
    await west.prepare("42")  # sent again, as by those who got no answer
    await west.city.verify(2024)
    for teacher in TEACHERS:
        await west.city.certificate(teacher, 2024)
    assert await west.sums() == await east.sums()
    assert len(await west.certificates()) == len(TEACHERS)
    await west.sound()
    await east.sound()


async def _away(client: httpx.AsyncClient) -> bool:
    answer = await client.get("/v1/years/2024")
    return answer.status_code == 503 and answer.json()["code"] == "store.away"


async def _ready(jurisdiction: Jurisdiction) -> bool:
    clients: list[Any] = [getattr(jurisdiction.city, service) for service in SERVICES]
    return all([(await client.get("/readyz")).status_code == 200 for client in clients])


async def test_a_jurisdiction_moves_to_another_server_and_goes_on_where_it_was(
    east: Jurisdiction, tmp_path: Path, stack: AsyncExitStack
) -> None:
    standby = stack.enter_context(Standby(tmp_path / "next", east.postgres))
    await east.prepare("42")
    asked = await east.city.ask("x-1", "T01", "professional", 5, AT)
    assert asked.status_code == 202
    for service in SERVICES:
        await east.world.stop(service)
    await standby.follow()
    east.postgres.stop()
    standby.sql("select pg_promote()")

    moved = World(Cluster(standby, east.world.cluster.nats, east.world.cluster.issuer))
    stack.push_async_callback(moved.close)
    moved.prefix, moved.databases = east.world.prefix, east.world.databases
    there = Jurisdiction(standby, moved, await City.serve(moved))
    assert await there.city.answered("x-1") == "settled"
    await there.prepare("42")
    assert (await there.city.verify(2024))["passed"] == len(TEACHERS)
    for teacher in TEACHERS:
        await there.city.certificate(teacher, 2024)
    assert [sums["professional"] for sums in await there.sums()] == ["47.00", "42.00"]
    await there.sound()
