"""Reads go to a replica while it works, contain what `Min-Seq` names, and otherwise come from the primary."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy import make_url, text

from deploy.local.postgres import Postgres
from shared.contracts.envelope import Event
from shared.runtime import reading
from shared.runtime.database import Database, Transaction, TransactionalRoute
from shared.runtime.journal import positions
from shared.runtime.journal.consumer import Consumer
from shared.runtime.journal.relay import event_of
from shared.runtime.reading import Read, Reader
from shared.runtime.replica import Replica
from shared.runtime.service import Service, create
from shared.runtime.settings import Settings
from tests.support.deeds import workshop
from tests.support.listening import note
from tests.support.servers import kill
from tests.support.standby import Standby
from tests.support.world import Cluster, Publisher, World, until

pytestmark = pytest.mark.long

FOR_EVER = 3600

router = APIRouter(route_class=TransactionalRoute)


@router.get("/count")
async def count(tx: Read) -> int:
    found: int = (await tx.execute(text("select count(*) from journal"))).scalar_one()
    return found


@router.get("/linger")
async def linger(tx: Read) -> bool:
    """Wait to be disturbed, but on a replica only."""
    await tx.execute(text("select case when pg_is_in_recovery() then pg_sleep(600) end"))
    return True


@router.get("/write")
async def write(tx: Read) -> None:
    await tx.execute(text("update part set seq = seq"))


@dataclass(frozen=True)
class Pair:
    """A server and its replica."""

    primary: Postgres
    standby: Standby


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    home = tmp_path_factory.mktemp("pair")
    with (
        Postgres(home / "primary", durable=False) as primary,
        Standby(home / "standby", primary) as standby,
    ):
        yield Pair(primary, standby)


@pytest.fixture(scope="module")
def copied(pair: Pair, cluster: Cluster) -> Cluster:
    return Cluster(pair.primary, cluster.nats, cluster.issuer)


@pytest.fixture
async def world(copied: Cluster, pair: Pair) -> AsyncIterator[World]:
    made = World(copied)
    yield made
    pair.standby.go_on()
    await made.close()


class Teller:
    """The points service of a test: it says facts, hears hours, and reads where it may."""

    def __init__(self, world: World, pair: Pair, publisher: Publisher) -> None:
        self._world, self._pair, self._publisher = world, pair, publisher
        self.settings: Settings
        self.client: httpx.AsyncClient

    async def serve(self, **settings: Any) -> None:
        """With the replica of the pair unless told otherwise."""
        database = Database(self._publisher.app.state.database.url)
        replica = self._pair.standby.url(make_url(database.url).database or "", "points")
        self.settings = replace(
            self._world.settings("points", database.url, POINTS_REPLICA_URL=replica),
            **{"replica_behind": FOR_EVER, **settings},
        )
        service = Service(
            name="points",
            title="teller",
            summary="says and reads",
            folder=Path(__file__).with_name("teller"),
            journal=self._publisher.journal,
            routers=[router],
            consumers=[Consumer(source="hours", url=self._world.url("hours"), handle=_ignore)],
        )
        self.client = await self._world.start("points", create(service, self.settings, database))

    @property
    def replica(self) -> Replica:
        found: Replica | None = self._world.apps["points"].state.reader.replica
        assert found is not None
        return found

    async def say(self, *words: str) -> str:
        """Facts about one teacher; the last one's number, as a receipt has it."""
        entries = await self._publisher.say_all([note(1, word) for word in words])
        return entries[-1].id

    async def count(self, min_seq: str | None = None) -> tuple[int, str | None]:
        """How many facts there are, and who says so."""
        answer = await self.client.get("/count", headers={} if min_seq is None else {"Min-Seq": min_seq})
        assert answer.status_code == 200, answer.text
        return answer.json(), answer.headers.get("Answered-From")

    async def refused(self, min_seq: str) -> httpx.Response:
        answer = await self.client.get("/count", headers={"Min-Seq": min_seq})
        assert not answer.is_success
        return answer

    async def stands(self, state: str) -> None:
        """Wait until the replica is found to be in a state; the service is ready all the time."""

        async def found() -> bool:
            ready = (await self.client.get("/readyz")).json()
            return bool(ready["checks"]["replica"] == state)

        await until(found)


@pytest.fixture
async def publisher(world: World) -> AsyncIterator[Publisher]:
    """A journal of points; the teller serves it."""
    made = await world.publisher("points")
    await world.stop("points")
    yield made
    await made.app.state.database.dispose()


@pytest.fixture
async def teller(world: World, pair: Pair, publisher: Publisher) -> Teller:
    made = Teller(world, pair, publisher)
    await made.serve()
    await made.stands("ok")
    return made


async def _ignore(_tx: Transaction, _events: Sequence[Event]) -> None:
    """Hear, and do nothing about it."""


async def test_a_replica_that_is_behind_gives_an_old_answer_unless_it_is_told_what_has_to_be_in_it(
    teller: Teller, pair: Pair
) -> None:
    await teller.say("one")
    await pair.standby.follow()
    await pair.standby.hold()
    written = await teller.say("two", "three")

    assert await teller.count() == (1, "replica")
    assert await teller.count(written) == (3, "primary")

    pair.standby.go_on()
    await pair.standby.follow()
    assert await teller.count() == (3, "replica")
    assert await teller.count(written) == (3, "replica")


def counted(monkeypatch: pytest.MonkeyPatch, database: Database) -> list[Any]:
    """The statements that are executed there from now on."""
    statements: list[Any] = []

    class Counting(Transaction):
        async def execute(self, statement: Any, parameters: Any = None) -> Any:
            statements.append(statement)
            return await super().execute(statement, parameters)

    monkeypatch.setattr(database, "opens", Counting)
    return statements


async def test_a_read_waits_for_a_replica_that_is_about_to_have_it(
    teller: Teller, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 30.0)
    monkeypatch.setattr(reading, "OPENING", 30.0)
    statements = counted(monkeypatch, teller.replica.database)
    await pair.standby.hold()
    written = await teller.say("one")
    asked = asyncio.create_task(teller.count(written))

    async def looked_twice() -> bool:
        return len(statements) >= 2

    await until(looked_twice)
    pair.standby.go_on()
    assert await asked == (1, "replica")


async def test_a_replica_further_behind_than_allowed_is_passed_over_until_it_has_caught_up(
    world: World, teller: Teller, pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    await world.stop("points")
    await teller.serve(replica_behind=1)
    await teller.stands("ok")
    await pair.standby.hold()
    await teller.say("one")
    await teller.stands("behind")
    assert await teller.count() == (1, "primary")

    pair.standby.go_on()
    await teller.stands("ok")
    assert await teller.count() == (1, "replica")
    assert _said(caplog) == ["fails", "works again"]


async def test_while_the_replica_is_away_the_primary_answers_and_the_log_says_it_once(
    teller: Teller, pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    await teller.say("one")
    await kill(pair.standby)
    assert await teller.count() == (1, "primary")
    await teller.stands("away")
    assert await teller.count() == (1, "primary")

    await asyncio.to_thread(pair.standby.revive)
    await teller.stands("ok")
    assert await teller.count() == (1, "replica")
    assert _said(caplog)[-1] == "works again"
    assert _said(caplog).count("works again") == 1


def _said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log was told about the replica, without the reasons."""
    words = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    told = [said.removeprefix("replica: ") for said in words if said.startswith("replica: ")]
    return [said.partition(",")[0] for said in told]


@pytest.mark.parametrize("end", ["pg_cancel_backend", "pg_terminate_backend"])
async def test_a_read_that_a_replica_breaks_off_is_read_again_from_the_primary(
    teller: Teller, pair: Pair, end: str
) -> None:
    asked = asyncio.create_task(teller.client.get("/linger"))
    disturb = f"select {end}(pid) from pg_stat_activity where wait_event = 'PgSleep'"  # noqa: S608 - ours

    async def disturbed() -> bool:
        return pair.standby.sql(disturb) == "t"

    await until(disturbed)
    answer = await asked
    assert (answer.json(), answer.headers["Answered-From"]) == (True, "primary")
    assert await teller.count() == (0, "replica")


async def test_a_read_in_the_way_of_the_replication_is_read_again_from_the_primary(
    teller: Teller, pair: Pair
) -> None:
    """A recovery conflict: the read holds a state of which the primary has removed rows."""
    pair.standby.sql("alter system set max_standby_streaming_delay = 0")
    pair.standby.sql("select pg_reload_conf()")
    asked = asyncio.create_task(teller.client.get("/linger"))

    async def lingers() -> bool:
        return pair.standby.sql("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == "1"

    await until(lingers)
    database = make_url(teller.settings.database_url).database or ""
    pair.primary.sql("update part set seq = seq", database)
    pair.primary.sql("vacuum part", database)
    answer = await asked
    pair.standby.sql("alter system reset max_standby_streaming_delay")
    pair.standby.sql("select pg_reload_conf()")
    assert (answer.json(), answer.headers["Answered-From"]) == (True, "primary")
    assert "canceling statement due to conflict with recovery" in pair.standby.log.read_text()


async def test_a_read_changes_nothing_wherever_it_is_answered(world: World, teller: Teller) -> None:
    assert (await teller.client.get("/write")).json()["code"] == "internal"
    await world.stop("points")
    await teller.serve(replica_url=None)
    assert (await teller.client.get("/write")).json()["code"] == "internal"


async def test_what_another_service_said_is_in_the_answer_or_the_answer_is_to_come_again(
    world: World, teller: Teller, pair: Pair
) -> None:
    hours = await world.publisher("hours")
    first = (await hours.say_all([note(1, "one")]))[0]
    await world.heard("points", "hours")
    await pair.standby.follow()
    assert await teller.count(first.id) == (0, "replica")

    later = f"hours/{first.partition}/{first.seq + 1}"
    refusal = await teller.refused(f"{first.id}, {later}")
    assert (refusal.status_code, refusal.headers["Retry-After"]) == (503, "1")
    assert (refusal.json()["code"], refusal.json()["event"]) == ("min_seq.not_applied", later)


async def test_an_event_that_was_set_aside_is_not_in_the_answer(
    world: World, teller: Teller, publisher: Publisher
) -> None:
    hours = await world.publisher("hours")
    said = (await hours.say_all([note(1, "one")]))[0]
    await world.heard("points", "hours")
    async with publisher.app.state.database.transaction() as tx:
        await positions.park(tx, [event_of(said)], "cannot be swallowed")
    assert (await teller.refused(said.id)).json()["code"] == "min_seq.not_applied"


REFUSED = {
    "": (422, "min_seq.invalid"),
    "points/1": (422, "min_seq.invalid"),
    "points/1/-1": (422, "min_seq.invalid"),
    "points/1/2 points/1/3": (422, "min_seq.invalid"),
    "points/1/99999999999999999999": (422, "min_seq.invalid"),
    "points/99999/1": (422, "min_seq.invalid"),
    "points/1/٣": (422, "min_seq.invalid"),
    "certificates/1/1": (422, "min_seq.unheard"),
    "points/1/1": (404, "min_seq.unknown"),
    "points/9999/1": (404, "min_seq.unknown"),
    "hours/1/1, points/1/1": (404, "min_seq.unknown"),
    "points/1/0, hours/9999/1": (503, "min_seq.not_applied"),
}


async def test_what_cannot_be_read_or_is_nowhere_is_refused_by_its_own_code(teller: Teller) -> None:
    found = {}
    for min_seq in REFUSED:
        answer = await teller.client.get("/count", headers={b"Min-Seq": min_seq.encode()})
        found[min_seq] = (answer.status_code, answer.json()["code"])
    assert found == REFUSED


async def test_entries_of_several_headers_count_together(teller: Teller) -> None:
    written = await teller.say("one")
    answer = await teller.client.get("/count", headers=[("Min-Seq", written), ("Min-Seq", "points/0/9")])
    assert answer.json()["event"] == "points/0/9"


async def test_without_a_replica_min_seq_holds_all_the_same(world: World, teller: Teller) -> None:
    await world.stop("points")
    await teller.serve(replica_url=None)
    written = await teller.say("one")
    assert await teller.count(written) == (1, None)
    assert (await teller.refused(f"{written}9")).json()["code"] == "min_seq.unknown"
    assert "replica" not in (await teller.client.get("/readyz")).json()["checks"]


async def test_a_server_that_is_no_replica_of_the_database_is_never_asked(
    world: World, teller: Teller, pair: Pair, copied: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = World(copied)
    await elsewhere.publisher("points")
    await pair.standby.follow()
    for stranger in (
        teller.settings.database_url,  # the primary itself
        pair.standby.url(f"points_said_{elsewhere.prefix}", "points"),  # another city on the same server
    ):
        await world.stop("points")
        caplog.clear()
        await teller.serve(replica_url=stranger)

        async def said() -> bool:
            return "replica: fails, trying again (StrangerError" in caplog.text

        await until(said)
        assert await teller.count() == (0, "primary")
    await elsewhere.close()


async def test_nothing_is_asked_of_the_database_that_the_read_does_not_ask(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(publisher.app.state.database.url)
    statements = counted(monkeypatch, database)
    reader = Reader(publisher.journal, [], database, None)
    async with reader.transaction() as (tx, where):
        assert (statements, where) == ([], "primary")
        await tx.execute(text("select 1"))
    assert len(statements) == 1
    await database.dispose()


async def test_a_receipt_says_what_has_to_be_in_a_list_and_a_service_is_ready_without_its_replica(
    world: World, pair: Pair
) -> None:
    name = await world.database("points")
    points = await world.serve("points", POINTS_REPLICA_URL=pair.standby.url(name, "points"))

    async def works() -> bool:
        return bool((await points.get("/readyz")).json()["checks"]["replica"] == "ok")

    await until(works)
    await pair.standby.hold()
    receipts = await points.post("/v1/activities", json=workshop("w", "T1", "2025-03-01"))
    listed = "/v1/awards?year=2025"
    events = ",".join(result["event"] for result in receipts.json()["results"])
    assert (await points.get(listed)).json()["items"] == []
    answer = await points.get(listed, headers={"Min-Seq": events})
    assert len(answer.json()["items"]) == 2

    await world.stop("points")
    points = await world.serve("points", POINTS_REPLICA_URL="postgresql+asyncpg://points@127.0.0.1:1/points")
    ready = await points.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["replica"]) == (200, "away")
    assert len((await points.get(listed)).json()["items"]) == 2


async def test_while_the_primary_is_away_reads_go_on_and_nothing_that_must_be_fresh_is_answered(
    teller: Teller, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = await teller.say("one")
    await pair.standby.follow()
    await kill(pair.primary)
    looks = counted(monkeypatch, teller.replica._looking)

    async def looked_at_alone() -> bool:
        return len(looks) >= 2

    async def back() -> bool:
        return (await teller.client.get("/v1/journal/heads")).status_code == 200

    try:
        await until(looked_at_alone)
        assert await teller.count(written) == (1, "replica")
        assert (await teller.refused(f"{written}0")).json()["code"] == "store.away"
        assert not await back()
    finally:
        await asyncio.to_thread(pair.primary.revive)
    await until(back)
