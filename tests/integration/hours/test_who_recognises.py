"""WH-09, HB-02 and HB-03 over HTTP: who registers and who recognises is a matter of level, and never one."""

from pathlib import Path

from tests.integration.hours.acts import enrol, key, total
from tests.integration.hours.packs import WUHAN_AND_HUBEI, pack_file
from tests.integration.hours.test_declarations import (
    CENTRE,
    CITY_CENTRE,
    DEPARTMENT,
    SCHOOL_OF,
    TEACHER,
    decide,
    declaration,
    declare,
    queue,
    village,
)
from tests.integration.hours.test_transfers import MOVING
from tests.support.signing import calling
from tests.support.world import World


async def test_wh_09_what_a_school_registers_the_district_recognises(world: World, tmp_path: Path) -> None:
    hours = await village(world, HOURS_PACK=pack_file(tmp_path, WUHAN_AND_HUBEI))
    district, city = declaration("D", "WH-09.3", hours="8"), declaration("C", "WH-09.2", hours="6")
    assert await declare(hours, district) == (403, "registrar.not_allowed"), "nor a teacher"
    assert await declare(hours, district, SCHOOL_OF) == (201, "declared")
    assert await decide(hours, SCHOOL_OF, "D") == "declaration.not_awaited"
    assert await decide(hours, CITY_CENTRE, "D") == "declaration.not_awaited"
    assert await declare(hours, {**district, "declaration": "M"}, SCHOOL_OF) == (201, "declared")
    assert await decide(hours, CENTRE, "D") == "posted"
    assert await declare(hours, city, DEPARTMENT) == (201, "declared")
    assert [await queue(hours, who) for who in (CENTRE, CITY_CENTRE)] == [["M"], ["C"]]
    assert await decide(hours, CENTRE, "C") == "declaration.not_awaited"
    assert await decide(hours, CITY_CENTRE, "C") == "posted"
    assert (await total(hours, "T1"))["professional"] == "14.00"
    there = calling("school:F")
    await hours.post("/v1/transfers", json=MOVING, headers={"Idempotency-Key": "m", **there})
    for caller in ("district:E", "school:S", "district:D"):
        await hours.post("/v1/transfers/m/approval", headers={**key(), **calling(caller)})
    assert await declare(hours, {**district, "declaration": "N"}, SCHOOL_OF) == (422, "teacher.unknown")
    assert await decide(hours, calling("centre:E"), "M") == "posted", "registered where the work was done"


async def test_hb_02_each_level_registers_its_own_and_hb_03_a_degree_its_stage(
    world: World, tmp_path: Path
) -> None:
    hours = await village(world, HOURS_PACK=pack_file(tmp_path, WUHAN_AND_HUBEI))
    county = declaration("H", "HB-02.3", hours="8")
    assert await declare(hours, county, SCHOOL_OF) == (403, "registrar.not_allowed")
    assert await declare(hours, county, CENTRE) == (201, "posted")
    low = declaration("L", "HB-03.4", details={"degree": "专科"})
    assert await declare(hours, low) == (409, "degree.below_floor")
    assert await declare(hours, {**low, "details": {"degree": "硕士"}}) == (422, "degree.unknown")
    assert await declare(hours, {**low, "details": None}) == (422, "degree.missing")
    assert await declare(hours, {**low, "details": {"degree": "本科"}}) == (201, "declared")
    await enrol(hours, "T2", school="S", district="", stage="幼儿园")
    kindergarten = {**low, "declaration": "K", "teacher": "T2"}
    assert await declare(hours, kindergarten, calling("teacher:T2")) == (201, "declared")
    for stage, number in (("初中", "J"), ("高中", "G")):
        await enrol(hours, "T2", school="S", district="", stage=stage)
        secondary = {**low, "declaration": number, "teacher": "T2", "activity": f"{stage}教师的学历教育"}
        below, enough = ({**secondary, "details": {"degree": degree}} for degree in ("本科", "研究生"))
        assert await declare(hours, below, calling("teacher:T2")) == (409, "degree.below_floor"), stage
        assert await declare(hours, enough, calling("teacher:T2")) == (201, "declared"), stage
    await enrol(hours, "T1", school="S", district="", stage="特殊教育")
    assert await declare(hours, {**low, "declaration": "M"}, TEACHER) == (409, "stage.without_floor")
