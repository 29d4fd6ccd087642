"""Transfers over HTTP: asked for by the receiving school, approved by both sides, and no hour moves."""

from uuid import uuid4

import httpx

from tests.integration.hours.acts import enrol, record, register, row, total
from tests.integration.hours.test_imports import send, told
from tests.integration.hours.test_organisations import DISTRICT, SCHOOL, WHOLE, post
from tests.integration.hours.test_persons import KEYS, ONE, outcomes, put
from tests.support.signing import calling
from tests.support.world import World

OTHER = {**DISTRICT, "organisation": "E", "name": "罗湖区", "division": "440303"}
NEAR = {"organisation": "N", "level": "school", "name": "第二小学", "parent": "D"}
FAR = {**NEAR, "organisation": "F", "parent": "E"}
assert SCHOOL["organisation"] == "S"


MOVING = {"teacher": "T1", "name": row("T1")["name"], "school": "F", "reason": "调动"}


async def ask(
    hours: httpx.AsyncClient, caller: str, school: str, number: str, teacher: str = "T1"
) -> tuple[int, str]:
    headers = {"Idempotency-Key": number, **calling(caller)}
    body = {**MOVING, "teacher": teacher, "school": school}
    answer = await hours.post("/v1/transfers", json=body, headers=headers)
    return answer.status_code, answer.json().get("code") or answer.json()["awaits"]


async def decide(
    hours: httpx.AsyncClient, caller: str, number: str, what: str = "approval"
) -> tuple[int, str | None]:
    headers = {"Idempotency-Key": uuid4().hex, **calling(caller)}
    body = {"reason": "本校教师紧缺"} if what == "refusal" else None
    answer = await hours.post(f"/v1/transfers/{number}/{what}", json=body, headers=headers)
    return answer.status_code, answer.json().get("code") or answer.json()["awaits"]


async def town(world: World) -> httpx.AsyncClient:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    await post(hours, *WHOLE, OTHER, NEAR, FAR)
    await put(hours, row("T1", school="S", district="", title="一级教师", citizen_id=ONE))
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "8"))
    return hours


async def test_a_teacher_moves_with_the_last_approval_and_the_hours_stay(world: World) -> None:
    hours = await town(world)
    before = await total(hours, "T1"), (await hours.get("/v1/records/R1")).json()
    assert await ask(hours, "school:F", "F", "1") == (201, "district:E")
    assert await decide(hours, "school:S", "1") == (403, "transfer.not_awaited")
    assert await decide(hours, "district:E", "1") == (200, "school:S")
    waiting = (await hours.get("/v1/transfers", params={"awaits": "school:S"})).json()["items"]
    assert [one["transfer"] for one in waiting] == ["1"]
    assert await decide(hours, "school:S", "1") == (200, "district:D")
    assert (await hours.get("/v1/teachers/T1")).json()["school"] == "S"
    assert await decide(hours, "district:D", "1") == (200, None)
    moved = (await hours.get("/v1/teachers/T1")).json()
    assert (moved["school"], moved["district"]) == ("F", "罗湖区")
    assert (await total(hours, "T1"), (await hours.get("/v1/records/R1")).json()) == before
    assert await decide(hours, "district:D", "1") == (409, "transfer.over")
    zh = {"Idempotency-Key": "late", **calling("district:D"), "Accept-Language": "zh"}
    over = await hours.post("/v1/transfers/1/approval", json={}, headers=zh)
    assert (over.json()["state"], over.json()["detail"]) == ("approved", "1 的状态为 已同意。")
    assert (await hours.get("/v1/transfers/1")).json()["state"] == "approved"
    same = row("T1", school="F", district="罗湖区", title="一级教师")
    assert (await put(hours, same))[0]["outcome"] == "unchanged", "the digest is that of the new place"
    assert await world.rebuild("hours") == []


async def test_one_authority_of_both_schools_is_asked_once(world: World) -> None:
    hours = await town(world)
    assert await ask(hours, "school:N", "N", "1") == (201, "district:D")
    assert await decide(hours, "district:D", "1") == (200, "school:S")
    assert await decide(hours, "school:S", "1") == (200, None)
    assert (await hours.get("/v1/teachers/T1")).json()["school"] == "N"


async def test_whoever_is_awaited_or_the_receiving_school_ends_it(world: World) -> None:
    hours = await town(world)
    await ask(hours, "school:F", "F", "1")
    assert await ask(hours, "school:N", "N", "2") == (409, "transfer.pending")
    assert await decide(hours, "school:S", "1", "refusal") == (403, "transfer.not_awaited")
    assert await decide(hours, "district:E", "1", "refusal") == (200, None)
    assert await ask(hours, "school:N", "N", "3") == (201, "district:D")
    assert await decide(hours, "school:N", "3", "refusal") == (200, None)
    assert (await hours.get("/v1/transfers/3")).json()["state"] == "refused"
    assert (await hours.get("/v1/teachers/T1")).json()["school"] == "S"
    assert await world.rebuild("hours") == []


async def test_what_cannot_be_asked_for_is_refused(world: World) -> None:
    hours = await town(world)
    await enrol(hours, "T2", school="elsewhere")
    assert await ask(hours, "school:S", "F", "1") == (403, "transfer.not_receiving")
    assert await ask(hours, "school:F", "F", "2", "nobody") == (422, "teacher.unknown")
    assert await ask(hours, "school:S", "S", "3") == (409, "transfer.same_school")
    assert await ask(hours, "school:X", "X", "4") == (422, "transfer.school_unknown")
    assert await ask(hours, "school:F", "F", "5", "T2") == (422, "transfer.school_unknown")
    assert await decide(hours, "district:E", "nothing") == (404, "transfer.unknown")
    await ask(hours, "school:N", "N", "6")
    await decide(hours, "operator:local", "6")
    await enrol(hours, "T1", school="F", district="罗湖区")
    assert await decide(hours, "school:S", "6") == (409, "transfer.teacher_moved")
    assert (await hours.get("/v1/transfers/6")).json()["awaits"] == "school:S", "nothing is half done"


async def test_who_does_not_know_the_name_learns_of_nobody(world: World) -> None:
    hours = await town(world)
    await enrol(hours, "T2", school="S", district="", name="阿依古丽・买买提")

    async def said(school: str, number: str, teacher: str, name: str) -> tuple[int, str]:
        body = {**MOVING, "teacher": teacher, "name": name, "school": school}
        headers = {"Idempotency-Key": number, **calling(f"school:{school}")}
        answer = await hours.post("/v1/transfers", json=body, headers=headers)
        return answer.status_code, answer.text.replace(teacher, "…")

    _, nobody = await said("F", "0", "T9", "林晓")
    for teacher, school in (("T1", "F"), ("T1", "S"), ("T2", "F")):
        for name in ("林晓", "阿卜杜拉", "阿卜杜拉买买提", "阿依古丽·买买"):
            assert await said(school, "1", teacher, name) == (422, nobody), (teacher, school, name)
    written = ("阿依古丽·买买提", " 阿依古丽\u2022买买提 ", "阿依古丽\u00b7买买提", "阿依古丽\u30fb买买提")
    for number, name in enumerate(written):
        assert (await said("F", f"w{number}", "T2", name))[0] == 201, name
        assert (await decide(hours, "school:F", f"w{number}", "refusal"))[0] == 200
    assert await ask(hours, "school:F", "F", "ours") == (201, "district:E")
    status, other = await said("N", "2", "T1", MOVING["name"])
    assert (status, "transfer.pending" in other, "ours" in other) == (409, True, False)
    assert await said("N", "3", "T1", "林晓") == (422, nobody)


async def test_no_row_moves_a_teacher_between_schools_of_the_tree_but_the_operators(world: World) -> None:
    hours = await town(world)
    await enrol(hours, "T2", school="elsewhere", district="D")
    rows = [
        row("T1", school="N", district=""),
        row("T1", school="S", district="", title="高级教师"),
        row("T2", school="N", district=""),
        row("T2", school="S", district=""),
        row("T3", school="S", district=""),
        row("T3", school="N", district=""),
        row("T3", school="left", district="D"),
    ]
    refused = "teacher.moves_by_transfer"
    told_to = [refused, "changed", "changed", refused, "registered", refused, "changed"]
    assert outcomes(await put(hours, *rows, **calling("district:D"))) == told_to
    far = row("T1", school="F", district="")
    for caller in ("city:C", "district:D", "school:F"):
        expected = {"district:D": "school.out_of_reach", "school:F": "teacher.elsewhere"}.get(caller, refused)
        assert outcomes(await put(hours, far, **calling(caller))) == [expected], caller
    file = "teacher,name,school\nT1,林晓,F\nT4,王芳,F\n"
    for caller, dry in (("city:C", True), ("operator:local", True), ("city:C", False)):
        answer = await send(hours, file, dry=dry, headers=calling(caller))
        assert told(answer) == [(2, refused), (3, "registered")], caller
    listed = (await hours.get("/v1/teachers")).json()["items"]
    places = {one["teacher"]: (one["school"], one["title"]) for one in listed}
    assert places == {"T1": ("S", "高级教师"), "T2": ("N", ""), "T3": ("left", ""), "T4": ("F", "")}
    assert outcomes(await put(hours, far)) == ["changed"], "the operator corrects"
    assert (await hours.get("/v1/teachers/T1")).json()["school"] == "F"
    assert await world.rebuild("hours") == []


async def test_verification_hears_where_a_teacher_is_now(world: World) -> None:
    hours, verification = await town(world), await world.serve("verification")
    await ask(hours, "school:N", "N", "1")
    for caller in ("district:D", "school:S"):
        await decide(hours, caller, "1")
    await world.heard("verification", "hours")
    for school, status in (("S", 404), ("N", 202)):
        run = {"year": 2024, "scope": {"kind": "school", "id": school}}
        asked = await verification.post("/v1/runs", json=run, headers={"Idempotency-Key": school})
        assert asked.status_code == status, asked.text
