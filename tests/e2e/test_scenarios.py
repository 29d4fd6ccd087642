"""The standard scenarios, from the first act to the certificate, through public interfaces only."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from shared.policy.calendar import day_of
from shared.runtime import clock
from tests.integration.verification.ledger import said
from tests.support.city import City
from tests.support.deadlines import graced
from tests.support.deeds import act, person, record, shared, topic, withdrawal, workshop
from tests.support.past import record_at
from tests.support.receiver import SILENT, receiving
from tests.support.signing import signed
from tests.support.world import World, until

LAST = "2024-12-31T23:59:59+08:00"
OUTAGE = (2, 3, 4, 5, 6, 9, 10)
"""A Monday in March 2026 and the six working days after it."""
LATE = {"overdue_at": "2026-03-10T10:00:00+08:00"}
ALARM = "verification.answer_overdue.v1"
PROVINCE = signed("provincial_hr@deployment:gd-hr")


PROOF = {
    "applicant": "王小明",
    "student_number": "44010000012345",
    "annual_points": "2400",
    "converted_hours": "8",
    "unit": "天河区第一小学",
    "handler": "李老师",
    "date": "2024-12-01",
    "contact": "020-12345678",
}


@pytest.fixture
async def city(world: World) -> City:
    return await City.serve(world)


def happy_records(teacher: str, year: int = 2024) -> list[dict[str, object]]:
    """Scenario 1 without its exchange: public 30, professional 24 + 8, elective 10 + 8 (2,400 points)."""
    return [
        record(f"{teacher}-{year}-public", teacher, "GZ-HR-1.01", "30", year),
        record(f"{teacher}-{year}-online", teacher, "GZ-HR-2.01", "24", year),
        record(f"{teacher}-{year}-class", teacher, "GZ-HR-2.02", "8", year),
        record(
            f"{teacher}-{year}-school",
            teacher,
            "GZ-HR-3.02",
            "10",
            year,
            details={"plan_approved_at": f"{year}-03-01T09:00:00+08:00"},
        ),
        record(
            f"{teacher}-{year}-xuexi",
            teacher,
            "GZ-HR-3.03",
            "8",
            year,
            details={"score": 2400, "proof": PROOF},
        ),
    ]


async def thousand_points(city: City, teacher: str) -> None:
    """Two workshops founded and featured: 100 + 1,000 points."""
    await city.do(
        *workshop(f"{teacher}-a", teacher, "2024-03-01"), *workshop(f"{teacher}-b", teacher, "2024-04-01")
    )


async def test_scenario_1_to_3_a_happy_year_a_surplus_and_the_next_year(city: City) -> None:
    await city.enrol(person("T1", "欧阳·明"), person("T2", "买买提·阿卜杜拉"))
    for teacher in ("T1", "T2"):
        await thousand_points(city, teacher)
        await city.register(*happy_records(teacher))
        await city.exchange(f"x-{teacher}", teacher, "professional", 10, LAST)
    await city.register(record("paper", "T2", "GZ-HR-2.10", "28", details={"rank": 2}))
    await city.close(2024)

    run = await city.verify(2024)
    assert (run["done"], run["total"]) == (2, 2)
    first, second = await city.result("T1", 2024), await city.result("T2", 2024)
    assert (first["outcome"], second["outcome"]) == ("pass", "pass")
    assert first["figures"]["professional"] == "42.00"
    assert second["figures"]["professional"] == "70.00"

    certificate = await city.certificate("T1", 2024)
    assert certificate["number"].startswith("440100" + "2024" + "5")
    await carried(city, "T1", 2024, "0.00")
    await carried(city, "T2", 2024, "28.00")

    await city.register(
        record("p25", "T2", "GZ-HR-1.01", "30", 2025),
        record("f25", "T2", "GZ-HR-2.01", "20", 2025),
        record("e25", "T2", "GZ-HR-3.01", "18", 2025),
    )
    await city.close(2025)
    await city.verify(2025, kind="teacher", id="T2")
    next_year = await city.result("T2", 2025)
    assert next_year["outcome"] == "pass"
    assert (next_year["figures"]["carried_in"], next_year["figures"]["professional"]) == ("28.00", "20.00")
    await carried(city, "T2", 2025, "6.00")


async def carried(city: City, teacher: str, year: int, hours: str) -> None:
    """Wait until a verdict's carry-over is in the ledger, then hold it against `hours`."""
    await city.certificate(teacher, year)

    async def arrived() -> bool:
        return (await city.totals(teacher, year))["carry_out"] == hours

    await until(arrived)


async def test_scenario_4_every_cap_holds_and_says_so(city: City) -> None:
    await city.enrol(person("T1"))
    await thousand_points(city, "T1")
    await city.register(
        record("s1", "T1", "GZ-HR-2.07", "30"),
        record("s2", "T1", "GZ-HR-2.07", "20"),
        record("r1", "T1", "GZ-HR-2.04", "6"),
        record("r2", "T1", "GZ-HR-2.04", "6"),
        record("o1", "T1", "GZ-HR-2.10", "14"),
        record("o2", "T1", "GZ-HR-2.10", "14"),
        record("o3", "T1", "GZ-HR-2.10", "14"),
        record("school", "T1", "GZ-HR-3.02", "20"),
        record(
            "xuexi",
            "T1",
            "GZ-HR-3.03",
            None,
            details={"score": 9000, "proof": {**PROOF, "annual_points": "9000"}},
        ),
    )
    totals = await city.totals("T1", 2024)
    assert totals["professional"] == "80.00"  # 42 + 10 + 28
    assert totals["elective"] == "26.00"  # 18 + 8
    assert totals["over_cap"] == "48.00"  # studio 8, research 2, outcomes 14, school-based 2, score 22
    refused = await city.ask("eleven", "T1", "professional", 11, LAST)
    assert (refused.status_code, refused.json()["code"]) == (409, "exchange.cap_exceeded")
    await city.exchange("ten", "T1", "professional", 10, LAST)
    assert (await city.totals("T1", 2024))["professional"] == "90.00", (
        "beside the studio's 42, not among them"
    )


async def test_scenario_5_a_near_miss_is_put_right_within_the_days_of_grace_and_not_after(
    world: World, tmp_path: Path
) -> None:
    open_pack, closed_pack = graced(tmp_path, 1), graced(tmp_path, -1)
    city = await City.serve(world, HOURS_PACK=open_pack)
    year = day_of(clock.now()).year - 1
    online = record("online", "T1", "GZ-HR-2.01", "34", year)
    *others, school, xuexi = happy_records("T1", year)
    await city.enrol(person("T1"))
    await city.register(*others, online, xuexi, {**school, "hours": "9.5"})
    await world.heard("verification", "hours")
    await city.verify(year)
    assert (await city.result("T1", year))["shortfall"] == {"elective": "0.50"}
    body = {**school, "record": "right", "reason": "退回后更正"}

    async def correct(client: httpx.AsyncClient) -> tuple[int, str | None]:
        address = f"/v1/records/{school['record']}/correction"
        answer = await client.post(address, json=body, headers={"Idempotency-Key": "right"})
        return answer.status_code, answer.json().get("code")

    over = {"teacher": "T1", "until": "2020-01-01", "reason": "宽限期外更正"}
    for pack, answer, reopening in (
        (closed_pack, (409, "registration.late"), "reopening.over"),
        (open_pack, (201, None), "year.not_closed"),
    ):
        await world.stop("hours")
        hours = await world.serve("hours", HOURS_PACK=pack)
        ordered = await hours.post(
            f"/v1/years/{year}/reopenings", json=over, headers={"Idempotency-Key": reopening}
        )
        assert ordered.json()["code"] == reopening, "after the deadline there is something to open again"
        assert await correct(hours) == answer
        await world.heard("verification", "hours")
        outcome = "pass" if answer[0] == 201 else "fail"
        assert (await city.result("T1", year))["outcome"] == outcome
    assert (await city.certificate("T1", year))["version"] == 1


async def test_scenario_6_the_year_ends_at_midnight_in_china(city: City) -> None:
    await city.enrol(person("T1"))
    await city.do(*topic("t", "T1", "2024-12-31T20:00:00+08:00", 10, last="2024-12-31T15:59:59Z"))
    awards = (await city.points.get("/v1/awards", params={"year": 2024, "teacher": "T1"})).json()["items"]
    assert [(a["rule"], a["points"]) for a in awards] == [("GZ-BP-06", 10)]
    await thousand_points(city, "T1")
    late = await city.ask("late", "T1", "professional", 1, "2024-12-31T16:00:01Z")
    assert (late.status_code, late.json()["code"]) == (409, "exchange.points_expired")


async def test_scenario_7_fraud_takes_back_points_hours_and_the_certificate(city: City) -> None:
    await city.enrol(person("T1"))
    await city.do(*(shared(f"r{n}", "T1", "2024-02-01") for n in range(5)))
    await city.register(*happy_records("T1"), record("more", "T1", "GZ-HR-2.02", "9"))
    await city.exchange("one", "T1", "professional", 1, "2024-02-02T08:00:00+08:00")
    await city.verify(2024, kind="teacher", id="T1")
    certificate = await city.certificate("T1", 2024)

    await city.do(withdrawal("share-r0", "T1", "2024-03-05T10:00:00+08:00"))

    suspended = await city.certificate("T1", 2024, state="suspended")
    assert suspended["number"] == certificate["number"]
    assert (await city.result("T1", 2024))["shortfall"] == {"professional": "1.00", "total": "1.00"}
    balance = (
        await city.points.get("/v1/teachers/T1/balance", params={"at": "2024-03-06T00:00:00+08:00"})
    ).json()
    assert balance["balance"] == 80  # 100 - 20 reversed - 100 exchanged + 100 given back for the hour
    blocked = await city.ask("again", "T1", "professional", 1, "2024-03-06T00:00:00+08:00")
    assert (blocked.status_code, blocked.json()["code"]) == (409, "exchange.points_insufficient")


@pytest.mark.long
async def test_scenario_9_after_six_days_of_outage_the_province_decides_once(world: World) -> None:
    async with receiving(world) as (receiver, settings):
        city = await City.serve(world, VERIFICATION_AUTHORITY="province", **settings)
        monday, *days = [datetime(2026, 3, day, 2, tzinfo=UTC) for day in OUTAGE]
        receiver.answers(SILENT)
        record_at(world, "verification", monday)
        await city.enrol(person("T1"))
        await city.register(*happy_records("T1"), record("more", "T1", "GZ-HR-2.02", "10"))
        await world.heard("verification", "hours")
        await city.verify(2024)
        await tried(city, 1)
        for attempts, day in enumerate(days, 2):
            assert await overdue(city) == 0, "the term is not over yet"
            record_at(world, "verification", day)
            await tried(city, attempts)
        await until(lambda: overdue(city))
        (row,) = (await city.verification.get("/v1/results", params=LATE)).json()["items"]
        assert (row["teacher"], row["outcome"], row["due_on"]) == ("T1", None, "2026-03-09")
        state = (await city.verification.get("/v1/handover")).json()
        assert (state["in_transit_since"], state["failure"]) == ("2026-03-02T02:00:00Z", "no answer in time")

        receiver.answers(204)
        record_at(world, "verification", back := days[-1] + timedelta(days=1))
        await tried(city, 0)
        pushes = receiver.pushes
        assert len(pushes) == len(OUTAGE) + 1
        assert len({(push.id, push.body) for push in pushes}) == 1, "one message, whatever was tried"
        (submission,) = pushes[-1].submissions
        assert (submission["teacher"], submission["year"]) == ("T1", 2024)

        verdict = {"verdict": "GD-1", "teacher": "T1", "year": 2024, "outcome": "pass"}
        told = verdict | {"decided_at": back.isoformat()}
        hand_in = partial(city.verification.post, "/v1/verdicts", json=told, headers=PROVINCE)
        first, second = await asyncio.gather(hand_in(), hand_in())
        assert first.json() == second.json() == (await hand_in()).json()
        certificate = await city.certificate("T1", 2024)
        for listener in ("hours", "certificates"):
            await world.heard(listener, "verification")
        issued = (await city.certificates.get("/v1/certificates", params={"teacher": "T1"})).json()["items"]
        assert [(one["number"], one["version"]) for one in issued] == [(certificate["number"], 1)]
        assert len(await said(city.certificates, "certificate.issued.v1")) == 1
        assert len(await said(city.verification, "verification.passed.v1")) == 1
        assert len(await said(city.verification, ALARM)) == 1
        assert (await city.verification.get("/v1/results", params=LATE)).json()["items"] == []
        assert receiver.pushes == pushes
        assert await world.rebuild("verification") == []


async def overdue(city: City) -> int:
    """Of how many years it was said that the province's answer is overdue."""
    return int((await city.verification.get("/v1/handover")).json()["overdue"])


async def tried(city: City, attempts: int) -> None:
    """Wait until what is on its way to the province has failed so often; 0 where it was taken."""

    async def noted() -> bool:
        state = (await city.verification.get("/v1/handover")).json()
        return bool((state["attempts"], state["in_transit"]) == (attempts, 1 if attempts else 0))

    await until(noted)


async def test_an_exchange_of_somebody_unknown_is_refused_and_refunded(city: City) -> None:
    await thousand_points(city, "GHOST")
    answer = await city.ask("ghost", "GHOST", "professional", 5, LAST)
    assert answer.status_code == 202
    assert await city.answered("ghost") == "refused"
    said = (await city.points.get("/v1/exchanges/ghost")).json()
    assert said["reason"] == "teacher.unknown"
    accounts = (await city.points.get("/v1/accounts", params={"year": 2024})).json()["items"]
    assert [(a["teacher"], a["balance"]) for a in accounts] == [("GHOST", 1100)]


async def test_two_exchanges_of_six_hours_at_once_on_1200_points(city: City) -> None:
    await city.enrol(person("T1"))
    await thousand_points(city, "T1")
    await city.do(*workshop("T1-c", "T1", "2024-05-01"))
    answers = await asyncio.gather(*(city.ask(f"six-{n}", "T1", "professional", 6, LAST) for n in range(2)))
    assert sorted(a.status_code for a in answers) == [202, 409]
    refused = next(a for a in answers if a.status_code == 409)
    assert refused.json()["code"] == "exchange.cap_exceeded"


async def test_gz_bp_04_points_that_were_exchanged_do_not_open_the_cap_again(city: City) -> None:
    await city.enrol(person("T1"))
    await city.do(*(shared(f"r{n}", "T1", "2024-02-01") for n in range(5)))
    await city.exchange("one", "T1", "professional", 1, "2024-02-02T08:00:00+08:00")
    await city.do(shared("r5", "T1", "2024-02-03"))
    account = (await city.points.get("/v1/accounts", params={"year": 2024})).json()["items"][0]
    assert (account["earned"], account["exchanged"], account["balance"]) == (100, 100, 0)
    awards = (await city.points.get("/v1/awards", params={"year": 2024, "teacher": "T1"})).json()["items"]
    assert [(a["points"], a["cut"]) for a in awards] == [(20, 0)] * 5 + [(0, 20)]


async def test_gz_ex_00_nothing_is_exchanged_unasked(city: City) -> None:
    await city.enrol(person("T1"))
    await thousand_points(city, "T1")
    await city.close(2024)
    account = (await city.points.get("/v1/accounts", params={"year": 2024})).json()["items"][0]
    assert (account["exchanged"], account["expired"], account["balance"]) == (0, 1100, 0)
    assert (await city.totals("T1", 2024))["professional"] == "0.00"


async def test_gz_vf_03_the_provinces_fail_leaves_nothing_of_a_predicted_pass(world: World) -> None:
    city = await City.serve(world, VERIFICATION_AUTHORITY="province")
    await city.enrol(person("T1"))
    await city.register(*happy_records("T1"), record("more", "T1", "GZ-HR-2.02", "18"))
    await city.verify(2024)
    assert (await city.result("T1", 2024))["predicted"] == "pass"
    fail = {"verdict": "V-1", "teacher": "T1", "year": 2024, "outcome": "fail"}
    told = await city.verification.post(
        "/v1/verdicts", json=fail | {"decided_at": "2025-02-01T10:00:00+08:00"}
    )
    assert told.status_code == 201
    found = await city.result("T1", 2024)
    assert (found["outcome"], found["authority"]) == ("fail", "province")
    opened = (await city.verification.get("/v1/discrepancies", params={"state": "open"})).json()["items"]
    assert [(row["predicted"], row["decided"]) for row in opened] == [("pass", "fail")]
    for listener in ("hours", "certificates"):
        await world.heard(listener, "verification")
    assert (await city.totals("T1", 2024))["carry_out"] == "0.00"
    assert (await city.certificates.get("/v1/certificates", params={"year": 2024})).json()["items"] == []


async def test_ct_03_where_the_province_decides_a_reversal_suspends_until_it_decides_anew(
    world: World,
) -> None:
    city = await City.serve(world, VERIFICATION_AUTHORITY="province")
    await city.enrol(person("T1"))
    await city.register(*happy_records("T1"), record("more", "T1", "GZ-HR-2.02", "18"))
    await city.verify(2024)

    async def decide(verdict: str, outcome: str) -> None:
        said = {"verdict": verdict, "teacher": "T1", "year": 2024, "outcome": outcome}
        at = {"decided_at": f"2025-02-0{verdict[-1]}T10:00:00+08:00"}
        answer = await city.verification.post("/v1/verdicts", json=said | at)
        assert answer.status_code == 201

    async def take_back(number: str) -> None:
        answer = await city.hours.post(
            f"/v1/records/{number}/reversal",
            json={"reason": "重复登记"},
            headers={"Idempotency-Key": number},
        )
        assert answer.status_code == 201, answer.text

    await decide("V-1", "pass")
    number = (await city.certificate("T1", 2024))["number"]
    await carried(city, "T1", 2024, "8.00")
    await take_back("more")
    suspended = await city.certificate("T1", 2024, state="suspended")
    assert (suspended["number"], suspended["reason"]) == (number, "verdict.doubted")
    assert (await city.result("T1", 2024))["outcome"] == "pass", "the verdict is the province's"
    assert (await city.totals("T1", 2024))["carry_out"] == "8.00", "and so is what was carried over"

    await city.register(record("instead", "T1", "GZ-HR-2.02", "18"))
    assert (await city.certificate("T1", 2024))["version"] == 1, "the hours are as they were"

    await city.register(record("further", "T1", "GZ-HR-2.02", "2"))
    await carried(city, "T1", 2024, "10.00")

    async def replaced() -> bool:
        return bool((await city.certificate("T1", 2024))["version"] == 2)

    await until(replaced)
    await take_back("further")
    await take_back("instead")
    await city.certificate("T1", 2024, state="suspended")
    await decide("V-2", "pass")
    assert (await city.certificate("T1", 2024))["number"] == number, "the province says that it stands"


async def test_why_is_answered_from_the_award_to_the_verdict(city: City) -> None:
    await city.enrol(person("T1"))
    await city.do(*topic("t", "T1", "2024-05-01T20:00:00+08:00", 10))
    award = (await city.points.get("/v1/awards", params={"year": 2024, "teacher": "T1"})).json()["items"][0]
    _, partition, seq = award["event"].split("/")
    why = await city.points.get(f"/v1/entries/{partition}/{seq}/why", headers={"Accept-Language": "zh"})
    assert "10人以上的讨论回复" in why.text
    assert "GZ-BP-06" in why.text
    await city.verify(2024)
    verdict = await city.verification.get("/v1/teachers/T1/years/2024/why", headers={"Accept-Language": "zh"})
    assert "GZ-VF-02" in verdict.text


async def test_acts_of_a_closed_year_are_recorded_and_expire_at_once(city: City) -> None:
    await city.enrol(person("T1"))
    await city.close(2024)
    await city.do(act("workshop.founded", "T1", "2024-06-01T08:00:00+08:00", "late", workshop="w"))
    accounts = (await city.points.get("/v1/accounts", params={"year": 2024})).json()["items"]
    assert [(a["earned"], a["expired"], a["balance"]) for a in accounts] == [(50, 50, 0)]
    refused = await city.hours.post("/v1/records", json=record("late", "T1", "GZ-HR-2.01", "3"))
    assert (refused.status_code, refused.json()["code"]) == (409, "year.closed")
