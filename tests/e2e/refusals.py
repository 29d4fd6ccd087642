"""Requests that the services refuse in the year of the examples: for every route, one for each code it names.

What comes with a parameter or a body is made from the description of the route. The other cases are listed in
the phase of the year in which they hold.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from shared.runtime.spreadsheets import CSV
from tests.e2e import described_classes, described_reviews, described_transcripts, refused_matters
from tests.e2e.cases import CENTRE, OTHER, RELEASING, SCHOOL, Case, given, of
from tests.e2e.described_year import (
    ASKED_FOR,
    AWAITING,
    CORRECTED,
    GIVEN_UP,
    LONG_AGO,
    REJECTED,
    REVERSED,
    SECOND,
    TAKEN_BACK,
    WITHDRAWN,
    YEAR,
)
from tests.e2e.office import Office
from tests.e2e.refused_files import evidence, imports, reversals
from tests.support.deeds import person, record, withdrawal
from tests.support.interface import JSON, PROBLEM, ROUTES, Route
from tests.support.sample import drafted
from tests.support.signing import EXPIRED, OPERATOR, account, calling, signed

OTHERWISE = {f"/v1/classes/{{class_id}}/{what}" for what in ("admission", *described_classes.RECOGNISING)}
"""What is done where a pack has classes held, or recognised."""
MAX_BODY = 10 * 2**20
PLANNED = "plan:S11-2025/1/T0373"
"""The record that the plan of the year becomes."""
HEARD = {"points": "hours", "hours": "points", "verification": "hours", "certificates": "verification"}
"""A service that each one hears."""
PLATFORM = calling("platform:community")
NOBODY = signed()
"""Signed in, without a role."""
NEAR = signed("platform@city:D01")
"""Reaches to the teachers of S11."""
OUTSIDE = signed("teacher@person:nobody", "platform@city:nowhere", "provincial_hr@province:nowhere")
"""Who reaches to no teacher of the year; of the roles each route takes the one that may ask it."""

ASK = {
    "request": "asked",
    "teacher": "T0360",
    "category": "professional",
    "hours": 1,
    "at": "2025-11-22T10:00:00+08:00",
}
_STUDY = record("R0100", "T0360", "GZ-HR-2.02", "8", YEAR)
_PLAN = {**record("R0100", "T0360", "GZ-HR-3.02", "8", YEAR), "details": {}}
_VERDICT = {"verdict": "GD-1", "teacher": "T0360", "year": YEAR, "outcome": "pass"}
DECIDED = {**_VERDICT, "decided_at": "2026-01-20T10:00:00+08:00"}

PLAYED = {
    "reversal": {"record": REVERSED},
    "correction": {"record": CORRECTED},
    "refusal": {"transfer": SECOND, "swap": SECOND, "waiver": SECOND},
    "withdrawal": {
        "declaration": TAKEN_BACK,
        "plan": WITHDRAWN,
        "appeal": GIVEN_UP,
        "swap": described_classes.GIVEN_UP,
    },
    "withdrawals": {"class_id": described_classes.OPEN},
    "cancellation": {"class_id": described_classes.CALLED_OFF},
    "rejection": {"appeal": REJECTED},
}
"""Of which thing the year played what an address ends with, where it is not that of the examples."""


def open_year() -> Iterator[Case]:
    """While the year is open."""
    yield from of(
        "points",
        "POST /v1/activities",
        activity__conflict={"json": {**given("points", "POST /v1/activities"), "teacher": "T0001"}},
        activity__unknown={
            "json": withdrawal("reply-8841", "T0373", "2025-04-05T09:00:00+08:00"),
            "headers": NEAR,
        },
    )
    yield from of(
        "points",
        "POST /v1/exchanges",
        exchange__cap_exceeded={"json": {**ASK, "request": "r-cap", "hours": 10}},
        exchange__points_insufficient={"json": {**ASK, "request": "r-few", "teacher": "T0361"}},
        exchange__points_expired={
            "json": {**ASK, "request": "r-old", "at": "2026-01-02T10:00:00+08:00"},
        },
        exchange__conflict={"json": {**given("points", "POST /v1/exchanges"), "hours": 4}},
        exchange__category_not_allowed={"json": {**ASK, "category": "public"}},
        exchange__hours_not_whole={"json": {**ASK, "hours": "1.5"}},
        exchange__at_in_future={"json": {**ASK, "at": "2099-01-01T00:00:00+08:00"}},
    )
    yield from of("points", "POST /v1/years/{year}/close", year__not_over={"year": 2100})
    yield from drafts()
    yield from of(
        "hours",
        "POST /v1/records",
        registrar__not_allowed={"json": _STUDY, "headers": PLATFORM},
        record__conflict={"json": {**given("hours", "POST /v1/records"), "hours": "7"}},
        rule__disabled={"json": {**_STUDY, "source_rule": "GZ-HR-2.05"}},
        rule__other_way={"json": _PLAN, "headers": calling("school:S01")},
        plan__not_approved={"json": _PLAN},
        teacher__unknown={"json": {**_STUDY, "teacher": "N"}},
        rule__unknown={"json": {**_STUDY, "source_rule": "GZ-HR-9.99"}},
        evidence__missing={"json": {**_STUDY, "source_rule": "GZ-HR-2.07", "evidence": ""}},
    )
    yield from of(
        "hours",
        "POST /v1/records/{record}/reversal",
        registrar__not_allowed={"headers": OTHER | PLATFORM},
        record__reversed={"record": REVERSED, "headers": OTHER},
    )
    yield from of(
        "hours",
        "POST /v1/anomalies/{record}/scrutiny",
        anomaly__unknown={"record": "R0003", "headers": OTHER},
        anomaly__own={"headers": account(OPERATOR, "city_department@city:越秀区") | OTHER},
        anomaly__scrutinised={"headers": OTHER},
    )
    yield from of(
        "hours",
        "GET /v1/teachers/{teacher}/what-if",
        year__without_requirement={"params": {"year": 2009}},
        rule__unknown={"params": {"earn": "GZ-HR-9.99:1"}},
        rule__disabled={"params": {"earn": "GZ-HR-2.05:1"}},
    )
    for path in ("/v1/teachers/{teacher}/outlook", "/v1/outlook", "/v1/outlook/summary"):
        yield "hours", f"GET {path}", "year.without_requirement", {"params": {"year": 2009}}
    asked = {"params": {"year": 2025, "category": "sports"}}
    yield "hours", "GET /v1/outlook", "category.unknown", asked
    yield from corrections()
    yield from imports()
    yield from evidence()
    yield from refused_matters.declarations()
    yield from described_transcripts.transcripts()
    yield from described_transcripts.recognitions()
    yield from refused_matters.waivers()
    yield from refused_matters.deductions()
    yield from refused_matters.appeals()
    yield from reversals()
    yield from described_classes.refused()
    yield from described_reviews.refused()
    yield from transfers()
    yield from abolitions()
    yield from refused_matters.courses()
    yield from refused_matters.plans()
    yield from refused_matters.decisions_on_plans()
    yield from of(
        "hours",
        "POST /v1/years/{year}/close",
        year__points_open={},
    )


def drafts() -> Iterator[Case]:
    """Drafts that are not evaluated: broken ones, and one of other rules."""
    name = "POST /v1/what-if"
    body = {"pack": drafted(), "year": YEAR, "scope": {"kind": "everyone"}}
    for service in ("points", "hours", "verification"):
        yield from of(
            service,
            name,
            pack__invalid={"json": {**body, "pack": "[pack]"}},
            pack__other_categories={"json": {**body, "pack": drafted(("public", "common"), every=True)}},
            year__not_recorded={"json": {**body, "year": 2012}},
        )
    exchanged = {"request": "exchange-0360-1", "teacher": "T0360", "category": "professional", "hours": "0"}
    yield from of(
        "hours",
        name,
        cycle__unknown={"json": {**body, "cycle": "NAT-99"}},
        year__not_looked_at={"json": {**body, "exchanged": [{**exchanged, "year": 2019}]}},
    )
    supposed = [{"teacher": "T0360", "hours": {"sports": "1"}}]
    yield from of(
        "verification",
        name,
        cycle__unknown={"json": {**body, "cycle": "NAT-99"}},
        year__not_looked_at={"json": {**body, "supposed": [{"teacher": "T0360", "year": 2019, "hours": {}}]}},
        year__without_requirement={"json": {**body, "year": 2000}},
        category__unknown={"json": {**body, "supposed": supposed}},
    )


def corrections() -> Iterator[Case]:
    """Corrections that are not made."""
    name = "POST /v1/records/{record}/correction"
    body = given("hours", name)
    yield from of(
        "hours",
        name,
        registrar__not_allowed={"headers": OTHER | PLATFORM},
        record__reversed={"record": CORRECTED, "headers": OTHER},
        record__conflict={"json": {**body, "record": "R0004"}, "headers": OTHER},
        correction__other_teacher={"json": {**body, "teacher": "T0361"}, "headers": OTHER},
        plan__result_registered={
            "record": PLANNED,
            "json": {**body, "teacher": "T0373"},
            "headers": OTHER,
        },
    )


def abolitions() -> Iterator[Case]:
    """Organisations that are not abolished."""
    whole = {"day": "2025-08-31"}
    yield from of(
        "hours",
        "POST /v1/organisations/{organisation}/abolition",
        organisation__unknown={"organisation": "S99", "headers": OTHER},
        organisation__out_of_reach={"organisation": "C01", "headers": calling("city:C01") | OTHER},
        organisation__abolished={"headers": OTHER},
        organisation__successor_unknown={
            "organisation": "S12",
            "json": {**whole, "successor": "S99"},
            "headers": OTHER,
        },
        abolition__in_future={"organisation": "S12", "json": {"day": "2099-01-01"}, "headers": OTHER},
        organisation__has_below={"organisation": "D01", "json": whole, "headers": OTHER},
        organisation__is_awaited={"organisation": "S14", "json": whole, "headers": OTHER},
        organisation__has_teachers={"organisation": "S12", "json": whole, "headers": OTHER},
    )


def transfers() -> Iterator[Case]:
    """Transfers that are not asked for, not approved, one that is refused, and a row that would be one."""
    listed = {**ASKED_FOR, "teacher": "T0360", "name": "阿卜杜拉·买买提"}
    yield from of(
        "hours",
        "POST /v1/transfers",
        transfer__not_receiving={"headers": SCHOOL | OTHER},
        transfer__same_school={"headers": OTHER},
        transfer__pending={"json": ASKED_FOR, "headers": OTHER},
        teacher__unknown={"json": {**ASKED_FOR, "name": "王芳"}, "headers": OTHER},
        transfer__school_unknown={"json": listed, "headers": OTHER},
        organisation__abolished={
            "json": {**ASKED_FOR, "teacher": "T0372", "name": "周雨桐", "school": "S13"},
            "headers": OTHER,
        },
    )
    approval, refusal = (f"POST /v1/transfers/{{transfer}}/{what}" for what in ("approval", "refusal"))
    second = {"transfer": SECOND}
    moved = {
        "json": {"teachers": [person("T0373", ASKED_FOR["name"])]},
        "headers": {"idempotency-key": "roster-4"},
    }
    for name in (approval, refusal):
        yield "hours", name, "transfer.over", {"headers": {"idempotency-key": "third"}}
        yield "hours", name, "transfer.not_awaited", {**second, "headers": RELEASING | OTHER}
    astray = {
        "json": {"teachers": [person("T0373", ASKED_FOR["name"], "S12", district="")]},
        "headers": CENTRE | OTHER,
    }
    yield "hours", "POST /v1/roster", "", astray
    yield "hours", "POST /v1/roster", "", moved
    yield "hours", approval, "", {**second, "headers": {"idempotency-key": "first"}}
    yield "hours", approval, "transfer.teacher_moved", {**second, "headers": OTHER}
    yield "hours", refusal, "", second


def closed_year(number: str, without_pass: str) -> Iterator[Case]:
    """After the year was closed and judged. A pass no longer stands behind the second certificate."""
    yield from of(
        "points", "POST /v1/exchanges", exchange__year_closed={"json": {**ASK, "request": "r-late"}}
    )
    yield from of("hours", "POST /v1/records", year__closed={"json": _STUDY})
    for what in ("reversal", "correction"):
        yield from of("hours", f"POST /v1/records/{{record}}/{what}", year__closed={"headers": OTHER})
    yield from of("hours", "POST /v1/deductions", year__closed={"headers": OTHER})
    back = {"deduction": SECOND, "headers": OTHER}
    yield "hours", "POST /v1/deductions/{deduction}/withdrawal", "year.closed", back
    void = {"json": {"conclusion": "taken_back", "reason": "核实有误"}, "headers": OTHER}
    yield "hours", "POST /v1/anomalies/{record}/scrutiny", "year.closed", void
    long_ago = {"json": {**given("hours", "POST /v1/appeals"), "matter": f"declaration:{LONG_AGO}"}}
    yield from of(
        "hours",
        "POST /v1/appeals",
        appeal__own_doing={**long_ago, "headers": OTHER | calling("school:S01")},
        appeal__too_late={**long_ago, "headers": OTHER},
    )
    late = {"appeal": AWAITING, "headers": OTHER}
    yield "hours", "POST /v1/appeals/{appeal}/grant", "year.closed", late
    yield from reopenings()
    run = {"year": YEAR, "scope": {"kind": "school", "id": "S99"}}
    yield from of(
        "verification",
        "POST /v1/runs",
        scope__unknown={"json": run, "headers": OTHER},
        year__without_requirement={"json": {**run, "year": 2000}, "headers": OTHER},
        year__not_begun={"json": {**run, "year": 2100}, "headers": OTHER},
        cycle__unknown={"json": {**run, "cycle": "NAT-00"}, "headers": OTHER},
    )
    verdict = "GET /v1/teachers/{teacher}/cycles/{cycle}/verdict"
    yield "verification", verdict, "cycle.undecided", {"cycle": "NAT-00"}
    far = {"params": {"overdue_at": "2044-03-01T10:00:00+08:00"}}
    yield "verification", "GET /v1/results", "calendar.not_announced", far
    late = {"params": {"earliest": YEAR + 1}}
    yield "verification", "GET /v1/teachers/{teacher}/proof", "proof.no_year", late
    yield from of(
        "verification",
        "POST /v1/verdicts",
        verdict__conflict={"json": {**DECIDED, "verdict": "GD-2025-000123", "outcome": "fail"}},
        year__without_requirement={"json": {**DECIDED, "year": 2000}},
    )
    for what, code, which in (
        ("reinstatement", "certificate.state_conflict", number),
        ("reinstatement", "certificate.no_pass", without_pass),
        ("reissue", "certificate.state_conflict", without_pass),
        ("revocation", "", number),
        ("revocation", "certificate.state_conflict", number),
        ("suspension", "certificate.state_conflict", number),
        ("revocation", "", without_pass),
        ("reissue", "certificate.no_pass", without_pass),
    ):
        key = {"idempotency-key": f"{what} {code} {which}"} if code else {}
        yield (
            "certificates",
            f"POST /v1/certificates/{{number}}/{what}",
            code,
            {"number": which, "headers": key},
        )


def reopenings() -> Iterator[Case]:
    """Years that are not opened again, and one that is."""
    name = "POST /v1/years/{year}/reopenings"
    body = given("hours", name)
    yield "hours", name, "", {}
    yield from of(
        "hours",
        name,
        year__not_closed={"year": YEAR - 1, "headers": OTHER},
        reopening__over={"json": {**body, "until": "2020-01-01"}, "headers": OTHER},
        teacher__unknown={"json": {**body, "teacher": "N"}, "headers": OTHER},
    )


def brought(route: Route) -> Iterator[Case]:
    """What a route refuses because of what it takes, whatever the year."""
    texts = [name for name, value in route.examples("path").items() if isinstance(value, str)]
    played = PLAYED.get(route.path.rpartition("/")[2], {})
    made: dict[str, dict[str, Any]] = {
        "cursor.invalid": {"params": {"cursor": "rubbish"}},
        "token.missing": {"headers": {"authorization": "Basic b3BlcmF0b3I6"}},
        "token.invalid": {"headers": {"authorization": "Bearer rubbish"}},
        "token.expired": {"headers": EXPIRED},
        "access.forbidden": {"headers": NOBODY},
        "access.role_not_held": {"headers": {"hourbank-role": "auditor@school:S99"}},
        "teacher.out_of_reach": {"headers": OUTSIDE},
        "idempotency.key_missing": {"headers": {"idempotency-key": None}},
        "idempotency.conflict": {"json": _changed(route.body)},
        "id.hidden": {"headers": {"idempotency-key": "K1/seats"}},
        "text.citizen_id": {"headers": {"idempotency-key": "K1-11010519491231002X"}},
        "body.not_json": {"content": b"{", "headers": {"content-type": JSON}},
        "body.too_large": {"content": b" " * (MAX_BODY + 1)},
        "seat.unknown": {"json": {**(route.body or {}), "teacher": "N", "leaving": "N"}, "headers": OTHER},
        "entry.unknown": {"seq": 999_999},
        "partition.unknown": {"partition": 999_999},
        "policy.unknown": {"reference": "nowhere@1"},
        "problem.unknown": {"code": "nothing"},
        "known_at.not_past": {"params": {"known_at": "2199-01-01T00:00:00Z"}},
        "min_seq.invalid": {"headers": {"min-seq": "rubbish"}},
        "min_seq.unheard": {"headers": {"min-seq": "payroll/0/1"}},
        "min_seq.unknown": {"headers": {"min-seq": f"{route.service}/0/999999"}},
        "min_seq.not_applied": {"headers": {"min-seq": f"{HEARD[route.service]}/0/999999"}},
    }
    for example in route.answers:
        if example.name == "body.invalid":
            made["body.invalid"] = _misfit(route.body) if route.body is not None else _unreadable(route)
        if example.kind != PROBLEM:
            continue
        if example.name == "idempotency.conflict" and CSV in _taken(route):
            continue  # its case is that of a file
        if example.name == "idempotency.conflict" and route.path in OTHERWISE:
            continue  # nothing is done here under the pack of the year
        if example.name in made:
            yield route.service, route.name, example.name, played | made[example.name]
        elif example.status == 404 and texts:
            yield route.service, route.name, example.name, dict.fromkeys(texts, "nowhere")


def everywhere() -> Iterator[Case]:
    """The same for all routes."""
    for route in ROUTES:
        yield from brought(route)


async def refuse(office: Office, cases: Iterable[Case]) -> None:
    """Send every case: each gets the code that it is named for, and is taken where it names none."""
    otherwise = []
    for service, name, code, other in cases:
        answer = await office.send(service, name, **other)
        said = "" if answer.is_success else answer.json().get("code")
        if said != code:
            otherwise.append(f"{service}: {name}: {code}: {answer.status_code} {answer.text}")
    assert not otherwise, "\n".join(otherwise)


def _taken(route: Route) -> Iterable[str]:
    """The kinds of bodies that a route takes."""
    taken: dict[str, Any] = route.operation.get("requestBody", {}).get("content", {})
    return taken.keys()


def _changed(body: Any) -> Any:
    """Another body that can be read as well."""
    return {**(body or {}), "other": "field"}


def _misfit(body: Any) -> dict[str, Any]:
    """A body of the same fields in which nothing is what it should be."""
    return {"json": {name: {} for name in body} if isinstance(body, dict) else {}}


def _unreadable(route: Route) -> dict[str, Any]:
    """One parameter with a value that is no number and too long for a text."""
    for parameter in route.parameters:
        name, place, schema = parameter["name"], parameter["in"], parameter["schema"]
        if place != "header" and (schema.get("type") != "string" or "maxLength" in schema):
            wrong = {name: "x" * 3000}
            return wrong if place == "path" else {"params": wrong}
    raise AssertionError(f"{route.place}: no parameter is checked")
