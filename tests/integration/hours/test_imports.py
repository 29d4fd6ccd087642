"""Rosters as files over HTTP: tried, taken, told line by line; what is hostile leaves nothing behind."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select, table

from shared.runtime.spreadsheets import CSV, XLSX
from tests.integration.hours.acts import enrol
from tests.integration.hours.test_persons import KEYS, ONE
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
    head = ("teacher", "name", "school", "joined_on", "citizen_id")
    for content, kind in (("\n".join(map(",".join, (head, *rows))), CSV), (workbook(head, *rows), XLSX)):
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


HOSTILE = [
    (GOOD.replace("林晓", "=HYPERLINK(1)").encode(), CSV, 422, "file.formula"),
    (workbook(["teacher", "name", "school"], ["T1", "=1+1", "S01"]), XLSX, 422, "file.formula"),
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
    refused = await send(hours, rows, headers={"Hourbank-Caller": "school:S02"})
    assert (refused.status_code, refused.json()["code"]) == (403, "import.other_school")
    assert [fault["path"] for fault in refused.json()["errors"]] == ["/2/school", "/3/school"]
    assert await stored(world) == before
    taken = await send(hours, rows, headers={"Hourbank-Caller": "school:S01"})
    assert told(taken) == [(2, "teacher.elsewhere"), (3, "registered")]
    assert (await hours.get("/v1/teachers/T9")).json()["school"] == "S02"
