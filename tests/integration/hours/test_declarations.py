"""Declarations over HTTP: declared with files, reviewed in turn by whom the rule names, then posted."""

import asyncio
from typing import Any

import httpx

from tests.integration.hours.acts import enrol, key, paper, stamped, total
from tests.integration.hours.test_organisations import DISTRICT, SCHOOL, WHOLE, post
from tests.integration.hours.test_transfers import MOVING
from tests.support.signing import calling, signed
from tests.support.world import World

OTHER = {**DISTRICT, "organisation": "E", "name": "罗湖区", "division": "440303"}
MUNICIPAL = {**SCHOOL, "organisation": "M", "parent": "C", "school_code": "", "credit_code": ""}
FAR = {**MUNICIPAL, "organisation": "F", "parent": "E"}
TEACHER, SCHOOL_OF, CENTRE = calling("teacher:T1"), calling("school:S"), calling("centre:D")
CITY_CENTRE = signed("district_centre@city:C")
DEPARTMENT = calling("research_department:D")


def declaration(number: str, rule: str = "GZ-HR-2.03", **changed: Any) -> dict[str, Any]:
    return {
        "declaration": number,
        "teacher": "T1",
        "year": 2024,
        "source_rule": rule,
        "category": "elective" if rule.startswith("GZ-HR-3") else "professional",
        "hours": "24",
        "activity": "国培计划骨干教师研修",
        "from": "2024-07-07",
        "to": "2024-07-11",
        "files": [],
        **changed,
    }


async def village(world: World, **settings: str) -> httpx.AsyncClient:
    """T1 and T2 at a school of a district, M1 at one of the city, F1 in another district."""
    hours = await world.serve("hours", **settings)
    await post(hours, *WHOLE, OTHER, MUNICIPAL, FAR)
    await enrol(hours, "T1", "T2", school="S", district="")
    await enrol(hours, "M1", school="M", district="")
    await enrol(hours, "F1", school="F", district="")
    return hours


async def declare(
    hours: httpx.AsyncClient, row: dict[str, Any], headers: dict[str, str] = TEACHER
) -> tuple[int, str]:
    """The status, and the state or the code."""
    answer = await hours.post("/v1/declarations", json=row, headers=headers)
    return answer.status_code, answer.json().get("code") or answer.json()["state"]


async def decide(
    hours: httpx.AsyncClient, headers: dict[str, str], number: str, verdict: str = "approve", **said: str
) -> str:
    """The state, or the code."""
    row = {"declaration": number, "verdict": verdict, **said}
    answer = await hours.post(
        "/v1/declarations/decisions", json={"decisions": [row]}, headers={**key(), **headers}
    )
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["results"]
    return str(result["problem"]["code"] if "problem" in result else result["state"])


async def queue(hours: httpx.AsyncClient, headers: dict[str, str]) -> list[str]:
    answer = await hours.get("/v1/declarations", params={"mine": True}, headers=headers)
    assert answer.status_code == 200, answer.text
    return [one["declaration"] for one in answer.json()["items"]]


async def test_gz_hr_2_03_is_declared_reviewed_by_the_school_and_recognised_by_the_centre(
    world: World,
) -> None:
    hours = await village(world)
    assert await declare(hours, declaration("A")) == (422, "evidence.missing")
    row = declaration("A", files=[await paper(hours, "A", TEACHER)])
    assert await declare(hours, row) == (201, "declared")
    assert await declare(hours, {**row, "hours": "30"}) == (409, "declaration.conflict")
    assert await declare(hours, row, calling("teacher:T2")) == (422, "teacher.unknown")
    assert [await queue(hours, who) for who in (SCHOOL_OF, CENTRE)] == [["A"], []]
    assert await decide(hours, CENTRE, "A") == "declaration.not_awaited"
    assert await decide(hours, calling("centre:E"), "A") == "declaration.unknown"
    forbidden = await hours.post(
        "/v1/declarations/decisions", json={"decisions": []}, headers={**key(), **TEACHER}
    )
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "access.forbidden")
    assert await decide(hours, SCHOOL_OF, "A") == "reviewed"
    assert (await total(hours, "T1"))["professional"] == "0.00", "nothing counts before it is recognised"
    assert [await queue(hours, who) for who in (SCHOOL_OF, CENTRE, CITY_CENTRE)] == [[], ["A"], []]
    assert await decide(hours, CITY_CENTRE, "A") == "declaration.not_awaited"
    assert await decide(hours, CENTRE, "A") == "posted"
    assert (await total(hours, "T1"))["professional"] == "24.00"
    record = (await hours.get("/v1/records/declaration:A")).json()
    told = {name: record[name] for name in ("registrar", "recogniser", "matter", "files")}
    assert told == {
        "registrar": "teacher:T1",
        "recogniser": "centre:D",
        "matter": "declaration:A",
        "files": row["files"],
    }
    again = await hours.post("/v1/declarations", json=row, headers=TEACHER)
    assert (again.status_code, again.headers.get("Idempotent-Replayed")) == (201, "true")
    shown = (await hours.get("/v1/declarations/A", headers=TEACHER)).json()
    assert [(step["type"].split(".")[1], step["by"]) for step in shown["history"]] == [
        ("drafted", "teacher:T1"),
        ("declared", "teacher:T1"),
        ("reviewed", "school:S"),
        ("recognised", "centre:D"),
    ]
    back = await hours.post(
        "/v1/records/declaration:A/reversal", json={"reason": "x"}, headers={**key(), **TEACHER}
    )
    assert (back.status_code, back.json()["code"]) == (403, "registrar.not_allowed")
    anew = declaration("B", files=row["files"])
    assert await declare(hours, anew) == (409, "evidence.claimed")
    reason: dict[str, Any] = {"json": {"reason": "登记有误"}, "headers": {**key(), **CENTRE}}
    taken_back = await hours.post("/v1/records/declaration:A/reversal", **reason)
    assert (taken_back.status_code, taken_back.json()["state"]) == (201, "reversed")
    assert await declare(hours, anew) == (201, "declared"), "its file is free again"
    assert await world.rebuild("hours") == []


async def test_each_school_has_the_centre_of_its_own_authority(world: World) -> None:
    hours = await village(world)
    for teacher in ("M1", "T1"):
        who = calling(f"teacher:{teacher}")
        row = declaration(teacher, teacher=teacher, files=[await paper(hours, teacher, who)])
        assert await declare(hours, row, who) == (201, "declared")
    assert await decide(hours, calling("school:M"), "M1") == "reviewed"
    assert await decide(hours, SCHOOL_OF, "T1") == "reviewed"
    assert [await queue(hours, who) for who in (CENTRE, CITY_CENTRE)] == [["T1"], ["M1"]]
    assert await decide(hours, CENTRE, "M1") == "declaration.unknown", (
        "a school of the city is not its district's"
    )
    assert await decide(hours, CITY_CENTRE, "M1") == "posted"


async def test_scenario_8_a_transfer_leaves_the_hours_and_routes_what_is_pending(world: World) -> None:
    hours = await village(world)
    there, here = calling("school:F"), calling("centre:E")
    for name in ("before", "pending"):
        row = declaration(name, files=[await paper(hours, name, TEACHER)])
        assert await declare(hours, row) == (201, "declared")
        assert await decide(hours, SCHOOL_OF, name) == "reviewed"
    assert await decide(hours, CENTRE, "before") == "posted"
    proved: dict[str, Any] = {
        "hours": None,
        "details": stamped(2400),
        "files": [await paper(hours, "score", SCHOOL_OF)],
    }
    assert await declare(hours, declaration("score", "GZ-HR-3.03", **proved), SCHOOL_OF) == (201, "posted")
    sums = await total(hours, "T1")
    await hours.post("/v1/transfers", json=MOVING, headers={"Idempotency-Key": "m", **there})
    for caller in ("district:E", "school:S", "district:D"):
        answer = await hours.post("/v1/transfers/m/approval", headers={**key(), **calling(caller)})
        assert answer.status_code == 200, answer.text
    assert (await total(hours, "T1"), sums["professional"]) == (sums, "24.00")
    assert [await queue(hours, who) for who in (CENTRE, here)] == [[], ["pending"]]
    assert await decide(hours, CENTRE, "pending") == "declaration.unknown"
    back: dict[str, Any] = {"json": {"reason": "登记有误"}}
    for name in ("before", "score"):
        for who, status in ((SCHOOL_OF, 404), (CENTRE, 404), (there, 403)):
            headers = {**key(), **who}
            answer = await hours.post(f"/v1/records/declaration:{name}/reversal", headers=headers, **back)
            assert answer.status_code == status, "what was registered before stands, and can only be read"
    for who, read in ((there, [200, 200]), (SCHOOL_OF, [404, 200]), (CENTRE, [404, 404])):
        records = [f"/v1/records/declaration:{name}" for name in ("before", "score")]
        answers = [(await hours.get(record, headers=who)).status_code for record in records]
        assert answers == read, "the former school reads what it registered itself"
    assert await decide(hours, here, "pending") == "posted"
    assert (await total(hours, "T1"))["professional"] == "48.00"
    right = declaration("x", "GZ-HR-3.03", hours=None, evidence="", details=stamped(1200))
    right |= {"record": "right", "reason": "积分有误"}
    for who, status in ((there, 403), (calling("operator:local"), 201)):
        headers = {**key(), **who}
        answer = await hours.post("/v1/records/declaration:score/correction", json=right, headers=headers)
        assert answer.status_code == status, answer.text
    assert (await hours.get("/v1/records/right")).json()["registrar"] == "school:S"
    assert (await total(hours, "T1"))["elective"] == "4.00"
    assert await world.rebuild("hours") == []


async def test_what_is_returned_is_changed_and_declared_again_and_what_is_refused_is_over(
    world: World,
) -> None:
    hours = await village(world)
    file = await paper(hours, "A", TEACHER)
    draft = declaration("A", files=[file], declared=False)
    assert await declare(hours, draft) == (201, "draft")
    assert await queue(hours, SCHOOL_OF) == []
    assert await decide(hours, SCHOOL_OF, "A") == "declaration.not_pending"
    assert await declare(hours, {**draft, "declared": True}) == (201, "declared")
    assert await decide(hours, SCHOOL_OF, "A", "return") == "body.invalid", "without a reason"
    assert await decide(hours, SCHOOL_OF, "A", "return", reason="证书不清晰") == "returned"
    better = declaration("A", files=[await paper(hours, "A, better", TEACHER)], hours="20")
    assert await declare(hours, better, calling("school:S")) == (409, "declaration.conflict")
    assert await declare(hours, better) == (201, "declared")
    assert await decide(hours, SCHOOL_OF, "A") == "reviewed"
    assert await decide(hours, CENTRE, "A", "refuse", reason="不属于国家级、省级培训") == "refused"
    assert await declare(hours, {**better, "hours": "10"}) == (409, "declaration.conflict")
    shown = (await hours.get("/v1/declarations/A", headers=TEACHER)).json()
    assert [one["reason"] for one in shown["history"] if one["reason"]] == [
        "证书不清晰",
        "不属于国家级、省级培训",
    ]
    answer = await hours.post(
        "/v1/declarations/A/withdrawal", json={"reason": "x"}, headers={**key(), **TEACHER}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "declaration.over")
    assert await declare(hours, declaration("B", files=better["files"])) == (201, "declared"), "free again"
    answer = await hours.post(
        "/v1/declarations/B/withdrawal", json={"reason": "x"}, headers={**key(), **TEACHER}
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert await declare(hours, declaration("C", files=better["files"])) == (201, "declared")
    assert await world.rebuild("hours") == []


async def test_registrar_and_recogniser_are_two_accounts_whatever_their_roles(world: World) -> None:
    hours = await village(world)
    both = signed("teacher@person:T1", "school_administrator@school:S", "district_centre@district:D")
    row = declaration("A", files=[await paper(hours, "A", both)])
    assert await declare(hours, row, both) == (201, "declared")
    assert await decide(hours, both, "A") == "declaration.own"
    two = signed("school_administrator@school:S", "district_centre@district:D")
    assert await decide(hours, two, "A") == "reviewed"
    assert await decide(hours, CENTRE, "A") == "posted"
    drafted = declaration("B", files=[await paper(hours, "B", both)])
    assert await declare(hours, {**drafted, "declared": False}, both) == (201, "draft")
    assert await declare(hours, drafted, calling("operator:local")) == (201, "declared")
    assert await decide(hours, both, "B") == "declaration.own", "who wrote it down"
    assert await world.rebuild("hours") == []


async def test_evidence_proves_one_thing_unless_declarant_and_recogniser_give_reasons(world: World) -> None:
    hours = await village(world)
    file = await paper(hours, "notice", TEACHER)
    notice: dict[str, Any] = {"rule": "GZ-HR-2.07", "files": [file]}
    assert await declare(hours, declaration("A", **notice)) == (201, "declared")
    elsewhere = [
        declaration("A2", **notice),
        declaration("B", files=[file]),
        declaration("C", **notice, year=2023, **{"from": "2023-07-07", "to": "2023-07-08"}),
        declaration("D", **notice, teacher="F1"),
    ]
    for row in elsewhere:
        caller = calling(f"teacher:{row['teacher']}")
        assert await declare(hours, row, caller) == (409, "evidence.claimed"), row["declaration"]
    free = await paper(hours, "free", TEACHER)
    many = [declaration("F", files=[free, file]), declaration("G", files=[free])]
    answer = await hours.post("/v1/declarations", json=many, headers=TEACHER)
    refused, proved = answer.json()["results"]
    assert refused["problem"]["code"] == "evidence.claimed"
    assert proved.get("state") == "declared", "what was refused keeps none of its files"
    colleague = declaration("E", **notice, teacher="T2")
    assert await declare(hours, colleague, calling("teacher:T2")) == (201, "declared"), (
        "a notice names several"
    )
    assert await declare(hours, {**elsewhere[1], "override": "同一证书含两项内容"}) == (201, "declared")
    assert await decide(hours, SCHOOL_OF, "B") == "reviewed"
    assert await decide(hours, CENTRE, "B") == "declaration.evidence_reused"
    assert await decide(hours, CENTRE, "B", override="已核实") == "posted"


async def test_decisions_in_bulk_are_answered_row_by_row_and_once(world: World) -> None:
    hours = await village(world)
    rows = [declaration(f"N{n}", files=[await paper(hours, f"N{n}", TEACHER)]) for n in range(3)]
    answer = await hours.post("/v1/declarations", json=[*rows, {"declaration": "X"}], headers=TEACHER)
    assert [one["status"] for one in answer.json()["results"]] == [201, 201, 201, 422]
    rows = [{"declaration": n, "verdict": "approve"} for n in ("N0", "nothing", "N1", "N0")]
    wanted = {"decisions": rows}
    headers = {**key(), **SCHOOL_OF}
    first = await hours.post("/v1/declarations/decisions", json=wanted, headers=headers)
    told = [one.get("state") or one["problem"]["code"] for one in first.json()["results"]]
    assert told == ["reviewed", "declaration.unknown", "reviewed", "declaration.not_pending"]
    assert (
        await hours.post("/v1/declarations/decisions", json=wanted, headers=headers)
    ).json() == first.json()
    both = [decide(hours, signed("district_centre@district:D"), "N0") for _ in range(2)]
    assert sorted(await asyncio.gather(*both)) == ["declaration.not_pending", "posted"]
    assert (await total(hours, "T1"))["professional"] == "24.00"
