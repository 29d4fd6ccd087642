"""Closing a year: only after the points service, for everyone, and then nothing is registered any more."""

import asyncio
from datetime import date, timedelta

import httpx

from hours.ledger import operations as ledger
from shared.policy.calendar import day_of
from shared.runtime import clock
from shared.runtime.database import Transaction
from tests.integration.hours.acts import AT, close_points, enrol, key, record, register, total
from tests.integration.hours.conftest import Town
from tests.integration.hours.test_organisations import WHOLE, post
from tests.support.signing import calling
from tests.support.world import World, until


def place_of(answer: httpx.Response) -> tuple[int, str, str]:
    told = answer.json()
    return answer.status_code, told["code"], (told.get("errors") or [{"path": ""}])[0]["path"]


async def closed(town: Town, year: int) -> None:
    async def done() -> bool:
        return bool((await town.hours.get(f"/v1/years/{year}")).json()["state"] == "closed")

    await until(done)


async def test_a_year_waits_for_every_share_of_the_points_service(town: Town) -> None:
    early = await town.hours.post("/v1/years/2024/close", headers=key())
    assert (early.status_code, early.json()["code"], early.json()["count"]) == (409, "year.points_open", 32)
    await close_points(town.points, 2024, but=7)
    await town.heard()
    nearly = await town.hours.post("/v1/years/2024/close", headers=key())
    assert (nearly.status_code, nearly.json()["missing"]) == (409, [7])
    assert (await town.hours.get("/v1/years/2024")).json() == {
        "year": 2024,
        "state": "open",
        "closed": 0,
        "partitions": 32,
        "missing": [7],
    }


async def test_a_closed_year_takes_no_record_and_no_reversal(town: Town) -> None:
    await enrol(town.hours, "T1")
    await register(town.hours, record("R1", "T1", "GZ-HR-2.02", "8"))
    await close_points(town.points, 2024)
    await town.heard()
    asked = await town.hours.post("/v1/years/2024/close", headers=key())
    assert asked.status_code == 202
    assert asked.json()["state"] in {"closing", "closed"}
    await closed(town, 2024)
    again = await town.hours.post("/v1/years/2024/close", headers=key())
    assert (again.status_code, again.json()["state"]) == (202, "closed")
    late = await town.hours.post("/v1/records", json=record("R2", "T1", "GZ-HR-2.02", "8"))
    assert (late.status_code, late.json()["code"]) == (409, "year.closed")
    replay = await town.hours.post("/v1/records", json=record("R1", "T1", "GZ-HR-2.02", "8"))
    assert (replay.status_code, replay.headers["Idempotent-Replayed"]) == (201, "true")
    back = await town.hours.post("/v1/records/R1/reversal", json={"reason": "登记有误"}, headers=key())
    assert (back.status_code, back.json()["code"]) == (409, "year.closed")
    dated = {"year": 2025, "from": "2025-05-06", "to": "2025-05-10"}
    (next_year,) = await register(town.hours, record("R3", "T1", "GZ-HR-2.02", "8", **dated))
    assert next_year["status"] == 201
    assert (await total(town.hours, "T1"))["professional"] == "8.00"


async def close(town: Town, year: int) -> None:
    """Close a year everywhere."""
    await close_points(town.points, year)
    await town.heard()
    assert (await town.hours.post(f"/v1/years/{year}/close", headers=key())).status_code == 202
    await closed(town, year)


async def reopen(
    hours: httpx.AsyncClient,
    teacher: str,
    until: date,
    caller: str = "operator:local",
    reason: str = "漏登,经核实补登",
) -> httpx.Response:
    body = {"teacher": teacher, "until": until.isoformat(), "reason": reason}
    return await hours.post("/v1/years/2024/reopenings", json=body, headers={**key(), **calling(caller)})


async def test_a_closed_year_is_opened_again_for_one_teacher_up_to_a_day(town: Town) -> None:
    hours, today = town.hours, day_of(clock.now())
    await post(hours, *WHOLE)
    await enrol(hours, "T1", "T2", school="S", district="")
    await register(hours, *(record(f"R{one}", f"T{one}", "GZ-HR-2.02", "8") for one in (1, 2)))
    assert place_of(await reopen(hours, "T1", today)) == (409, "year.not_closed", "/year")
    await close(town, 2024)
    for caller in ("school:S", "district:D", "province:P"):
        assert (await reopen(hours, "T1", today, caller)).json()["code"] == "access.forbidden"
    for caller, teacher in (("city:X", "T1"), ("operator:local", "nobody")):
        assert place_of(await reopen(hours, teacher, today, caller)) == (422, "teacher.unknown", "/teacher")
    yesterday = await reopen(hours, "T1", today - timedelta(days=1), "city:C")
    assert place_of(yesterday) == (422, "reopening.over", "/until")
    personal = (await reopen(hours, "T1", today, "city:C", reason="本人身份证34052419800101001X")).json()
    assert [(one["path"], one["code"]) for one in personal["errors"]] == [("/reason", "text.citizen_id")]
    opened = (await reopen(hours, "T1", today + timedelta(days=1), "city:C")).json()
    assert (opened["by"], opened["until"]) == ("city:C", (today + timedelta(days=1)).isoformat())

    other = await hours.post("/v1/records/R2/reversal", json={"reason": "登记有误"}, headers=key())
    assert place_of(other) == (409, "year.closed", ""), "for one teacher, not for everybody"
    right = {**record("R1-1", "T1", "GZ-HR-2.02", "9"), "reason": "学时登记有误"}
    corrected = await hours.post("/v1/records/R1/correction", json=right, headers=key())
    assert corrected.status_code == 201, corrected.text
    late = await hours.post("/v1/records", json=record("R3", "T1", "GZ-HR-2.02", "1"))
    assert (late.status_code, (await total(hours, "T1"))["professional"]) == (201, "10.00")
    after = today + timedelta(days=2)
    for teacher, on, phase in (
        ("T1", today, "registering"),
        ("T1", after, "closed"),
        ("T2", today, "closed"),
    ):
        asked: dict[str, int | str] = {"year": 2024, "at": f"{on}T12:00:00+08:00"}
        ahead = await hours.get(f"/v1/teachers/{teacher}/outlook", params=asked)
        assert ahead.json()["phase"] == phase, (teacher, on)
    _, partition, seq = late.json()["event"].split("/")
    told = (await hours.get(f"/v1/entries/{partition}/{seq}/why")).json()
    assert [one["entry"] for one in told["because"]] == [opened["event"]]
    assert "city:C opened 2024 again for T1" in told["because"][0]["words"]
    taken_back = (await hours.get((await hours.get("/v1/records/R1")).json()["why"])).json()
    assert taken_back["because"][1]["entry"] == opened["event"]
    lines = (await hours.get("/v1/teachers/T1/statement", params={"year": 2024})).json()["items"]
    assert [(one["type"], one["hours"]) for one in lines] == [
        ("hours.posted.v1", "8.00"),
        ("hours.year_reopened.v1", "0.00"),
        ("hours.reversed.v1", "-8.00"),
        ("hours.posted.v1", "9.00"),
        ("hours.posted.v1", "1.00"),
    ]
    assert (lines[1]["reason_words"], lines[1]["by"]) == ("漏登,经核实补登", "city:C")

    state = town.world.apps["hours"].state
    async with state.database.transaction() as tx:
        for days, takes in ((1, True), (2, False)):
            then = clock.now() + timedelta(days=days)
            closing = (await ledger.closings(tx, state.service.context, ["T1"], then))["T1"]
            assert (2024 not in closing) == takes, "it closes again by the date alone"
    again = await reopen(hours, "T1", today, "city:C", reason="corrected")
    assert again.status_code == 201, "a later word replaces it"
    stated = await hours.get("/v1/teachers/T1/statement", params={"year": 2024})
    last = stated.json()["items"][-1]
    assert (last["reason_words"], last["reversal"]) == ("corrected", None), "words, whatever they are"


async def test_a_closing_goes_on_after_a_restart(town: Town) -> None:
    await close_points(town.points, 2024)
    await town.heard()
    await town.hours.post("/v1/years/2024/close", headers=key())
    await town.world.stop("hours")
    hours = await town.world.serve("hours")

    async def done() -> bool:
        return bool((await hours.get("/v1/years/2024")).json()["state"] == "closed")

    await until(done)


async def test_only_the_operator_closes_a_year(town: Town) -> None:
    answer = await town.hours.post("/v1/years/2024/close", headers={**key(), **calling("school:S01")})
    assert (answer.status_code, answer.json()["code"]) == (403, "access.forbidden")


async def test_two_copies_close_a_share_once(world: World) -> None:
    await world.serve("hours")
    state = world.apps["hours"].state
    partition = state.service.journal.partitions("teacher")[8]

    async def close(tx: Transaction) -> None:
        await ledger.close_year(tx, state.service.context, 2024, partition, AT)

    await asyncio.gather(state.database.run(close), state.database.run(close))
    async with state.database.transaction() as tx:
        assert await state.service.journal.heads(tx, [partition]) == {partition: 1}
