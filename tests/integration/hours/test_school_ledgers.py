"""The ledger of a school's year (台帐, HB-02) over HTTP: what it registered, and what its teachers have."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import httpx

from tests.integration.hours.acts import enrol, key, record, register
from tests.integration.hours.packs import WUHAN_AND_HUBEI, pack_file
from tests.integration.hours.test_declarations import SCHOOL_OF, village
from tests.integration.hours.test_transfers import MOVING
from tests.support.signing import calling
from tests.support.world import World

FORMULA, LONG = '=HYPERLINK("http://x","评课")', "441900000000000012"


async def listed(hours: httpx.AsyncClient, caller: str, school: str = "S", **wanted: str) -> list[str]:
    asked = {"school": school, "year": "2024", **wanted}
    answer = await hours.get("/v1/records", params=asked, headers=calling(caller))
    assert answer.status_code == 200, answer.text
    return [one["record"] for one in answer.json()["items"]]


async def test_hb_02_a_school_keeps_the_ledger_of_its_year(world: World, tmp_path: Path) -> None:
    hours = await village(world, HOURS_PACK=pack_file(tmp_path, WUHAN_AND_HUBEI))
    own = [
        record(LONG, "T1", "GZ-HR-2.01", "8", activity=FORMULA, source_rule="HB-02.4"),
        record("R2", "T2", "GZ-HR-2.01", "6", source_rule="HB-02.4"),
        record("R3", "T1", "GZ-HR-2.01", "4", source_rule="HB-02.4"),
    ]
    answer = await hours.post("/v1/records", json=own, headers=SCHOOL_OF)
    assert answer.json()["accepted"] == 3, answer.text
    await register(hours, record("R4", "T1", "GZ-HR-2.02", "8"), record("R5", "F1", "GZ-HR-2.02", "8"))
    await hours.post("/v1/records/R3/reversal", json={"reason": "登记有误"}, headers={**key(), **SCHOOL_OF})
    right = {**own[1], "record": "R2b", "hours": "7", "reason": "学时有误"}
    answer = await hours.post("/v1/records/R2/correction", json=right, headers={**key(), **SCHOOL_OF})
    assert answer.status_code == 201, answer.text
    assert (await hours.get("/v1/records/R2", headers=SCHOOL_OF)).json()["replacement"] == "R2b"
    await hours.post("/v1/transfers", json=MOVING, headers={"Idempotency-Key": "m", **calling("school:F")})
    for caller in ("district:E", "school:S", "district:D"):
        await hours.post("/v1/transfers/m/approval", headers={**key(), **calling(caller)})

    everything = [LONG, "R2", "R2b", "R3"]
    assert await listed(hours, "school:S") == everything, "T1 is gone, and what the school registered stays"
    assert await listed(hours, "district:D", state="registered") == [LONG, "R2b"]
    assert await listed(hours, "school:F", "F") == [LONG, "R3", "R4", "R5"], "all of who teaches there now"
    assert await listed(hours, "school:F") == [LONG, "R3"], "of others those within reach"
    assert await listed(hours, "school:M") == await listed(hours, "city:X") == []
    assert await listed(hours, "school:S", teacher="T2") == ["R2", "R2b"]
    assert await listed(hours, "school:S", year="2025") == []
    pages = [await hours.get("/v1/records", params={"school": "S", "year": 2024, "limit": 3})]
    more = {"school": "S", "year": 2024, "limit": 3, "cursor": pages[0].json()["next"]}
    pages.append(await hours.get("/v1/records", params=more))
    assert [one["record"] for each in pages for one in each.json()["items"]] == everything
    asked: dict[str, Any] = {"school": "S", "year": 2024, "format": "csv", "limit": 1}
    table = await hours.get("/v1/records", params=asked, headers={**SCHOOL_OF, "Accept-Language": "zh"})
    assert table.headers["content-type"].startswith("text/csv")
    head, *rows = csv.reader(StringIO(table.text.removeprefix("\ufeff")))
    assert head[:5] == ["登记编号", "教师编号", "规则", "科目类别", "登记学时"]
    first = dict(zip(head, rows[0], strict=True))
    assert (first["登记编号"], first["活动"], first["计入学时"]) == (f"'{LONG}", f"'{FORMULA}", "8.00")
    assert [dict(zip(head, row, strict=True))["更正为"] for row in rows] == ["", "R2b", "", ""]
    assert [row[0].strip("'") for row in rows] == everything, "the whole year, whatever the limit"
    assert await world.rebuild("hours") == []


async def test_who_reads_a_ledger_is_logged_of_whom(world: World) -> None:
    hours = await world.serve("hours")
    await enrol(hours, "T1")
    await register(hours, record("R1", "T1", "GZ-HR-2.02", "8"))
    asked: dict[str, Any] = {"school": "S01", "year": 2024, "format": "csv"}
    answer = await hours.get("/v1/records", params=asked, headers=calling("school:S01"))
    assert answer.status_code == 200, answer.text
    assert any(
        one["by"] == "school:S01" for one in (await hours.get("/v1/teachers/T1/reads")).json()["items"]
    )
