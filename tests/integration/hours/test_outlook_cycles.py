"""What several years still ask of a teacher where single years ask nothing, and what a course would bring."""

from decimal import Decimal
from typing import Any

import httpx

from tests.integration.hours.acts import enrol
from tests.integration.hours.classes import CENTRE, approved, seat, today, valley
from tests.integration.hours.test_credits import pack
from tests.integration.hours.test_what_if_credits import Row, registered
from tests.support.signing import calling
from tests.support.world import World

AT = "2025-06-15T09:00:00+08:00"


async def ask(hours: httpx.AsyncClient, what: str, year: int = 2025, **params: Any) -> dict[str, Any]:
    answer = await hours.get(
        f"/v1/teachers/T1/{what}", params={"year": year, "at": AT, **params}, headers=calling("teacher:T1")
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


CATEGORIES = {
    "HG-02.1": "prefecture_public",
    "HG-02.2": "prefecture_professional",
    "HG-02.3": "county_public",
    "HG-02.4": "county_professional",
    "HG-02.5": "digital_literacy",
    "HG-16.1": "elective",
    "HG-16.3": "school_based",
    "WH-06.1": "non_concentrated",
}
HAVE = {"HG-02.1": 20, "HG-02.2": 100, "HG-02.3": 40, "HG-02.4": 64}
"""Concentrated hours of 2024, of which four are a credit."""


def row(number: str, year: int, rule: str, hours: int, mode: str = "") -> Row:
    level = "district" if mode else ""
    return Row(number, "T1", year, rule, CATEGORIES[rule], Decimal(hours), mode, level)


async def horgos(world: World) -> httpx.AsyncClient:
    """A teacher with 56 required credits of 2024 and four electives of 2025."""
    hours = await world.serve("hours", **pack("horgos"))
    await enrol(hours, "T1")
    rows = [row(f"R-{rule}", 2024, rule, held, "concentrated") for rule, held in HAVE.items()]
    await registered(hours, [*rows, row("R-e", 2025, "HG-16.1", 16, "concentrated")])
    return hours


async def test_hg_01_what_is_missing_of_a_cycle_and_of_this_year_of_it(world: World) -> None:
    hours = await horgos(world)
    found = await ask(hours, "outlook")
    assert [found[name] for name in ("required", "waived", "missing", "plan", "carry_over")] == [None] * 5
    [cycle] = found["cycles"]
    assert (cycle["cycle"], cycle["first"], cycle["last"], cycle["outcome"]) == ("HG-01", 2024, 2028, "fail")
    # 56 of 60 required: 4 professional ones of the county and 10 of digital literacy are short
    assert cycle["missing"] == {
        "required": "4.00",
        "county": "4.00",
        "county_professional": "4.00",
        "digital_literacy": "10.00",
        "elective": "6.00",
        "school_based": "20.00",
        "total": "30.00",
    }
    [_, this] = cycle["years"]
    assert this == {"year": 2025, "counted": this["counted"],
        "missing": {"required": "12.00", "school_based": "4.00", "total": "14.00"}}  # fmt: skip
    assert found["words"] == [cycle["words"]]
    assert "2025 has less than a year should have, which decides nothing" in cycle["words"]
    assert "not everything that is asked is there as of 2025" in cycle["words"]
    assert {way["kind"] for way in found["ways"]} == {"rule"}
    everything = {"county_professional", "digital_literacy", "elective", "school_based", "prefecture_public"}
    assert everything <= {way["category"] for way in found["ways"]}, "any credit is of use"


async def test_hg_03_what_a_course_would_bring_is_what_it_brings(world: World) -> None:
    hours = await horgos(world)
    wishes = ["HG-02.4:80:concentrated", "HG-02.5:50:online", "HG-16.3:80"]
    found = await ask(hours, "what-if", earn=wishes)
    assert [(one["category"], one["asked"], one["counted"]) for one in found["lines"]] == [
        ("county_professional", "20.00", "20.00"),
        ("digital_literacy", "10.00", "10.00"),
        ("school_based", "16.00", "16.00"),
    ]
    stands, supposed = found["as_it_stands"], found["supposed"]
    assert [(side["missing"], side["met"]) for side in (stands, supposed)] == [(None, None)] * 2
    assert (stands["counted"]["total"], supposed["counted"]["total"]) == ("4.00", "50.00")
    [cycle] = supposed["cycles"]
    # 86 required, so 26 above 60: six stand in for electives, four for school-based ones
    assert (cycle["outcome"], cycle["missing"], cycle["counted"]["total"]) == ("pass", {}, "106.00")
    assert [(one["category"], one["amount"]) for one in cycle["filled"]] == [
        ("elective", "6.00"),
        ("school_based", "4.00"),
    ]
    assert cycle["short_years"] == [2024], "the year before had no electives; this one has enough"
    assert stands["cycles"] == (await ask(hours, "outlook"))["cycles"]

    plan = {"plan_approved_at": "2025-01-20T09:00:00+08:00"}
    school = {**row("R-s", 2025, "HG-16.3", 80).body, "details": plan}
    rows = [
        row("R-c", 2025, "HG-02.4", 80, "concentrated").body,
        row("R-d", 2025, "HG-02.5", 50, "online").body,
        school,
    ]
    answer = await hours.post("/v1/records", json=rows)
    assert answer.json()["refused"] == 0, answer.text
    became = await ask(hours, "what-if")
    assert became["as_it_stands"] == supposed, "what was supposed is what becomes of it"
    assert (await ask(hours, "outlook"))["ways"] == [], "nothing is of use any more"


async def test_hg_06_a_class_is_told_in_credits(world: World) -> None:
    hours = await valley(world, **pack("horgos"))
    year = today().year
    of = {"source_rule": "HG-02.4", "category": "county_professional", "hours": "40.00"}
    await approved(hours, "K1", **of)
    assert await seat(hours, CENTRE, "K1", "T1") == ["enrolled"]
    answer = await hours.get("/v1/teachers/T1/outlook", params={"year": year}, headers=calling("teacher:T1"))
    ways = [(way["kind"], way["category"], way["hours"]) for way in answer.json()["ways"]]
    assert ("class", "county_professional", "10.00") in ways


async def test_wh_06_a_study_is_supposed_under_its_caps(world: World) -> None:
    hours = await world.serve("hours", **pack("wuhan"))
    await enrol(hours, "T1")
    rows = [row(f"R{year}", year, "WH-06.1", 100) for year in range(2018, 2021)]
    await registered(hours, [*rows, row("R21", 2021, "WH-06.1", 80)])
    found = await ask(hours, "what-if", 2022, earn=["WH-06.1:200", "WH-09.1:160:concentrated"])
    assert [(one["asked"], one["counted"], one["reason"]) for one in found["lines"]] == [
        ("10.00", "1.00", "cap.reached"),
        ("20.00", "20.00", ""),
    ]
    [before], [after] = found["as_it_stands"]["cycles"], found["supposed"]["cycles"]
    assert before["missing"] == {"concentrated": "20.00", "non_concentrated": "1.00", "total": "21.00"}
    assert (after["outcome"], after["counted"]["total"]) == ("pass", "40.00")
    answer = await hours.get("/v1/teachers/T1/outlook", params={"year": 2007})
    assert (answer.status_code, answer.json()["code"]) == (422, "year.without_requirement")
