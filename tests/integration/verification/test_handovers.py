"""What is submitted is pushed to the province: each once, in order, until the province has taken it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any

import pytest
from fastapi import FastAPI
from standardwebhooks import Webhook

from shared.runtime import clock
from shared.runtime.settings import Settings
from tests.integration.verification.conftest import Office, open_office
from tests.integration.verification.ledger import enrolment, judge, posting, said
from tests.support.past import record_at
from tests.support.receiver import NEXT_SECRET, SECRET, SILENT, Receiver, receiving
from tests.support.signing import signed
from tests.support.world import PATIENCE, World, until
from verification.app import create_app
from verification.handovers import operations
from verification.handovers.domain import BATCH, PAUSES, Batch, Failure
from verification.handovers.jobs import Pushing
from verification.settings import LAYOUT, VerificationSettings

START = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
SUBMITTED = "verification.submitted.v1"


@dataclass(frozen=True)
class Province:
    """A running verification service, and the province to which it pushes."""

    office: Office
    receiver: Receiver
    settings: dict[str, str]

    @property
    def world(self) -> World:
        return self.office.world

    def at(self, moment: datetime | None) -> None:
        """Let the service go by another clock."""
        record_at(self.world, "verification", moment)

    async def state(self, **headers: str) -> dict[str, Any]:
        answer = await self.office.client.get("/v1/handover", headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def pushed(self) -> dict[str, Any]:
        """Wait until nothing is in transit."""

        async def all_taken() -> bool:
            return bool((await self.state())["in_transit"] == 0)

        await until(all_taken)
        return await self.state()

    async def failed(self, attempts: int) -> dict[str, Any]:
        """Wait until an attempt has failed."""

        async def noted() -> bool:
            return bool((await self.state())["attempts"] == attempts)

        await until(noted)
        return await self.state()

    async def submit(self, *teachers: str, key: str = "k1", category: str = "public") -> None:
        """Hand teachers' years over, or hand them over again with more hours."""
        await self.office.ledger.say([enrolment(teacher) for teacher in teachers])
        await self.office.ledger.say([posting(teacher, 2024, category, "30") for teacher in teachers])
        await self.office.ledger.heard()
        await judge(self.office.client, key)


@pytest.fixture
async def province(world: World) -> AsyncIterator[Province]:
    async with receiving(world) as (receiver, settings):
        office = await open_office(world, "province", **settings)
        yield Province(office, receiver, settings)


def together(number: int) -> list[str]:
    """Teachers who lie in one partition."""
    place = LAYOUT.partition("teacher:T0")
    names = (f"T{n}" for n in count())
    return list(islice((name for name in names if LAYOUT.partition(f"teacher:{name}") == place), number))


async def test_what_was_submitted_is_pushed_once_in_order_and_signed(province: Province) -> None:
    teachers = together(BATCH + 10)
    await province.submit(*teachers)
    state = await province.pushed()
    assert [len(push.submissions) for push in province.receiver.pushes] == [BATCH, 10]
    sent = [one for push in province.receiver.pushes for one in push.submissions]
    events = await said(province.office.client, SUBMITTED)
    names = {"submission", "teacher", "year", "figures", "submitted_at"}
    assert sent == [
        {
            "submission": f"verification/{event['partition']}/{event['seq']}",
            "teacher": event["data"]["teacher"],
            "year": 2024,
            "figures": event["data"]["figures"],
            "submitted_at": event["recorded_at"],
        }
        for event in events
    ]
    assert {name for one in sent for name in one} == names, "no name leaves, and no number of a person"
    for push in province.receiver.pushes:
        assert Webhook(SECRET).verify(push.body, push.headers)["type"] == SUBMITTED
        assert "." not in push.id
        assert len(push.body) < 20_000
    partition = LAYOUT.partition("teacher:T0")
    assert state["positions"][str(partition)] >= events[-1]["seq"]
    assert (state["pushing"], state["awaited"], state["attempts"], state["failure"]) == (True, 60, 0, None)
    await province.submit(teachers[0], key="k2", category="professional")
    await province.pushed()
    assert len(province.receiver.messages) == len(province.receiver.pushes) == 3


async def test_a_withheld_year_is_handed_over_again_with_the_deductions(province: Province) -> None:
    await province.submit("T1")
    await province.pushed()
    await province.office.ledger.deduct("T1", "D1", withholds=True)
    await province.pushed()
    sent = [one for push in province.receiver.pushes for one in push.submissions]
    assert [one.get("withheld") for one in sent] == [None, ["D1"]]


@pytest.mark.parametrize(
    ("status", "words", "chinese"),
    [
        (SILENT, "no answer in time", "未在时限内应答"),
        (500, "answered 500", "应答 500"),
        (301, "answered 301, a redirection, which is not followed", "应答 301(重定向),不予跟随"),
    ],
)
async def test_what_is_not_taken_is_sent_again_as_the_same_message(
    province: Province, status: int, words: str, chinese: str
) -> None:
    province.at(START)
    province.receiver.answers(status, location="/elsewhere")
    await province.submit("T1")
    failed = await province.failed(1)
    assert (failed["failure"], failed["in_transit"]) == (words, 1)
    assert (await province.state(**{"Accept-Language": "zh"}))["failure"] == chinese
    assert failed["in_transit_since"] == failed["failed_at"] == "2026-03-02T02:00:00Z"
    again = START + PAUSES[0]
    assert datetime.fromisoformat(failed["next_attempt_at"]) == again
    await province.submit("T2", key="k2")
    province.at(again - timedelta(seconds=1))
    assert len(province.receiver.pushes) == 1, "it is not tried before its time"
    province.at(again)
    second = await province.failed(2)
    assert datetime.fromisoformat(second["next_attempt_at"]) == again + PAUSES[1]
    province.receiver.answers(204)
    province.at(again + PAUSES[1])
    await province.pushed()
    first, repeated, taken, other = province.receiver.pushes
    assert first.id == repeated.id == taken.id
    assert first.body == repeated.body == taken.body
    assert [first.sent_at, repeated.sent_at, taken.sent_at] == [START, again, again + PAUSES[1]]
    assert all(push.is_signed_with(SECRET) for push in province.receiver.pushes)
    told = [[one["teacher"] for one in push.submissions] for push in (taken, other)]
    assert told == [["T1"], ["T2"]]
    assert province.receiver.elsewhere == 0


async def test_a_province_that_asks_for_time_gets_it(province: Province) -> None:
    province.at(START)
    province.receiver.answers(503, **{"retry-after": "1800"})
    await province.submit("T1")
    failed = await province.failed(1)
    assert datetime.fromisoformat(failed["next_attempt_at"]) == START + timedelta(minutes=30)


async def test_a_province_that_is_not_there_is_asked_again(province: Province) -> None:
    await province.world.stop("verification")
    nowhere = {**province.settings, "VERIFICATION_PROVINCE_URL": "http://127.0.0.1:1/"}
    client = await province.world.serve("verification", VERIFICATION_AUTHORITY="province", **nowhere)
    away = Province(Office(client, province.office.ledger, province.world), province.receiver, nowhere)
    await away.submit("T1")
    assert (await away.failed(1))["failure"] == "the address cannot be reached"


async def test_an_answer_that_trickles_in_is_cut_off_in_time(province: Province) -> None:
    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while not writer.is_closing():
            writer.write(b"x: 1\r\n")
            await asyncio.sleep(0.1)

    async with await asyncio.start_server(trickle, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        own = {**province.settings, "VERIFICATION_PROVINCE_URL": f"http://{host}:{port}/"}
        app, work = await idle(province.world, own)
        await province.world.stop("verification")
        client = await province.world.serve("verification", VERIFICATION_AUTHORITY="province")
        alone = Province(Office(client, province.office.ledger, province.world), province.receiver, own)
        await alone.submit("T1")
        async with asyncio.timeout(PATIENCE):
            assert not await work.step(clock.now())
        assert (await alone.state())["failure"] == "no answer in time"
        await work.aclose()
        await app.state.database.dispose()


async def test_with_two_secrets_either_checks(world: World) -> None:
    async with receiving(world) as (receiver, settings):
        both = {**settings, "VERIFICATION_PROVINCE_SECRETS": f"{NEXT_SECRET},{SECRET}"}
        office = await open_office(world, "province", **both)
        await Province(office, receiver, both).submit("T1")
        await Province(office, receiver, both).pushed()
        (push,) = receiver.pushes
        for secret in (SECRET, NEXT_SECRET):
            Webhook(secret).verify(push.body, push.headers)


async def test_a_process_that_dies_after_sending_sends_the_same_message_and_no_other(
    province: Province,
) -> None:
    await province.world.stop("verification")
    client = await province.world.serve("verification", VERIFICATION_AUTHORITY="province")
    silent = Province(Office(client, province.office.ledger, province.world), province.receiver, {})
    one, two, *_ = together(2)
    await silent.submit(one)
    app, work = await idle(province.world, province.settings)
    database, context = app.state.database, app.state.service.context
    sender = province.world.prefix
    sending = await database.run(lambda tx: operations.next_sending(tx, context, sender, clock.now()))
    assert await work._send(sending.message, clock.now()) is None
    await work.aclose()
    await silent.submit(two, key="k2")
    assert [push.id for push in province.receiver.pushes] == [sending.message.id]

    after = await database.run(lambda tx: operations.next_sending(tx, context, sender, clock.now()))
    assert after == sending, "what came since waits for what is on its way"
    await province.world.stop("verification")
    own = province.settings
    client = await province.world.serve("verification", VERIFICATION_AUTHORITY="province", **own)
    await Province(Office(client, province.office.ledger, province.world), province.receiver, own).pushed()
    first, again, other = province.receiver.pushes
    assert (first.id, first.body) == (again.id, again.body)
    assert [row["teacher"] for row in other.submissions] == [two]
    await database.dispose()


async def test_a_copy_that_wakes_up_late_changes_nothing(province: Province) -> None:
    await province.submit("T1")
    state = await province.pushed()
    app, work = await idle(province.world, province.settings)
    database, context = app.state.database, app.state.service.context
    sender = province.world.prefix
    long_ago = Batch(LAYOUT.partition("teacher:T1"), 0, 1)
    for failure in (None, Failure(kind="timed_out")):
        await database.run(lambda tx, said=failure: operations.settle(tx, long_ago, said, clock.now()))
    assert await province.state() == state
    assert await database.run(lambda tx: operations.next_sending(tx, context, sender, clock.now())) is None
    await work.aclose()
    await database.dispose()


async def test_without_an_address_nothing_is_pushed_and_all_waits(world: World) -> None:
    office = await open_office(world, "province")
    alone = Province(office, Receiver(), {})
    await alone.submit("T1", "T2")
    state = await alone.state()
    assert (state["pushing"], state["awaited"], state["in_transit"]) == (False, 2, 2)
    assert state["in_transit_since"] is not None
    assert (state["pushed_at"], state["positions"]) == (None, {})


async def test_where_the_city_decides_there_is_nothing_to_push(world: World) -> None:
    async with receiving(world) as (receiver, settings):
        office = await open_office(world, "local", **settings)
        await Province(office, receiver, settings).submit("T1")
        assert await said(office.client, SUBMITTED) == []
        assert receiver.pushes == []


async def test_who_decides_for_the_whole_deployment_sees_how_it_stands(province: Province) -> None:
    for role, status in (
        ("provincial_hr@deployment:gd-hr", 200),
        ("operator@deployment:local", 200),
        ("provincial_hr@province:P44", 403),
        ("city_department@city:C4401", 403),
    ):
        answer = await province.office.client.get("/v1/handover", headers=signed(role))
        assert answer.status_code == status, role


async def idle(world: World, own: dict[str, str]) -> tuple[FastAPI, Pushing]:
    """The same service, without its jobs: the test says when something is sent."""
    environment = {**await world.environment("verification"), "VERIFICATION_AUTHORITY": "province", **own}
    settings = Settings.from_environment("verification", environment)
    app, told = create_app(settings), VerificationSettings.read(settings).province
    assert told is not None
    return app, Pushing(app.state.database, app.state.service.context, told)
