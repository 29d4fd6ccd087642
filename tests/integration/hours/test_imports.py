"""Rosters as files over HTTP: tried, taken, told line by line; what is hostile leaves nothing behind."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import ColumnClause, column, func, select, table, text

from shared.runtime.spreadsheets import CSV, XLSX
from tests.integration.hours.acts import enrol, record, register, total
from tests.integration.hours.test_persons import KEYS, ONE, OTHER
from tests.support.signing import calling
from tests.support.world import World
from tests.unit.runtime.test_spreadsheets import packed, workbook

NONE: Mapping[str, str] = {}
HEAD = "工号,姓名,学校,学段,职称,入职日期,是否中职,身份证号"
GOOD = f"{HEAD}\nT1,林晓,S01,小学,一级教师,2015-09-01,否,{ONE}\nT2,何子墨,S01,中职,,,,\n"


async def send(
    hours: httpx.AsyncClient,
    content: str | bytes,
    kind: str = CSV,
    *,
    dry: bool = False,
    headers: Mapping[str, str] = NONE,
) -> httpx.Response:
    given = {"Content-Type": kind, "Idempotency-Key": uuid4().hex, **headers}
    return await hours.post("/v1/imports", content=content, params={"dry_run": dry}, headers=given)


async def stored(world: World) -> dict[str, int]:
    counted = {}
    async with world.apps["hours"].state.database.transaction() as tx:
        for name in ("journal", "teacher", "person", "roster_import", "imported_row", "former_person"):
            found = await tx.execute(select(func.count()).select_from(table(name)))
            counted[name] = found.scalar_one()
    return counted


def told(answer: httpx.Response) -> list[tuple[int, Any]]:
    assert answer.status_code == 200, answer.text
    return [
        (row["line"], row.get("outcome") or row["problem"].get("errors", [row["problem"]])[0]["code"])
        for row in answer.json()["results"]
    ]


async def test_a_dry_run_says_what_the_import_then_does(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    before = await stored(world)
    tried = await send(hours, GOOD, dry=True)
    assert await stored(world) == before
    taken = await send(hours, GOOD, headers={"Idempotency-Key": "roster-1"})
    assert told(tried) == told(taken) == [(2, "registered"), (3, "registered")]
    assert ONE not in taken.text
    shown = (await hours.get("/v1/imports/roster-1")).json()
    assert (shown["registered"], shown["changed"], shown["by"]) == (2, 0, "operator:local")
    assert [row["teacher"] for row in shown["rows"]] == ["T1", "T2"]
    assert (await hours.get("/v1/teachers/T2")).json()["vocational"] is True
    again = await send(hours, GOOD, headers={"Idempotency-Key": "roster-1"})
    assert (again.headers["Idempotent-Replayed"], again.json()) == ("true", taken.json())
    other = await send(hours, f"{GOOD}T3,王芳,S01\n", headers={"Idempotency-Key": "roster-1"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.conflict")
    assert await world.rebuild("hours") == []


async def test_bad_rows_are_named_by_their_line_and_good_ones_are_kept(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    rows = [
        ("T1", "林晓", "S01", "2015-09-01", ONE),
        ("T2", "", "S01", "", ""),
        ("T3", "何子墨", "S01", "2015/9/1", ""),
        ("T4", "王芳", "S01", "", ONE),
        ("T5", "李雷", "S01", "", f"{ONE[:-1]}1"),
        ("T1", "林晓", "S01", "", ""),
        ("T6", "韩梅", "S01", "", ""),
    ]
    head = ("teacher", "name", "school", "joined_on", "citizen_id", "a column that is not read")
    lines = [head, *((*row, "=1+1") for row in rows)]
    for content, kind in (("\n".join(map(",".join, lines)), CSV), (workbook(*lines), XLSX)):
        assert told(await send(hours, content, kind, dry=kind == CSV)) == [
            (2, "registered"),
            (3, "text.empty"),
            (4, "date.invalid"),
            (5, "citizen_id.taken"),
            (6, "citizen_id.invalid"),
            (7, "import.teacher_twice"),
            (8, "registered"),
        ]
    counted = await stored(world)
    assert (counted["teacher"], counted["roster_import"], counted["journal"]) == (2, 1, 3)
    assert await world.rebuild("hours") == []


async def test_the_same_rows_in_another_file_change_nothing(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    await send(hours, GOOD)
    assert told(await send(hours, GOOD)) == [(2, "unchanged"), (3, "unchanged")]
    changed = GOOD.replace("一级教师", "高级教师")
    assert told(await send(hours, changed)) == [(2, "changed"), (3, "unchanged")]
    assert (await stored(world))["former_person"] == 1


async def test_what_a_row_does_not_speak_of_stays_as_it_is(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    known = {"district": "越秀区", "title": "一级教师", "joined_on": "2015-09-01", "vocational": True}
    await enrol(hours, "T1", **known, name="林晓", citizen_id=ONE)
    shown = (await hours.get("/v1/teachers/T1")).json()
    head = "teacher,name,school"

    async def changed(content: str | bytes, kind: str = CSV) -> Any:
        tried, taken = [
            (await send(hours, content, kind, dry=dry)).json()["results"][0] for dry in (True, False)
        ]
        assert tried == taken
        return taken.get("fields", taken["outcome"])

    assert await changed(f"{head}\nT1,林晓,S01\n") == "unchanged"
    assert (await hours.get("/v1/teachers/T1")).json() == shown
    assert await changed(f"{head},stage\nT1,林晓,S01,小学\n") == "unchanged"
    bare = {"teachers": [{"teacher": "T1", "name": "林小", "school": "S01"}]}
    answer = await hours.post("/v1/roster", json=bare, headers={"Idempotency-Key": "bare"})
    assert answer.json()["results"][0]["fields"] == ["name"]
    assert (await hours.get("/v1/teachers/T1")).json() == {**shown, "name": "林小"}
    emptied = workbook([*head.split(","), "title", "joined_on"], ["T1", "林小", "S01"])
    assert await changed(emptied, XLSX) == ["title", "joined_on"]
    assert await changed(f"{head},stage\nT1,林小,S01,初中\n") == ["stage", "vocational"]
    assert await changed(f"{head},citizen_id\nT1,林小,S02,{OTHER}\n") == ["school", "district", "citizen_id"]
    assert await changed(f"{head}\nT2,王芳,S01\n") == "registered"
    assert await world.rebuild("hours") == []


HOSTILE = [
    (GOOD.replace("林晓", "=HYPERLINK(1)").encode(), CSV, 422, "file.formula"),
    (workbook(["teacher", "name", "school"], ["T1", "=1+1", "S01"]), XLSX, 422, "file.formula"),
    (
        workbook(["工号", "姓名", "学校", "身份证号"], ["T1", "林晓", "S01", int(ONE[:-1]) * 10.0]),
        XLSX,
        422,
        "file.long_number",
    ),
    (workbook(["teacher"]), CSV, 422, "file.not_its_type"),
    (GOOD.encode(), XLSX, 422, "file.not_its_type"),
    (packed(**{"xl/workbook.xml": b"\0" * (51 * 2**20)}), XLSX, 413, "file.expands"),
    (b"a" * (11 * 2**20), CSV, 413, "body.too_large"),
    (GOOD.encode(), "application/pdf", 415, "body.media_type"),
    (b"", CSV, 422, "file.columns_missing"),
    ("工号,teacher,name,school".encode(), CSV, 422, "file.column_twice"),
]


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    HOSTILE,
    ids=[f"{code}-{n}" for n, (*_, code) in enumerate(HOSTILE)],
)
async def test_what_is_hostile_is_refused_and_nothing_is_stored(
    world: World, content: bytes, kind: str, status: int, code: str
) -> None:
    hours = await world.serve("hours")
    before = await stored(world)
    answer = await send(hours, content, kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await stored(world) == before


async def test_a_school_hands_in_its_own_and_takes_nobody_over(world: World) -> None:
    hours = await world.serve("hours")
    await enrol(hours, "T9", school="S02")
    rows = "teacher,name,school\nT9,林晓,S01\nT1,何子墨,S01\n"
    before = await stored(world)
    refused = await send(hours, rows, headers=calling("school:S02"))
    assert (refused.status_code, refused.json()["code"]) == (403, "import.other_school")
    assert [fault["path"] for fault in refused.json()["errors"]] == ["/2/school", "/3/school"]
    assert await stored(world) == before
    taken = await send(hours, rows, headers=calling("school:S01"))
    assert told(taken) == [(2, "teacher.elsewhere"), (3, "registered")]
    assert (await hours.get("/v1/teachers/T9")).json()["school"] == "S02"


async def test_a_dry_run_tells_nobody_whose_number_it_is_elsewhere(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    await enrol(hours, "T8", citizen_id=ONE)
    await enrol(hours, "T9", school="S02", citizen_id=OTHER)
    rows = f"teacher,name,school,citizen_id\nT1,林晓,S01,{ONE}\nT2,何子墨,S01,{OTHER}\nT3,王芳,S01,{OTHER}\n"
    own = calling("school:S01")
    said = [(2, "citizen_id.taken"), (3, "citizen_id.taken"), (4, "citizen_id.taken")]
    assert told(await send(hours, rows, dry=True)) == said, "who reaches everybody is told"
    assert told(await send(hours, rows, dry=True, headers=own)) == [said[0], (3, "registered"), said[2]]
    assert told(await send(hours, rows, headers=own)) == said
    async with world.apps["hours"].state.database.transaction() as tx:
        journalled = "select data::json ->> 'numbers_taken' from journal where type = 'import.applied.v1'"
        assert (await tx.execute(text(journalled))).scalar_one() == "3"
    assert await world.rebuild("hours") == []


async def take_back(hours: httpx.AsyncClient, number: str, **headers: str) -> httpx.Response:
    body = {"reason": "导入了旧名册"}
    given = {"Idempotency-Key": uuid4().hex, **headers}
    return await hours.post(f"/v1/imports/{number}/reversal", json=body, headers=given)


def undone(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return {
        row.get("teacher") or row["problem"]["teacher"]: row.get("outcome") or row["problem"]["code"]
        for row in answer.json()["results"]
    }


async def people(world: World) -> list[Any]:
    names = ("teacher", "name", "title", "joined_on", "identity")
    columns: list[ColumnClause[Any]] = [column(name) for name in names]
    async with world.apps["hours"].state.database.transaction() as tx:
        found = await tx.execute(select(*columns).select_from(table("person")).order_by(columns[0]))
        return [tuple(row) for row in found]


async def test_an_import_is_taken_back_by_entries_of_its_own(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    await send(hours, GOOD, headers={"Idempotency-Key": "first"})
    before, entries = await people(world), (await stored(world))["journal"]
    listed = (await hours.get("/v1/teachers")).json()
    changed = f"{HEAD}\nT1,林小,S02,中职,高级教师,2016-09-01,,{OTHER}\nT3,王芳,S02,小学,,,,{ONE}\n"
    assert told(await send(hours, changed, headers={"Idempotency-Key": "second"})) == [
        (2, "changed"),
        (3, "registered"),
    ]
    assert undone(await take_back(hours, "second")) == {"T1": "restored", "T3": "removed"}
    assert (await hours.get("/v1/teachers")).json() == listed
    assert await people(world) == before
    counted = await stored(world)
    assert counted["journal"] == entries + 6, "nothing left the journal"
    assert counted["former_person"] == 0, "what was kept for the reversal is forgotten"
    assert told(await send(hours, GOOD)) == [(2, "unchanged"), (3, "unchanged")]
    shown = (await hours.get("/v1/imports/second")).json()
    assert shown["reversal"] is not None
    assert [row["taken_back"] for row in shown["rows"]] == ["restored", "removed"]
    again = await take_back(hours, "second")
    assert (again.status_code, again.json()["code"]) == (409, "import.reversed")
    assert told(await send(hours, changed.replace(OTHER, ""))) == [(2, "changed"), (3, "citizen_id.taken")]
    assert await world.rebuild("hours") == []


async def test_what_was_built_on_an_import_is_left_and_named(world: World) -> None:
    hours = await world.serve("hours", HOURS_PERSON_KEYS=KEYS)
    rows = "teacher,name,school,citizen_id\nT1,林晓,S01,\nT2,何子墨,S01,\nT3,王芳,S01,\nT4,李雷,S01,\n"
    await enrol(hours, "T4", citizen_id=ONE)
    await send(hours, rows.replace("李雷,S01,", f"李雷,S01,{OTHER}"), headers={"Idempotency-Key": "roster"})
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "8"))
    await enrol(hours, "T2", school="S03")
    await enrol(hours, "T5", citizen_id=ONE)
    assert undone(await take_back(hours, "roster")) == {
        "T1": "teacher.has_history",
        "T2": "teacher.changed_since",
        "T3": "removed",
        "T4": "citizen_id.taken",
    }
    assert (await total(hours, "T1"))["professional"] == "8.00"
    assert [row[0] for row in await people(world)] == ["T1", "T2", "T4", "T5"]
    assert await world.rebuild("hours") == []


async def test_who_made_an_import_or_the_operator_takes_it_back(world: World) -> None:
    hours = await world.serve("hours")
    made = calling("school:S01")
    await send(hours, "teacher,name,school\nT1,林晓,S01\n", headers={"Idempotency-Key": "roster", **made})
    other = calling("school:S02")
    for number in ("nothing", "roster"):  # whether there is one, others do not learn
        refused = await take_back(hours, number, **other)
        assert (refused.status_code, refused.json()["code"]) == (404, "import.unknown")
    assert (await hours.get("/v1/teachers/T1")).status_code == 200
    assert undone(await take_back(hours, "roster", **made)) == {"T1": "removed"}
    assert (await hours.get("/v1/teachers/T1")).status_code == 404
    assert told(await send(hours, "teacher,name,school\nT1,林晓,S01\n")) == [(2, "registered")]
    assert await world.rebuild("hours") == []


async def test_who_was_removed_is_judged_no_more(world: World) -> None:
    hours, verification = await world.serve("hours"), await world.serve("verification")
    await enrol(hours, "T9")
    await send(hours, "teacher,name,school\nT1,林晓,S01\n", headers={"Idempotency-Key": "roster"})
    await world.heard("verification", "hours")
    await take_back(hours, "roster")
    await world.heard("verification", "hours")
    run = {"year": 2024, "scope": {"kind": "teacher", "id": "T1"}}
    asked = await verification.post("/v1/runs", json=run, headers={"Idempotency-Key": "run"})
    assert (asked.status_code, asked.json()["code"]) == (404, "scope.unknown")
    assert await world.rebuild("verification") == []
