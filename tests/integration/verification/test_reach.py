"""What callers see of verification, and do there, ends where their reach ends; beyond it nothing exists."""

from typing import Any

import httpx
import pytest

from tests.integration.verification.conftest import Office
from tests.integration.verification.ledger import PASSING, finish, judge, result
from tests.support.country import (
    CITY,
    DISTRICT,
    OTHER_PROVINCE,
    PROVINCE,
    REACHED,
    TEACHER,
    WORKS,
    answered,
    listed,
    lying,
    roster,
    tree,
    working,
)
from tests.support.signing import OPERATOR, signed

YEAR = "/v1/teachers/{}/years/2024"
SEEN = {
    "school_administrator@school:S1": {"teacher T1", "school S1", "district 天河区"},
    DISTRICT: {"teacher T1", "school S1", "district 天河区"},
    CITY: {"teacher T1", "school S1", "district 天河区"},
    "auditor@province:P": {"teacher T1", "school S1", "district 天河区", "district 福田区"},
    OTHER_PROVINCE: set(),
    OPERATOR: {
        "teacher T1",
        "school S1",
        "district 天河区",
        "district 福田区",
        "school elsewhere",
        "everyone None",
    },
}
"""Runs by their scopes."""


@pytest.fixture
async def office(province: Office) -> Office:
    """Everybody of the country was judged, passed, and heard of the province; all differ in public hours."""
    await province.ledger.say([*tree(), *roster()])
    for teacher in WORKS:
        await province.ledger.post(teacher, PASSING)
    await province.ledger.heard()
    await judge(province.client, "all")
    rows = [verdict(teacher, f"V-{teacher}") for teacher in WORKS]
    assert (await hand_in(province.client, OPERATOR, *rows)) == [201] * len(rows)
    return province


def verdict(teacher: str, name: str) -> dict[str, Any]:
    return {
        "verdict": name,
        "teacher": teacher,
        "year": 2024,
        "outcome": "pass",
        "decided_at": "2025-02-10T10:00:00+08:00",
        "totals": {"public": "29.00", "professional": "50.00", "elective": "18.00"},
    }


async def hand_in(client: httpx.AsyncClient, caller: str, *rows: dict[str, Any]) -> list[int | str]:
    """Hand verdicts in: the status of each, or the code and the place of its refusal."""
    answer = await client.post("/v1/verdicts", json=list(rows), headers=signed(caller))
    assert answer.status_code == 200, answer.text
    return [
        row["status"] if "problem" not in row else _refused(row["problem"])
        for row in answer.json()["results"]
    ]


def _refused(problem: dict[str, Any]) -> str:
    return " ".join([problem["code"], *(error["path"] for error in problem.get("errors", []))])


async def test_a_year_an_entry_and_a_verdict_beyond_the_reach_do_not_exist(office: Office) -> None:
    entries = {teacher: (await result(office.client, teacher))["verdict_entry"] for teacher in WORKS}
    for caller, reached in [*REACHED.items(), (TEACHER, {"T1"})]:
        for teacher in WORKS:
            of_teacher = [(YEAR, teacher, "T9"), (f"{YEAR}/why", teacher, "T9")]
            partition, _, seq = entries[teacher].partition("/")[2].partition("/")
            of_things = [(f"/v1/entries/{partition}/{{}}/why", seq, "999999")]
            if caller != TEACHER:
                of_things += [("/v1/verdicts/{}", f"V-{teacher}", "V-9")]
            for address, name, nothing in of_teacher + of_things:
                told = await answered(office.client, caller, address, name)
                if teacher in reached:
                    assert told[0] == 200, (caller, address, told)
                else:
                    assert told == await answered(office.client, caller, address, nothing), (caller, address)
                    assert told[0] == 404, (caller, address)


async def test_lists_hold_what_lies_within(office: Office) -> None:
    for address in ("/v1/results", "/v1/discrepancies"):
        for caller, reached in REACHED.items():
            rows = await listed(office.client, caller, address)
            assert [row["teacher"] for row in rows] == sorted(reached), (caller, address)
            assert await listed(office.client, caller, address, year="2023") == []
        for others in ({"school": "S2"}, {"district": "福田区"}):
            assert await listed(office.client, CITY, address, **others) == []
            assert len(await listed(office.client, PROVINCE, address, **others)) == 1
    assert await listed(office.client, CITY, "/v1/discrepancies", teacher="T2") == []


async def test_a_run_belongs_to_its_scope(office: Office) -> None:
    scopes = [
        ("teacher", "T1"),
        ("school", "S1"),
        ("district", "天河区"),
        ("district", "福田区"),
        ("school", "elsewhere"),
    ]
    runs = [
        await judge(office.client, f"run-{n}", kind=kind, id=name) for n, (kind, name) in enumerate(scopes)
    ]
    runs += (await office.client.get("/v1/runs", params={"limit": 100})).json()["items"][-1:]
    for caller, seen in SEEN.items():
        assert {shown(run) for run in await listed(office.client, caller, "/v1/runs")} == seen, caller
        for run in runs:
            told = await answered(office.client, caller, "/v1/runs/{}", run["run"])
            if shown(run) in seen:
                assert told[0] == 200
            else:
                assert told == await answered(office.client, caller, "/v1/runs/{}", "run-9")
                assert told[0] == 404


def shown(run: dict[str, Any]) -> str:
    return f"{run['scope']['kind']} {run['scope']['id']}"


async def order(
    client: httpx.AsyncClient, caller: str, key: str, year: int = 2024, **scope: str
) -> httpx.Response:
    body = {"year": year, "scope": scope or {"kind": "everyone"}}
    return await client.post("/v1/runs", json=body, headers={"Idempotency-Key": key, **signed(caller)})


async def test_a_run_is_ordered_within_the_reach_and_stays_its_orderers(office: Office) -> None:
    for year in (2024, 2000):  # a year without a requirement tells nothing either
        for kind, name, nothing in (
            ("school", "S2", "S9"),
            ("district", "福田区", "罗湖"),
            ("teacher", "T2", "T9"),
        ):
            told = [
                await order(office.client, DISTRICT, "no", year, kind=kind, id=at) for at in (name, nothing)
            ]
            assert {answer.status_code for answer in told} == {404}
            assert told[0].text.replace(name, "*") == told[1].text.replace(nothing, "*")
        everyone = await order(office.client, DISTRICT, "no", year)
        assert (everyone.status_code, everyone.json()["code"]) == (404, "scope.unknown")
    taken = await order(office.client, DISTRICT, "own", kind="district", id="天河区")
    assert taken.status_code == 202, taken.text
    run = (await finish(office.client, taken.json()["run"]))["run"]
    replayed = await order(
        office.client, OTHER_PROVINCE.replace("hr", "education"), "own", kind="district", id="天河区"
    )
    assert replayed.status_code == 404, "what another one asked for under the same key is not told"
    await office.ledger.say([working("T2", "S2", "天河区")])
    await office.ledger.heard()
    assert (await order(office.client, DISTRICT, "mixed", kind="district", id="天河区")).status_code == 404
    assert [row["run"] for row in await listed(office.client, DISTRICT, "/v1/runs")] == [run]
    assert await listed(office.client, "auditor@city:C1", "/v1/runs") == []
    assert await office.world.rebuild("verification") == []


async def test_a_province_decides_on_its_own_teachers_and_learns_of_no_others(office: Office) -> None:
    outside = "teacher.out_of_reach /teacher"
    rows = [
        verdict("T1", "W-1"),
        verdict("T3", "W-3"),
        verdict("T9", "W-9"),
        {**verdict("T2", "W-2"), "year": 1},
    ]
    assert await hand_in(office.client, PROVINCE, *rows) == [201, outside, outside, "body.invalid /year"]
    taken = [
        await office.client.post("/v1/verdicts", json=row, headers=signed(PROVINCE)) for row in rows[1:3]
    ]
    assert {answer.status_code for answer in taken} == {404}
    assert taken[0].text.replace("T3", "*") == taken[1].text.replace("T9", "*")
    assert await hand_in(office.client, OTHER_PROVINCE, rows[0], verdict("T9", "W-9")) == [outside, outside]
    assert await hand_in(office.client, OPERATOR, verdict("T9", "W-9")) == [202], (
        "who reaches everything hands in early"
    )
    told = await answered(office.client, PROVINCE, "/v1/verdicts/{}", "W-9")
    assert told == await answered(office.client, PROVINCE, "/v1/verdicts/{}", "W-0")
    await office.ledger.say([lying("S1", "Q")])
    await office.ledger.heard()
    assert await hand_in(office.client, PROVINCE, verdict("T1", "W-4")) == [outside]
    again = await office.client.post(
        "/v1/verdicts", json=verdict("T1", "V-T2"), headers=signed(OTHER_PROVINCE)
    )
    assert (again.status_code, again.json()["code"]) == (409, "verdict.conflict")
    assert "T2" not in again.text.replace("V-T2", ""), "it says nothing of whose the verdict is"


async def test_a_province_with_a_deployment_of_its_own_may_be_ahead_of_the_roster(office: Office) -> None:
    early = verdict("T9", "V-early")
    assert await hand_in(office.client, "provincial_hr@deployment:gd-hr", early) == [202]
    assert await hand_in(office.client, PROVINCE, verdict("T8", "V-earlier")) == [
        "teacher.out_of_reach /teacher"
    ]
