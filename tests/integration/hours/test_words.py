"""What is kept and what others read, ids as well: no route takes a citizen's identity number in it."""

from typing import Any

import httpx

from shared.runtime.spreadsheets import CSV, XLSX
from tests.integration.hours.acts import key, record, row
from tests.integration.hours.classes import outline
from tests.integration.hours.plans import THEMES, plan
from tests.integration.hours.test_annual_plans import entry
from tests.integration.hours.test_declarations import declaration
from tests.integration.hours.test_imports import send
from tests.integration.hours.test_organisations import DISTRICT, PROVINCE
from tests.support.signing import calling
from tests.unit.runtime.test_spreadsheets import workbook

NUMBER = "34052419800101001X"
WORDS = f"身份证号{NUMBER}"
CITY = "city:C"


def waiver(**changed: Any) -> dict[str, Any]:
    return {"teacher": "T1", "kind": "illness", "first": 2024, "last": 2024, **changed}


ASKED: list[tuple[str, str, dict[str, Any], str]] = [
    (CITY, "/v1/swaps/1/refusal", {"reason": WORDS}, "/reason"),
    ("teacher:T1", "/v1/waivers", waiver(statement=WORDS), "/statement"),
    (CITY, "/v1/waivers/1/approval", {"reason": WORDS}, "/reason"),
    (CITY, "/v1/waivers/1/refusal", {"reason": WORDS}, "/reason"),
    (CITY, "/v1/waivers/1/end", {"reason": WORDS, "year": 2024}, "/reason"),
    ("teacher:T1", "/v1/appeals", {"matter": "record:R1", "grounds": WORDS}, "/grounds"),
    (CITY, "/v1/appeals/1/grant", {"reason": WORDS}, "/reason"),
    (CITY, "/v1/appeals/1/rejection", {"reason": WORDS}, "/reason"),
    ("provider:C", "/v1/courses/1/submission", {"form": {"address": WORDS}}, "/form/address"),
    (
        "provider:C",
        "/v1/courses",
        {"rule": "R", "organisation": "C", "title": WORDS, "form": {"lecturer": "T1"}},
        "/title",
    ),
    ("centre:D", "/v1/classes", outline("K1", title=WORDS), "/title"),
    ("centre:D", "/v1/classes", outline("K1", provider=WORDS), "/provider"),
    ("centre:D", "/v1/classes", outline("K1", annual_plan=WORDS), "/annual_plan"),
    (
        "centre:D",
        "/v1/classes",
        outline("K1", lessons=[{"lesson": WORDS, "day": "2024-05-06", "hours": "8"}]),
        "/lessons/0/lesson",
    ),
    ("centre:D", "/v1/annual-plans", {"year": 2024, "entries": [entry("1", name=WORDS)]}, "/entries/0/name"),
    ("centre:D", "/v1/annual-plans/D/2024/report", {"words": WORDS}, "/words"),
    ("school:S", "/v1/plans", plan("P1", title=WORDS), "/title"),
    ("school:S", "/v1/plans", plan("P1", themes=[{**THEMES[0], "title": WORDS}]), "/themes/0/title"),
    ("teacher:T1", "/v1/declarations", declaration("A", activity=WORDS), "/activity"),
    ("teacher:T1", "/v1/declarations", declaration("A", details={"grade": WORDS}), "/details/grade"),
    ("operator:local", "/v1/records", record("R1", "T1", "GZ-HR-2.02", "8", provider=WORDS), "/provider"),
    ("operator:local", "/v1/records", record("R1", "T1", "GZ-HR-2.02", "8", evidence=WORDS), "/evidence"),
    ("operator:local", "/v1/records", record(NUMBER, "T1", "GZ-HR-2.02", "8", activity="讲座"), "/record"),
    ("operator:local", "/v1/records", record("R1", NUMBER, "GZ-HR-2.02", "8", activity="讲座"), "/teacher"),
    ("centre:D", "/v1/classes", outline(NUMBER), "/class"),
    ("centre:D", "/v1/classes", outline("K1", trainers=[NUMBER]), "/trainers/0"),
    ("centre:D", "/v1/annual-plans", {"year": 2024, "entries": [entry(NUMBER)]}, "/entries/0/number"),
    ("school:S", "/v1/plans", plan(NUMBER), "/plan"),
    ("teacher:T1", "/v1/declarations", declaration(NUMBER), "/declaration"),
    ("provider:C", "/v1/courses/1/submission", {"form": {NUMBER: "T1"}}, "/form/*/[key]"),
    ("teacher:T1", "/v1/appeals", {"matter": f"record:{NUMBER}", "grounds": "x"}, "/matter"),
]


async def test_no_identity_number_stands_in_words_for_others(hours: httpx.AsyncClient) -> None:
    for who, path, body, place in ASKED:
        answer = await hours.post(path, json=body, headers={**calling(who), **key()})
        said = answer.json()
        told = [(one["path"], one["code"]) for one in said.get("errors", [said])]
        assert (answer.status_code, told) == (422, [(place, "text.citizen_id")]), path
        assert NUMBER not in answer.text


ROSTERED = ("teacher", "name", "school", "district", "stage", "role", "title")
TREE = ("organisation", "name", "parent", "division", "school_code", "credit_code")


async def test_no_identity_number_stands_in_a_roster_but_where_it_is_sealed(hours: httpx.AsyncClient) -> None:
    shifted = [{**row("T1"), name: NUMBER} for name in ROSTERED]
    table = [ROSTERED, *(tuple(one.get(name, "") for name in ROSTERED) for one in shifted)]
    written = "\n".join(",".join(cells) for cells in table)
    sent = [
        await hours.post("/v1/roster", json={"teachers": shifted}, headers=key()),
        await send(hours, written, CSV),
        await send(hours, workbook(*table), XLSX),
        await send(hours, written, CSV, dry=True),
    ]
    for answer in sent:
        assert told(answer) == [(f"/{name}", "text.citizen_id") for name in ROSTERED]
    assert (await hours.get("/v1/teachers")).json()["items"] == []


async def test_no_identity_number_stands_in_the_tree(hours: httpx.AsyncClient) -> None:
    shifted = [{**DISTRICT, name: NUMBER} for name in TREE]
    answer = await hours.post("/v1/organisations", json={"organisations": shifted}, headers=key())
    assert told(answer) == [(f"/{name}", "text.citizen_id") for name in TREE]
    assert (await hours.get("/v1/organisations")).json()["items"] == []


async def test_no_identity_number_is_a_key(hours: httpx.AsyncClient) -> None:
    for given in (NUMBER, NUMBER.lower(), f"roster-{NUMBER}"):
        tree = {"organisations": [PROVINCE]}
        for answer in (
            await hours.post("/v1/organisations", json=tree, headers={"Idempotency-Key": given}),
            await send(hours, "teacher,name,school\n", headers={"Idempotency-Key": given}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, "text.citizen_id")
            assert given not in answer.text


def told(answer: httpx.Response) -> list[tuple[str, str]]:
    """The one place of each row and what is wrong there, in an answer that repeats nothing of it."""
    assert answer.status_code == 200, answer.text
    assert NUMBER not in answer.text
    rows = [one["problem"]["errors"] for one in answer.json()["results"]]
    return [(fault["path"], fault["code"]) for [fault] in rows]
