"""How far callers reach in hours: what lies elsewhere is answered as what does not exist."""

import json
from collections.abc import Mapping
from itertools import product
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.integration.hours.acts import AT, awarded, enrol, exchange, key, record, register, row
from tests.integration.hours.classes import outline
from tests.integration.hours.conftest import Town
from tests.integration.hours.plans import plan
from tests.integration.hours.test_declarations import declaration
from tests.integration.hours.test_organisations import SCHOOL, WHOLE, codes, post
from tests.integration.hours.test_transfers import FAR, MOVING, NEAR, OTHER, ask
from tests.support.signing import calling, signed
from tests.support.world import World

INSIDE = ("school:S", "district:D", "city:C", "teacher:T1", "operator:local")
"""Who reaches T1, at school S below district D of city C."""
OUTSIDE = ("school:N", "school:F", "district:E", "city:X", "teacher:T2")

OF_TEACHERS = {
    "/v1/teachers/{}/statement?year=2024": "T1",
    "/v1/teachers/{}": "T1",
    "/v1/records/{}": "R1",
    "/v1/exchanges/{}": "X1",
}
"""What is read about T1, and the name in its address."""
LISTS = ("/v1/teachers", "/v1/totals")


@pytest.fixture
async def valley(town: Town) -> Town:
    """Two districts: T1 and T3 work in the first, T2 in the second; something is on file of each."""
    await post(town.hours, *WHOLE, OTHER, NEAR, FAR)
    for teacher, school, district in (("T1", "S", "福田区"), ("T3", "N", "福田区"), ("T2", "F", "罗湖区")):
        await enrol(town.hours, teacher, school=school, district=district)
    for number, teacher in (("1", "T1"), ("2", "T2")):
        await register(town.hours, record(f"R{number}", teacher, "GZ-HR-2.02", "8"))
        await exchange(town.points, f"X{number}", teacher, "professional", 1)
    await town.heard()
    return town


async def said(hours: httpx.AsyncClient, path: str, headers: Mapping[str, str]) -> tuple[int, Any]:
    answer = await hours.get(path, headers=headers)
    return answer.status_code, answer.json()


async def test_what_lies_within_reach_is_seen(valley: Town) -> None:
    for caller, (path, name) in product(INSIDE, OF_TEACHERS.items()):
        status, _ = await said(valley.hours, path.format(name), calling(caller))
        assert status == 200, (caller, path)


async def test_what_lies_elsewhere_is_answered_as_what_does_not_exist(valley: Town) -> None:
    for caller, (path, name) in product(OUTSIDE, OF_TEACHERS.items()):
        status, there = await said(valley.hours, path.format(name), calling(caller))
        _, nowhere = await said(valley.hours, path.format("Z9"), calling(caller))
        assert (status, str(there).replace(name, "Z9")) == (404, str(nowhere)), (caller, path)


WITHIN = {
    "school:S": ["T1"],
    "school:F": ["T2"],
    "district:D": ["T1", "T3"],
    "city:C": ["T1", "T2", "T3"],
    "province:P": ["T1", "T2", "T3"],
    "province:Q": [],
    "operator:local": ["T1", "T2", "T3"],
}
"""Who lies within reach of whom."""


async def test_lists_hold_who_lies_within_reach(valley: Town) -> None:
    for (caller, teachers), path in product(WITHIN.items(), LISTS):
        for narrow, wanted in (({}, teachers), ({"school": "F"}, [one for one in teachers if one == "T2"])):
            asked = {"year": "2024", **narrow}
            answer = await valley.hours.get(path, params=asked, headers=calling(caller))
            assert [one["teacher"] for one in answer.json()["items"]] == wanted, (caller, path)


async def test_points_to_exchange_are_listed_within_reach(valley: Town) -> None:
    for teacher in ("T1", "T2", "T3"):
        await valley.points.say("points.awarded.v1", f"teacher:{teacher}", awarded(teacher, 100), AT)
    await valley.heard()
    for caller, teachers in (("school:F", ["T2"]), ("district:D", ["T1", "T3"]), ("teacher:T1", None)):
        answer = await valley.hours.get("/v1/exchangeable", headers=calling(caller))
        seen = None if answer.status_code == 403 else [one["teacher"] for one in answer.json()["items"]]
        assert seen == teachers, caller


async def test_a_page_goes_on_within_reach(valley: Town) -> None:
    district = calling("district:D")
    first = (await valley.hours.get("/v1/teachers", params={"limit": 1}, headers=district)).json()
    asked = {"limit": 1, "cursor": first["next"]}
    second = (await valley.hours.get("/v1/teachers", params=asked, headers=district)).json()
    assert [one["teacher"] for page in (first, second) for one in page["items"]] == ["T1", "T3"]
    assert second["next"] is None


async def test_hours_are_registered_within_reach_only(valley: Town) -> None:
    rows = [record(f"C-{one}", one, "GZ-HR-2.02", "2") for one in ("T1", "T2", "Z9")]
    centre = calling("district:D")
    results = (await valley.hours.post("/v1/records", json=rows, headers=centre)).json()["results"]
    assert [one["problem"]["code"] for one in results] == ["rule.other_way", *2 * ["teacher.unknown"]]
    there, nowhere = (str(one["problem"]) for one in results[1:])
    assert there.replace("T2", "Z9") == nowhere
    assert (await valley.hours.get("/v1/records/C-T2")).status_code == 404
    body, headers = {"reason": "登记有误"}, {**key(), **centre}
    refused = await valley.hours.post("/v1/records/R2/reversal", json=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (404, "record.unknown")
    assert (await valley.hours.get("/v1/records/R2")).json()["state"] == "registered"


async def test_a_roster_is_kept_within_reach_only(valley: Town) -> None:
    rows = [
        row("N1", school="S", district=""),
        row("N2", school="F", district=""),
        row("T2", school="S", district=""),
        row("N3", school="unheard-of", district="D"),
        row("N4", school="unheard-of", district="E"),
    ]
    headers = {**key(), **calling("district:D")}
    answer = await valley.hours.post("/v1/roster", json={"teachers": rows}, headers=headers)
    told = [(one["status"], one.get("problem", {}).get("code")) for one in answer.json()["results"]]
    assert told == [
        (201, None),
        (403, "school.out_of_reach"),
        (409, "teacher.elsewhere"),
        (201, None),
        (403, "school.out_of_reach"),
    ]
    assert (await valley.hours.get("/v1/teachers/T2")).json()["school"] == "F"
    assert (await valley.hours.get("/v1/teachers/N2")).status_code == 404


async def test_a_department_keeps_its_own_part_of_the_tree(valley: Town) -> None:
    headers = {**key(), **calling("city:C")}
    new = {**FAR, "organisation": "G"}
    below = {"organisation": "Y", "level": "district", "name": "南山区", "parent": "C", "division": "440305"}
    rows = [
        new,
        below,
        {**FAR, "organisation": "H", "parent": "Y"},
        {**FAR, "organisation": "K", "parent": "P"},
        {"organisation": "Q", "level": "province", "name": "湖南省", "division": "430000"},
        {**WHOLE[0], "name": "广东"},
        {**SCHOOL, "parent": "E"},
    ]
    answer = await valley.hours.post("/v1/organisations", json={"organisations": rows}, headers=headers)
    assert codes(answer.json()["results"]) == [
        *["registered"] * 3,
        *["organisation.out_of_reach"] * 3,
        "changed",
    ]


async def test_who_is_not_in_the_tree_yet_does_not_put_itself_there(valley: Town) -> None:
    province = {"organisation": "P44", "level": "province", "name": "湖南省", "division": "430000"}
    city = {"organisation": "C1", "level": "city", "name": "长沙市", "parent": "P", "division": "440100"}
    for caller, one in (
        ("provincial_education@province:P44", province),
        ("city_department@city:C1", city),
    ):
        below = {**FAR, "organisation": "below", "parent": one["organisation"]}
        headers, rows = {**key(), **signed(caller)}, [one, below, WHOLE[0]]
        answer = await valley.hours.post("/v1/organisations", json={"organisations": rows}, headers=headers)
        assert answer.status_code == 200, (caller, answer.text)
        assert codes(answer.json()["results"]) == [
            "organisation.out_of_reach",
            "organisation.parent_unknown",
            "organisation.out_of_reach",
        ], caller
    assert codes(await post(valley.hours, province, city)) == ["registered"] * 2, "the operator does"


async def test_transfers_are_seen_from_both_sides_and_from_nowhere_else(valley: Town) -> None:
    assert (await ask(valley.hours, "school:N", "N", "1"))[0] == 201
    for caller, there in (("school:N", True), ("school:S", True), ("district:D", True), ("school:F", False)):
        status, _ = await said(valley.hours, "/v1/transfers/1", calling(caller))
        _, listed = await said(valley.hours, "/v1/transfers", calling(caller))
        assert (status, len(listed["items"])) == ((200, 1) if there else (404, 0)), caller
    for what in ("approval", "refusal"):
        headers = {**key(), **calling("school:F")}
        answer = await valley.hours.post(f"/v1/transfers/1/{what}", json={"reason": "x"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "transfer.unknown")


async def test_an_answer_is_kept_for_whom_it_was_given(valley: Town) -> None:
    body = {**MOVING, "school": "N"}
    asked = {"Idempotency-Key": "same", **signed("school_administrator@school:N")}
    assert (await valley.hours.post("/v1/transfers", json=body, headers=asked)).status_code == 201
    other = {"Idempotency-Key": "same", **signed("operator@deployment:local")}
    answer = await valley.hours.post("/v1/transfers", json=body, headers=other)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.conflict")


TAKEN = "2026-1"
"""A name that two give to matters of their own."""
ROSTER = "teacher,name,school\n{0}9,林晓,{0}\n"
MATTERS: tuple[tuple[str, str, str, Any, str, Any], ...] = (
    ("/v1/transfers", "key", "school:N", {**MOVING, "school": "N"}, "school:F", {**MOVING, "teacher": "T3"}),
    ("/v1/imports", "key", "school:S", ROSTER.format("S"), "school:F", ROSTER.format("F")),
    ("/v1/plans", "plan", "school:S", plan(TAKEN), "school:F", plan(TAKEN, "F")),
    ("/v1/classes", "number", "district:D", outline(TAKEN), "district:E", outline(TAKEN, hours="8.00")),
    (
        "/v1/declarations",
        "declaration",
        "teacher:T1",
        {**declaration(TAKEN), "declared": False},
        "teacher:T2",
        {**declaration(TAKEN), "teacher": "T2", "declared": False},
    ),
)
"""Where, what the answer calls the name; who takes it for what, and who comes with something else."""


async def test_a_name_that_somebody_has_taken_tells_that_and_no_more(valley: Town) -> None:
    for path, figure, first, theirs, second, others in MATTERS:
        answers = []
        for caller, body in ((first, theirs), (second, others)):
            kind = "text/csv" if isinstance(body, str) else "application/json"
            content = body if isinstance(body, str) else json.dumps(body)
            headers = {"Idempotency-Key": TAKEN, "Content-Type": kind, **calling(caller)}
            answers.append(await valley.hours.post(path, content=content, headers=headers))
        taken, refused = answers
        assert taken.is_success, taken.text
        said = refused.json()
        assert said.pop("code").endswith(".conflict"), (path, said)
        assert {name: said[name] for name in said.keys() - {"type", "title", "detail"}} == {
            "status": 409,
            figure: TAKEN,
        }, path


CROWD = text(
    "insert into organisation (organisation, level, name, parent, entry)"
    " select 'Z' || one, 'school', '小学', 'D', '' from generate_series(1, 33000) as one"
)
"""More schools than a statement may have parameters, which are 32,767."""


@pytest.mark.long
async def test_lists_are_narrowed_to_any_number_of_organisations(world: World) -> None:
    hours = await world.serve("hours")
    await post(hours, *WHOLE)
    async with world.apps["hours"].state.database.transaction() as tx:
        await tx.execute(CROWD)
    for what in ("plans", "reviews", "objections"):
        answer = await hours.get(f"/v1/{what}", headers=calling("city:C"))
        assert (what, answer.status_code) == (what, 200), answer.text
