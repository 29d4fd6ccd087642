"""Packs that count credits over HTTP: classes, declarations, lecturers, caps of years and of cycles."""

from pathlib import Path
from typing import Any

import httpx

from shared.policy import loader
from tests.integration.hours.acts import enrol, key
from tests.integration.hours.classes import CENTRE, approved, register, result, seat, today, valley
from tests.support.signing import calling
from tests.support.world import World

PACKS = Path(loader.__file__).with_name("packs")
SCHOOL = calling("school:S")
YEAR = today().year


def pack(name: str) -> dict[str, str]:
    return {"HOURS_PACK": str(PACKS / f"{name}.toml")}


async def why(hours: httpx.AsyncClient, event: str, language: str = "zh") -> dict[str, Any]:
    place = event.partition("/")[2]
    answer = await hours.get(f"/v1/entries/{place}/why", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def statement(hours: httpx.AsyncClient, teacher: str, year: int) -> dict[str, Any]:
    answer = await hours.get(f"/v1/teachers/{teacher}/statement", params={"year": year})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_hg_07_a_class_gives_credits_by_its_form_its_level_and_the_grade(world: World) -> None:
    hours = await valley(world, **pack("horgos"))
    of = {"source_rule": "HG-02.4", "category": "county_professional", "hours": "7.00"}
    await approved(hours, "K1", **of)
    assert await seat(hours, CENTRE, "K1", "T1", "T2") == ["enrolled", "enrolled"]
    unknown = {"teacher": "T1", "outcome": "passed", "grade": "优秀"}
    assert await result(hours, CENTRE, "K1", unknown) == ["grade.unknown"]
    assert await result(hours, CENTRE, "K1", {**unknown, "grade": "failed"}) == ["grade.disagrees"]
    good = {**unknown, "grade": "good"}
    assert await result(hours, CENTRE, "K1", good, {"teacher": "T2", "outcome": "failed"}) == [
        "passed",
        "failed",
    ]
    assert await register(hours, CENTRE, "K1") == ["class:K1/1/T1", "result.failed"]
    record = (await hours.get("/v1/records/class:K1/1/T1")).json()
    assert (record["hours"], record["credits"], record["counted"]) == ("7.00", "1.84", "1.84")
    assert record["details"] == {"grade": "good", "mode": "concentrated", "level": "district"}
    told = await why(hours, record["event"])
    assert told["words"] == (
        "centre:D 登记 class:K1/1/T1,按本项规则核定 7.00 学时,集中培训每 4 学时折算 1 学分,"
        "在基础学分上奖励 5%(县市级、良好),计 1.84 学分。"
    )
    assert told["arithmetic"][-2:] == ["1.75 + 1.75 × 0.05 = 1.8375", "1.8375 → 1.84"]
    assert "1.84 credits" in (await why(hours, record["event"], "en"))["words"]
    (line,) = (await statement(hours, "T1", YEAR))["items"]
    assert (line["hours"], line["held"], line["unit"]) == ("1.84", "7.00", "credit")
    assert (line["source"]["hours"], line["source"]["credits"]) == ("7.00", "1.84")
    assert line["balance"]["county_professional"] == "1.84"
    assert "学分" in (await why(hours, line["entry"]))["words"]
    table = (
        await hours.get(
            "/v1/teachers/T1/statement",
            params={"year": YEAR},
            headers={"Accept": "text/csv", "Accept-Language": "zh"},
        )
    ).text
    assert "计入学分" in table.splitlines()[0]
    rules = (await hours.get("/v1/rules")).json()
    assert (rules["unit"], [one["rule"] for one in rules["rewards"]]) == ("credit", ["HG-07", "HG-08"])
    assert await world.rebuild("hours") == []


def declared(number: str, rule: str, category: str, hours: str, **details: Any) -> dict[str, Any]:
    return {
        "declaration": number,
        "teacher": "T1",
        "year": 2024,
        "source_rule": rule,
        "category": category,
        "hours": hours,
        "activity": "自治区级骨干教师培训",
        "from": "2024-07-07",
        "to": "2024-07-11",
        "files": [],
        "details": details,
    }


async def decide(hours: httpx.AsyncClient, number: str, who: dict[str, str] = CENTRE) -> str:
    answer = await hours.post(
        "/v1/declarations/decisions",
        json={"decisions": [{"declaration": number, "verdict": "approve"}]},
        headers={**key(), **who},
    )
    (one,) = answer.json()["results"]
    return str(one["problem"]["code"] if "problem" in one else one["state"])


async def test_hg_08_declarations_say_form_and_level_and_lecturers_are_rewarded(world: World) -> None:
    hours = await valley(world, **pack("horgos"))

    async def declare(row: dict[str, Any]) -> tuple[int, Any]:
        answer = await hours.post("/v1/declarations", json=row, headers=SCHOOL)
        return answer.status_code, answer.json()

    lecturer = declared("A", "HG-16.2", "elective", "8", mode="concentrated", level="province")
    status, said = await declare({**lecturer, "details": {"mode": "concentrated"}})
    assert (status, said["code"]) == (422, "issuing_level.missing")
    assert [fault["path"] for fault in said["errors"]] == ["/details/level"]
    status, said = await declare({**lecturer, "details": {"mode": "by_post", "level": "province"}})
    assert (status, said["code"]) == (422, "mode.unknown")
    status, said = await declare(lecturer)
    assert (status, said["hours"], said["credits"]) == (201, "8.00", "6.00")
    assert await decide(hours, "A", SCHOOL) == "declaration.not_awaited", "HG-14: the city recognises"
    assert await decide(hours, "A") == "posted"
    study = declared(
        "B",
        "HG-09.1",
        "county_professional",
        "100",
        mode="online",
        programme="数学教育",
        approved_at="2024-01-15T09:00:00+08:00",
    )
    status, said = await declare(study)
    assert (status, said["code"]) == (422, "diploma.missing")
    status, said = await declare(
        declared("C", "HG-04", "elective", "40", mode="concentrated"),
    )
    assert (status, said["code"], said["clause"]) == (409, "rule.unregistered", "五(一)")
    total = (await statement(hours, "T1", 2024))["totals"]
    assert total["elective"] == "6.00"
    assert await world.rebuild("hours") == []


def study(number: str, year: int, hours: str) -> dict[str, Any]:
    return {
        "record": number,
        "teacher": "T1",
        "year": year,
        "source_rule": "WH-06.1",
        "category": "non_concentrated",
        "hours": hours,
        "activity": "研究生课程进修班",
        "from": f"{year}-05-02",
        "to": f"{year}-06-30",
    }


async def test_wh_06_five_a_year_and_twenty_a_cycle_whatever_is_taken_back(world: World) -> None:
    hours = await world.serve("hours", **pack("wuhan"))
    await enrol(hours, "T1")
    numbers = [f"R{year}" for year in (2012, 2008, 2009, 2010, 2011)]
    asked = [study(number, int(number[1:]), "120" if number == "R2008" else "100") for number in numbers]
    answer = await hours.post("/v1/records", json=asked)
    assert answer.json()["accepted"] == 5, answer.text

    async def counted(*more: str) -> list[str]:
        shown = [(await hours.get(f"/v1/records/{number}")).json() for number in (*numbers, *more)]
        return [one["counted"] for one in shown]

    assert await counted() == ["5.00", "5.00", "5.00", "5.00", "0.00"]
    last = (await hours.get("/v1/records/R2011")).json()
    assert (last["credits"], last["over_cap"], last["reason"]) == ("5.00", "5.00", "cycle_cap.reached")
    told = await why(hours, last["posting"])
    assert "2008 至 2012 年周期内此前已计入 20.00 学分,周期最高 20.00 学分" in told["words"]
    first = (await hours.get("/v1/records/R2008")).json()
    assert (first["credits"], first["over_cap"], first["reason"]) == ("6.00", "1.00", "cap.reached")

    smaller = {**study("R2009-1", 2009, "60"), "reason": "课时登记有误"}
    answer = await hours.post("/v1/records/R2009/correction", json=smaller, headers=key())
    assert (answer.status_code, answer.json()["credits"]) == (201, "3.00"), answer.text
    assert await counted("R2009-1") == ["5.00", "5.00", "0.00", "5.00", "5.00", "0.00"]
    answer = await hours.post("/v1/records/R2012/reversal", json={"reason": "重复登记"}, headers=key())
    assert answer.status_code == 201, answer.text
    assert await counted("R2009-1") == ["0.00", "5.00", "0.00", "5.00", "5.00", "3.00"]
    totals = [
        (await statement(hours, "T1", year))["totals"]["non_concentrated"] for year in range(2008, 2013)
    ]
    assert totals == ["5.00", "3.00", "5.00", "5.00", "0.00"]
    assert await world.rebuild("hours") == []
