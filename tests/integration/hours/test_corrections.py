"""Corrections over HTTP: taken back and registered anew in one act, each naming the other, or not at all."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx

from hours.records import operations as records
from hours.records.domain.registration import Filing, Registrar, Registration
from shared.runtime import clock
from shared.runtime.database import Transaction
from tests.integration.hours.acts import enrol, key, record, register, total
from tests.integration.hours.test_organisations import WHOLE, post
from tests.support.signing import calling
from tests.support.world import World

PROGRAMME = {"details": {"programme": "在职硕士"}}


async def correct(
    hours: httpx.AsyncClient, number: str, corrected: dict[str, Any], caller: str = "operator:local"
) -> httpx.Response:
    body = {**corrected, "reason": "学时登记有误"}
    return await hours.post(
        f"/v1/records/{number}/correction", json=body, headers={**key(), **calling(caller)}
    )


async def refused(*asked: Any) -> tuple[int, str]:
    answer = await correct(*asked)
    return answer.status_code, answer.json()["code"]


async def why(hours: httpx.AsyncClient, event: str) -> dict[str, Any]:
    told: dict[str, Any] = (await hours.get(f"/v1/entries/{event.partition('/')[2]}/why")).json()
    return told


async def test_a_correction_reverses_and_registers_and_each_names_the_other(world: World) -> None:
    hours = await world.serve("hours")
    await enrol(hours, "T1")
    dated = {"year": 2023, "from": "2023-05-06", "to": "2023-05-10"}
    await register(
        hours,
        record("R1", "T1", "GZ-HR-2.04", "6"),
        record("R2", "T1", "GZ-HR-2.04", "6"),
        record("R3", "T1", "GZ-HR-2.09", "9", **PROGRAMME),
    )
    right = {**record("R1-1", "T1", "GZ-HR-2.04", "5", **dated), "reason": "年度有误"}
    once = key()
    answers = [await hours.post("/v1/records/R1/correction", json=right, headers=once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    said = answers[0].json()
    assert (said["record"], said["year"], said["hours"]) == ("R1-1", 2023, "5.00")
    assert (await total(hours, "T1"))["professional"] == "15.00", "the second moves up under the cap"
    assert (await total(hours, "T1", 2023))["professional"] == "5.00"
    before, after = [(await hours.get(f"/v1/records/{one}")).json() for one in ("R1", "R1-1")]
    assert (before["state"], after["state"]) == ("reversed", "registered")
    assert after["corrects"] == before["event"] == said["corrects"]
    told = await why(hours, said["event"])
    assert told["because"][0]["inputs"]["record"] == "R1"
    assert f"in place of entry {before['event']}" in told["words"]
    taken_back = (await hours.get(before["why"])).json()
    assert taken_back["inputs"]["replacement"] == "R1-1"
    elsewhere = await correct(hours, "R3", record("R3-1", "T1", "GZ-HR-3.04", "9", **PROGRAMME))
    assert elsewhere.status_code == 201, "the programme is free again for the rule that excludes the first"
    assert (await total(hours, "T1"))["elective"] == "9.00"
    assert await world.rebuild("hours") == []


async def test_whatever_is_refused_leaves_the_record_as_it_was(world: World) -> None:
    hours = await world.serve("hours")
    await post(hours, *WHOLE)
    await enrol(hours, "T1", "T2", school="S", district="")
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "8"), record("R2", "T1", "GZ-HR-2.02", "3"))
    right = record("R1/1", "T1", "GZ-HR-2.02", "9")
    assert await refused(hours, "R9", right) == (404, "record.unknown")
    assert await refused(hours, "R1", {**right, "teacher": "T2"}) == (422, "correction.other_teacher")
    assert await refused(hours, "R1", {**right, "record": "R2"}) == (409, "record.conflict")
    same = record("R2", "T1", "GZ-HR-2.02", "3")
    assert await refused(hours, "R1", same) == (409, "record.conflict"), "it is on file as another record"
    assert await refused(hours, "R1", {**right, "category": "public"}) == (422, "category.mismatch")
    malformed = await correct(hours, "R1", {**right, "hours": "-1"})
    assert malformed.json()["errors"][0]["path"] == "/hours"
    for made in ("declaration:A", "plan:P1/1/T1", "class:K1/1/T1", "appeal:a"):
        answers = [
            (await correct(hours, "R1", {**right, "record": made})).json(),
            (await register(hours, {**right, "record": made}))[0]["problem"],
        ]
        for said in answers:
            told = [(one["path"], one["code"]) for one in said["errors"]]
            assert (said["code"], told) == ("body.invalid", [("/record", "record.reserved")]), made
    assert await refused(hours, "R1", right, "centre:E") == (404, "record.unknown")
    assert await refused(hours, "R1", right, "school:S") == (403, "registrar.not_allowed")
    other = record("R1/1", "T1", "GZ-HR-2.04", "9")
    assert await refused(hours, "R1", other, "centre:D") == (403, "registrar.not_allowed")
    assert (await hours.get("/v1/records/R1")).json()["state"] == "registered"
    assert (await hours.get("/v1/records/R1/1")).status_code == 404
    assert (await total(hours, "T1"))["professional"] == "11.00"
    assert (await correct(hours, "R1", right, "centre:D")).status_code == 201
    assert await refused(hours, "R1", {**right, "record": "R1-2"}) == (409, "record.reversed")
    assert await world.rebuild("hours") == []


async def test_a_record_is_corrected_to_fewer_hours_and_never_below_none(world: World) -> None:
    hours = await world.serve("hours")
    await enrol(hours, "T1")
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "8"), record("R2", "T1", "GZ-HR-2.02", "3"))
    why_fewer = {"reason": "复核后按签到学时更正"}

    async def lower(number: str, left: str) -> httpx.Response:
        body = {**record(f"{number}-1", "T1", "GZ-HR-2.02", left), **why_fewer}
        return await hours.post(f"/v1/records/{number}/correction", json=body, headers=key())

    assert (await lower("R1", "4")).status_code == 201
    assert (await total(hours, "T1"))["professional"] == "7.00"
    below = await lower("R2", "-1")
    assert (below.status_code, below.json()["errors"][0]["code"]) == (422, "hours.negative")
    assert (await lower("R2", "0")).status_code == 201
    assert (await total(hours, "T1"))["professional"] == "4.00"
    lines = (await hours.get("/v1/teachers/T1/statement", params={"year": 2024})).json()["items"]
    assert [line["hours"] for line in lines] == ["8.00", "3.00", "-8.00", "4.00", "-3.00", "0.00"]
    taken_back = (await hours.get((await hours.get("/v1/records/R2")).json()["why"])).json()
    assert "复核后按签到学时更正" in taken_back["words"]
    assert await world.rebuild("hours") == []


async def test_what_was_recognised_is_corrected_by_who_recognised_it(world: World) -> None:
    hours = await world.serve("hours")
    await post(hours, *WHOLE)
    await enrol(hours, "T1", school="S", district="")
    state = world.apps["hours"].state
    declared = Registration(
        record="R1",
        teacher="T1",
        year=2024,
        rule="GZ-HR-2.03",
        category="professional",
        hours=Decimal(8),
        activity="国培",
        provider="",
        first=date(2024, 5, 6),
        last=date(2024, 5, 10),
        evidence="证书",
        details=None,
        files=("a" * 64,),
    )
    teacher = Registrar(kind="teacher", id="T1")
    filing = Filing(registrar=teacher, recogniser="centre:D", matter="declaration:K1")

    async def recognise(tx: Transaction) -> None:
        await records.register(tx, state.service.context, filing, [declared], clock.now())

    await state.database.run(recognise)
    right = record("R1-1", "T1", "GZ-HR-2.03", "6")
    assert await refused(hours, "R1", right, "teacher:T1") == (403, "registrar.not_allowed")
    courses = record("R1-1", "T1", "GZ-HR-2.02", "6")
    assert await refused(hours, "R1", courses, "centre:D") == (403, "registrar.not_allowed")
    assert (await correct(hours, "R1", right, "centre:D")).status_code == 201
    shown = (await hours.get("/v1/records/R1-1")).json()
    kept = {name: shown[name] for name in ("registrar", "recogniser", "matter", "files")}
    assert kept == {
        "registrar": "teacher:T1",
        "recogniser": "centre:D",
        "matter": "declaration:K1",
        "files": ["a" * 64],
    }
    again = await correct(hours, "R1-1", {**right, "record": "R1-2"}, "centre:D")
    assert again.status_code == 201, "a correction can be corrected"
    assert await world.rebuild("hours") == []
