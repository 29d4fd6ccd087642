"""A small year, played by the examples of the descriptions; every answer is remembered."""

import json
from datetime import UTC, datetime
from hashlib import sha256

from shared.runtime.inspection.findings import PDF
from tests.e2e import described_transcripts as transcripts
from tests.e2e.office import Office
from tests.support import papers
from tests.support.deeds import act, person, record, topic, workshop
from tests.support.interface import ROUTES, find
from tests.support.past import record_at
from tests.support.sample import drafted
from tests.support.signing import calling
from tests.support.world import until

YEAR = 2025
REVERSED = "R0008"
"""The record that is taken back."""
CORRECTED = "R0010"
"""The record that is registered anew."""


TAKEN_BACK = "T0360-2026-2"
"""The declaration that is taken back."""
REFUSED = "refused"
"""The course that was refused."""
SECOND = "second"
"""The transfer, and the waiver, that is refused; the deduction that stands."""
ASKED_FOR = {"teacher": "T0373", "name": "林晓", "school": "S12"}
"""Of whom it is the transfer."""
WITHDRAWN, SUBMITTED, DRAFTED, COMING = "S11-2025-2", "S11-2025-3", "S11-2025-4", "S11-2100"
"""Further plans of the school whose plan becomes hours."""
AWAITED = "S14-2100"
"""The plan of a school where nobody works."""
WAIVED, THIRD = "waiver-S12-1", "third"
"""Waivers of one teacher's year: the one that is approved, and one in its way."""
LETTER = papers.pdf(b"null")
"""The paper behind the first of them."""
LONG_AGO = "T0360-2026-3"
"""The declaration that is refused, long ago."""
REJECTED, GIVEN_UP, AWAITING = "T0360-2", "T0360-3", "T0360-4"
"""Appeals that are rejected, withdrawn, and stay open."""
ENDED = [
    {"organisation": "S13", "level": "school", "name": "东城区第三小学", "parent": "D01"},
    {"organisation": "D13", "level": "district", "name": "崇文区", "parent": "P11", "division": "110103"},
    {"organisation": "S14", "level": "school", "name": "东城区第四小学", "parent": "D01"},
]
"""A school and a district that are abolished, and a school that a plan awaits."""
IMPORTED = "teacher,name,school\nT0370,林晓,S01\n"
"""A file of one teacher, as CSV."""


async def earn(office: Office) -> None:
    """Acts of two teachers in the year and in the next one, and exchanges of the first one's points."""
    city = office.city
    await office.do("hours", "POST /v1/organisations")
    astray = {"organisation": "S09", "level": "school", "name": "第九小学", "parent": "D09"}
    other = {"organisation": "P12", "level": "province", "name": "天津市", "division": "120000"}
    await office.do(
        "hours",
        "POST /v1/organisations",
        json={"organisations": [other, astray]},
        headers={"idempotency-key": "organisations-2"},
    )
    await office.do("hours", "POST /v1/roster")
    others = [person("T0361", "陈小琳"), person("T0362", "李😀明"), person("T0363", "王😀芳")]
    await office.do(
        "hours",
        "POST /v1/roster",
        json={"teachers": [*others, {"teacher": "T0364"}]},
        headers={"idempotency-key": "roster-2"},
    )
    await office.do(
        "hours",
        "POST /v1/imports",
        content=f"{IMPORTED}T0371,,S01\n".encode(),
        headers={"content-type": "text/csv", "idempotency-key": "roster-S01-1"},
    )
    await office.do("hours", "GET /v1/imports/{number}")
    await office.do("hours", "POST /v1/evidence", content=papers.pdf(), headers={"content-type": PDF})
    await transfer(office)
    await city.do(*topic("topic-17", "T0361", "2025-04-04T15:00:00+08:00", 9))
    await office.do("points", "POST /v1/activities")
    await office.do("points", "POST /v1/activities")
    shared = act(
        "resource.shared", "T0361", "2025-05-01T09:00:00+08:00", "r-1", resource="r", content_hash="c"
    )
    await office.do("points", "POST /v1/activities", json=[shared, {**shared, "id": "r-2", "teacher": ""}])
    lines = "\n".join(json.dumps(row) for row in (shared, {**shared, "id": ""}))
    await office.do(
        "points", "POST /v1/activities", content=lines, headers={"content-type": "application/x-ndjson"}
    )
    for name, day in (("w-1", "2025-03-01"), ("w-2", "2025-03-02")):
        await city.do(*workshop(name, "T0360", day))
    await city.do(*workshop("w-3", "T0360", "2026-01-05"), *workshop("w-4", "T0361", "2026-01-06"))
    await office.do("points", "POST /v1/exchanges")
    assert await city.answered("exchange-0360-1") == "settled"
    second = {"request": "exchange-0360-2", "teacher": "T0360", "category": "professional", "hours": 1}
    rows = [{**second, "at": "2025-11-21T10:00:00+08:00"}, {**second, "request": "x", "hours": "1.5"}]
    await office.do("points", "POST /v1/exchanges", json=rows)
    assert await city.answered("exchange-0360-2") == "settled"


async def transfer(office: Office) -> None:
    """One teacher moves; another one is asked for."""
    near = {"organisation": "S12", "level": "school", "name": "东城区第二小学", "parent": "D01"}
    await office.do(
        "hours",
        "POST /v1/organisations",
        json={"organisations": [near, *ENDED]},
        headers={"idempotency-key": "organisations-3"},
    )
    abolition = "POST /v1/organisations/{organisation}/abolition"
    await office.do("hours", abolition)
    end = {"json": {"day": "2025-08-31"}, "headers": {"idempotency-key": "second"}}
    await office.do("hours", abolition, organisation="D13", **end)
    moving = [person("T0372", "周雨桐", "S11", district=""), person("T0373", "林晓", "S11", district="")]
    await office.do(
        "hours", "POST /v1/roster", json={"teachers": moving}, headers={"idempotency-key": "roster-3"}
    )
    await office.do("hours", "POST /v1/transfers")
    approval = "POST /v1/transfers/{transfer}/approval"
    await office.do("hours", approval)
    await office.do("hours", approval, headers={"idempotency-key": "second"})
    await office.do("hours", "POST /v1/transfers", json=ASKED_FOR, headers={"idempotency-key": SECOND})
    await office.world.heard("points", "hours")


async def waive(office: Office) -> None:
    """Waivers: one with a paper that is approved, one that the operator asked for is refused, two wait."""
    route, school = "POST /v1/waivers", calling("school:S12")
    await office.do("hours", route)
    await office.do("hours", "POST /v1/evidence", content=LETTER, headers={"content-type": PDF})
    asked = find("hours", "POST", "/v1/waivers")
    assert asked is not None
    for number in (WAIVED, SECOND, THIRD):
        files = [sha256(LETTER).hexdigest()] if number == WAIVED else []
        caller = calling("operator:local") if number == SECOND else school
        headers = {**caller, "idempotency-key": number}
        await office.do("hours", route, json={**asked.body, "files": files}, headers=headers)
    await office.do("hours", f"{route}/{{waiver}}/approval")
    await office.do("hours", f"{route}/{{waiver}}/refusal", waiver=SECOND)
    for read in ("GET /v1/waivers/{waiver}", "GET /v1/waivers/{waiver}/files/{digest}"):
        await office.do("hours", read, headers=school)


async def register(office: Office) -> None:
    """The hours of the year: the first teacher passes, the second lacks what the province knows of."""
    open_day = {"at": "2025-11-25T09:00:00+08:00"}
    await office.do("hours", "GET /v1/teachers/{teacher}/outlook", params=open_day)
    await office.do("hours", "GET /v1/expiring", params={**open_day, "limit": 1})
    await waive(office)
    await office.do("hours", "POST /v1/records")
    rows = [
        record("R0004", "T0360", "GZ-HR-1.01", "30", YEAR, details={"topics": ["ethics"]}),
        record("R0005", "T0360", "GZ-HR-2.01", "19", YEAR),
        record("R0006", "T0360", "GZ-HR-3.01", "18", YEAR),
        record("R0007", "T0361", "GZ-HR-2.04", "14", YEAR, details={"topics": ["class_management"]}),
        record(REVERSED, "T0360", "GZ-HR-2.02", "3", YEAR),
        record(CORRECTED, "T0360", "GZ-HR-2.02", "3", YEAR),
    ]
    await office.do("hours", "POST /v1/records", json=[*rows, {**rows[0], "record": "R0009", "hours": "-1"}])
    await office.do("hours", "POST /v1/anomalies/{record}/scrutiny")
    await office.do("hours", "POST /v1/records/{record}/reversal", record=REVERSED)
    await office.do("hours", "POST /v1/records/{record}/correction", record=CORRECTED)
    await plan(office)
    await office.do("hours", "POST /v1/teachers/lookup")
    await declare(office)
    await appeal(office)
    await transcripts.issue(office)
    await deduct(office)


async def deduct(office: Office) -> None:
    """Hours that an inspection takes and that are given back; a second finds none to take."""
    route = "POST /v1/deductions"
    asked = find("hours", "POST", "/v1/deductions")
    assert asked is not None
    await office.do("hours", route)
    other = {**asked.body, "teacher": "T0372", "rule": "T-D2"}
    await office.do("hours", route, json=other, headers={"idempotency-key": SECOND})
    await office.do("hours", "GET /v1/deductions")
    await office.do("hours", "GET /v1/deductions/{deduction}")
    await office.do("hours", f"{route}/{{deduction}}/withdrawal")


async def declare(office: Office) -> None:
    """One declaration of the next year goes all the way, another one is taken back."""
    declarations, decisions = "POST /v1/declarations", "POST /v1/declarations/decisions"
    await office.do("hours", declarations)
    route = find("hours", "POST", "/v1/declarations")
    assert route is not None
    await office.do("hours", declarations, json=[route.body])
    await office.do("hours", decisions)
    await office.do("hours", decisions, headers=calling("school:S01"))
    await office.do("hours", decisions, headers={"idempotency-key": "centre", **calling("centre:越秀区")})
    again = {**route.body, "declaration": TAKEN_BACK, "declared": False}
    await office.do("hours", declarations, json=again)
    await office.do("hours", "POST /v1/declarations/{declaration}/withdrawal", declaration=TAKEN_BACK)


async def courses(office: Office) -> None:
    """One course of the city waits for its final review; another one is refused."""
    city = {"organisation": "C01", "level": "city", "name": "市辖区", "parent": "P11", "division": "110100"}
    await office.do(
        "hours",
        "POST /v1/organisations",
        json={"organisations": [city]},
        headers={"idempotency-key": "organisations-4"},
    )
    await office.do("hours", "POST /v1/courses")
    decision = "POST /v1/courses/{course}/decision"
    await office.do("hours", decision)
    project = {"step": "project_review", "outcome": "pass", "at": "2024-10-18T10:00:00+08:00"}
    await office.do("hours", decision, json=project, headers={"idempotency-key": "project"})
    await office.do("hours", "POST /v1/courses/{course}/submission")
    await office.do("hours", "POST /v1/courses", headers={"idempotency-key": REFUSED})
    refused = {"step": "framework_review", "outcome": "refuse", "reason": "与已有课程重复"}
    key = {"idempotency-key": REFUSED}
    await office.do("hours", decision, course=REFUSED, json=refused, headers=key)


async def plan(office: Office) -> None:
    """A school's plan from the draft to the hours; others that are given up, submitted, drafted, to come."""
    whole = find("hours", "POST", "/v1/plans")
    assert whole is not None
    await office.do("hours", "POST /v1/plans")
    second = {"headers": {"idempotency-key": "second"}}
    step = "POST /v1/plans/{{plan}}/{}".format
    for what, other in (("submission", {}), ("return", {}), ("change", {}), ("submission", second)):
        await office.do("hours", step(what), **other)
    for what in ("approval", "results", "registration"):
        await office.do("hours", step(what))
    for number in (WITHDRAWN, SUBMITTED, DRAFTED):
        await office.do("hours", "POST /v1/plans", json={**whole.body, "plan": number})
    await office.do("hours", step("withdrawal"), plan=WITHDRAWN)
    await office.do("hours", step("submission"), plan=SUBMITTED)
    days = {"title": "课题研究", "hours": "6", "from": "2100-03-01", "to": "2100-05-31"}
    coming = {**whole.body, "plan": COMING, "year": 2100, "themes": [days]}
    for body in (coming, {**coming, "plan": AWAITED, "school": "S14"}):
        await office.do("hours", "POST /v1/plans", json=body)
        for what in ("submission", "approval"):
            key = {"idempotency-key": f"{what} of {body['plan']}"}
            await office.do("hours", step(what), plan=body["plan"], json={}, headers=key)


async def appeal(office: Office) -> None:
    """One appeal is granted, one rejected, one withdrawn, and one awaits the city."""
    reversal = "POST /v1/records/{record}/reversal"
    rows = [record(f"R002{place}", "T0360", "GZ-HR-2.01", "1", YEAR + 1) for place in range(3)]
    await office.do("hours", "POST /v1/records", json=rows)
    for row in rows:
        key = {"idempotency-key": row["record"]}
        await office.do("hours", reversal, record=row["record"], headers=key)
    record_at(office.world, "hours", datetime(2026, 7, 1, tzinfo=UTC))
    await office.do("hours", "POST /v1/appeals")
    matters = {REJECTED: "R0021", GIVEN_UP: "R0022", AWAITING: REVERSED}
    for number, matter in matters.items():
        body = {"matter": f"record:{matter}", "grounds": "培训属实。"}
        await office.do("hours", "POST /v1/appeals", json=body, headers={"idempotency-key": number})
    record_at(office.world, "hours", None)
    await office.do("hours", "POST /v1/appeals/{appeal}/grant")
    await office.do("hours", "POST /v1/appeals/{appeal}/rejection", appeal=REJECTED)
    await office.do("hours", "POST /v1/appeals/{appeal}/withdrawal", appeal=GIVEN_UP)


async def refuse_long_ago(office: Office) -> None:
    """A declaration is refused that nobody may appeal about any more."""
    route = find("hours", "POST", "/v1/declarations")
    assert route is not None
    record_at(office.world, "hours", datetime(2026, 6, 1, tzinfo=UTC))
    again = {**route.body, "declaration": LONG_AGO, "override": "同一证书含两项内容"}
    await office.do("hours", "POST /v1/declarations", json=again)
    no = {"decisions": [{"declaration": LONG_AGO, "verdict": "refuse", "reason": "重复"}]}
    headers = {"idempotency-key": LONG_AGO, **calling("school:S01")}
    await office.do("hours", "POST /v1/declarations/decisions", json=no, headers=headers)
    record_at(office.world, "hours", None)


async def close(office: Office) -> None:
    """The end of the year, in points and then in hours."""
    for service in ("points", "hours"):

        async def closed(service: str = service) -> bool:
            return bool((await office.do(service, "GET /v1/years/{year}"))["state"] == "closed")

        if service == "hours":
            await office.world.heard("hours", "points")
        await office.do(service, "POST /v1/years/{year}/close")
        await until(closed)


async def judge(office: Office) -> str:
    """Predictions, the province's verdicts, and the certificates; the number of the first one."""
    await office.world.heard("verification", "hours")
    cycle = {"year": YEAR, "cycle": "NAT-02", "scope": {"kind": "school", "id": "S01"}}
    await office.do("verification", "POST /v1/runs", json=cycle, headers={"idempotency-key": "run-0"})
    await office.do("verification", "POST /v1/runs")
    await office.do("verification", "POST /v1/runs", headers={"idempotency-key": "run-2"})

    async def done() -> bool:
        runs = (await office.do("verification", "GET /v1/runs"))["items"]
        return [run["state"] for run in runs] == ["done", "done", "done"]

    await until(done)
    await office.do("verification", "POST /v1/verdicts")
    number = str((await office.city.certificate("T0360", YEAR))["number"])
    told = {"year": YEAR, "outcome": "pass", "decided_at": "2026-01-21T10:00:00+08:00"}
    totals = {"public": "30.00", "professional": "42.00", "elective": "18.00"}
    teachers = ["T0361", "T0362", "T0363"]
    rows = [{**told, "verdict": f"GD-{one}", "teacher": one, "totals": totals} for one in teachers]
    await office.do("verification", "POST /v1/verdicts", json=[*rows, {**rows[0], "year": 1}])
    await office.do("verification", "POST /v1/verdicts", json={**rows[0], "verdict": "GD-N", "teacher": "N"})
    await office.city.certificate("T0361", YEAR)

    async def failed() -> bool:
        return bool((await office.do("certificates", "GET /v1/certificates/pending"))["failed"] == 2)

    await until(failed)
    return number


async def order(office: Office, number: str) -> None:
    """What people order about a certificate, up to its second version."""
    for what in ("suspension", "reinstatement", "reissue"):
        await office.do("certificates", f"POST /v1/certificates/{{number}}/{what}", number=number)

    async def reissued() -> bool:
        found = await office.do("certificates", "GET /v1/certificates/{number}", number=number)
        return [version["state"] for version in found["versions"]] == ["superseded", "valid"]

    await until(reissued)
    await office.do("certificates", "POST /v1/certificates/failures/retry")


HINDSIGHT = {"known_at", "effective_on"}
"""By then nothing of the year was known and nothing judged: some of it is answered as what is not there."""


DEARER = ("rate = 100", "rate = 400")
"""Hours for four times the points."""
POORER = ('title_zh = "创立研修工作坊"\npoints = 50', 'title_zh = "创立研修工作坊"\npoints = 40')
"""A workshop that is founded earns less."""


MORE = ("elective = 18 }\ntotal = 90", "elective = 19 }\ntotal = 91")
"""The year asks for one elective hour more."""


async def try_draft(office: Office) -> None:
    """What a draft would have done to the year, a teacher a page."""
    body = {"pack": drafted(DEARER, POORER, MORE), "year": YEAR, "scope": {"kind": "everyone"}}
    refused = {"request": "exchange-0360-1", "teacher": "T0360", "category": "professional", "hours": "0"}
    for service, more in (("points", {}), ("hours", {"exchanged": [refused]}), ("verification", {})):
        await office.do(service, "POST /v1/what-if", json=body | more, params={"limit": 1})


async def read(office: Office) -> None:
    """Everything that can be read: as described, with each further parameter by itself, in pages of one."""
    _, partition, seq = (await office.city.result("T0360", YEAR))["verdict_entry"].split("/")
    verdict = {"partition": partition, "seq": seq}  # what was heard at once is one entry: its number varies
    for route in ROUTES:
        if route.method != "GET":
            continue
        await office.do(route.service, route.name, **(verdict if route.service == "verification" else {}))
        required = route.examples("query", required=True)
        optional = {name: one for name, one in route.examples("query").items() if name not in required}
        for name, value in optional.items():
            ask = office.send if name in HINDSIGHT else office.do
            await ask(route.service, route.name, params={name: value})
        if any(parameter["name"] == "cursor" for parameter in route.parameters):
            await office.do(route.service, route.name, params={"limit": 1})
    await try_draft(office)
    for number in ("440100202550009994", "0"):  # never issued, mistyped
        await office.send("certificates", "GET /verify/{number}", number=number)
        await office.send("certificates", "GET /verify", params={"number": number})
