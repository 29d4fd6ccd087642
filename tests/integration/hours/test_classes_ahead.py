"""Classes in what people ask ahead: which ones have a seat for a teacher, and until when a school enrols."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.integration.hours.acts import enrol
from tests.integration.hours.classes import (
    CENTRE,
    approved,
    later,
    pack,
    propose,
    register,
    result,
    seat,
    today,
    valley,
)
from tests.support.signing import calling
from tests.support.world import World

YEAR = int(later()["closes"][:4])
"""Of the classes that are to come."""


async def offered(hours: httpx.AsyncClient, teacher: str, **asked: Any) -> dict[str, Any]:
    """The classes among the ways of a teacher."""
    answer = await hours.get(f"/v1/teachers/{teacher}/outlook", params={"year": YEAR, **asked})
    assert answer.status_code == 200, answer.text
    return {way["class"]: way for way in answer.json()["ways"] if way["kind"] == "class"}


async def test_a_class_with_a_seat_is_a_way_and_its_last_day_is_on_the_radar(
    world: World,
) -> None:
    hours = await valley(world)
    soon = {**later(), "enrol_by": today().isoformat()}
    await approved(hours, "OPEN", **soon, capacity=1)
    await approved(hours, "FULL", **soon, capacity=1)
    assert await seat(hours, CENTRE, "FULL", "T3") == ["enrolled"]
    assert await propose(hours, CENTRE, "PROPOSED", **soon) == (201, "proposed")

    found = await offered(hours, "T1")
    assert found.keys() == {"OPEN"}
    told = {name: found["OPEN"][name] for name in ("category", "hours", "enrol_by", "enrolled", "href")}
    assert told == {
        "category": "professional",
        "hours": "16.00",
        "enrol_by": today().isoformat(),
        "enrolled": False,
        "href": "/v1/classes/OPEN",
    }
    assert (await offered(hours, "T4")) == {}, "a class of another district is nobody's way there"
    assert await seat(hours, CENTRE, "OPEN", "T1") == ["enrolled"]
    assert (await offered(hours, "T1"))["OPEN"]["enrolled"] is True
    assert await offered(hours, "T2") == {}, "it is full now"
    plan = (await hours.get("/v1/teachers/T1/outlook", params={"year": YEAR})).json()["plan"]
    assert {"kind": "class", "of": "OPEN", "hours": "16.00"}.items() <= plan["steps"][0].items()

    async def radar(caller: str, year: int = YEAR) -> Any:
        params: dict[str, Any] = {"year": year}
        answer = await hours.get("/v1/outlook/summary", params=params, headers=calling(caller))
        return answer.json()["enrolment"]

    assert await radar("school:S") == {}, "whoever enrols now waits"
    ahead = date(YEAR + 1, 3, 2).isoformat()
    await approved(hours, "NEXT", enrol_by=today().isoformat(), opens=ahead, closes=ahead)
    assert await radar("school:S") == {}, "its hours are of another year"
    coming = {"professional": {"classes": 1, "enrol_by": today().isoformat()}}
    assert await radar("school:S", YEAR + 1) == coming
    await approved(hours, "LAST", **later())
    await approved(hours, "FIRST", **soon, capacity=2)
    assert await radar("school:S") == {"professional": {"classes": 2, "enrol_by": today().isoformat()}}
    assert await radar("school:F") == {}, "of another district"


async def test_a_class_that_one_sits_in_stays_a_way_until_its_hours_are_registered(world: World) -> None:
    hours, year = await valley(world), today().year
    past = (today() - timedelta(days=1)).isoformat()
    await approved(hours, "PAST", enrol_by=past)
    await approved(hours, "TODAY")
    assert await seat(hours, CENTRE, "PAST", "T1", "T3") == ["enrolled"] * 2
    now: dict[str, Any] = {"year": year}
    over: dict[str, Any] = {"year": year, "at": f"{year + 1}-01-05T09:00:00+08:00"}
    for asked, wanted in ((now, {"PAST": True, "TODAY": False}), (over, {"PAST": True})):
        found = await offered(hours, "T1", **asked)
        assert {number: way["enrolled"] for number, way in found.items()} == wanted, asked
        plan = (await hours.get("/v1/teachers/T1/outlook", params=asked)).json()["plan"]
        assert (plan["steps"][0]["of"], plan["steps"][0]["hours"]) == ("PAST", "16.00"), (
            "nothing learned anew"
        )
    assert (await offered(hours, "T2", **now)).keys() == {"TODAY"}, "nobody enrols in it any more"
    results = [{"teacher": "T1", "outcome": "passed"}, {"teacher": "T3", "outcome": "failed"}]
    assert await result(hours, CENTRE, "PAST", *results) == ["passed", "failed"]
    assert (await offered(hours, "T1", **over)).keys() == {"PAST"}, "it awaits its registration"
    assert await offered(hours, "T3", **over) == {}, "whoever failed gets nothing out of it"
    assert await seat(hours, CENTRE, "TODAY", "T1") == ["enrolled"]
    assert await result(hours, CENTRE, "TODAY", results[0]) == ["passed"]
    for number in ("PAST", "TODAY"):
        await register(hours, CENTRE, number)
    assert await offered(hours, "T1", **now) == {}, "their hours are there"


async def test_no_seat_is_offered_that_would_be_refused_and_no_hour_above_the_cap(
    world: World, tmp_path: Path
) -> None:
    hours = await valley(
        world, HOURS_PACK=pack(tmp_path, "profile = ['title']", "cap = 20\nvocational_only = true")
    )
    fit = {"school": "S", "district": "", "title": "一级教师", "stage": "中职"}
    await enrol(hours, "T1", "T2", **fit)
    await enrol(hours, "T3", **{**fit, "stage": "小学"})
    await enrol(hours, "T5", **{**fit, "title": ""})
    for number, trainers in (("A", ["T2"]), ("B", []), ("C", [])):
        await approved(hours, number, **later(), enrol_by=today().isoformat(), trainers=trainers)

    async def ways(teacher: str) -> dict[str, str]:
        return {number: way["hours"] for number, way in (await offered(hours, teacher)).items()}

    assert await ways("T1") == {"A": "16.00", "B": "4.00"}, "the cap has no room for a third one"
    assert await ways("T2") == {"B": "16.00", "C": "4.00"}, "trainers take no seat"
    assert await ways("T3") == {}, "of vocational teachers only"
    assert await ways("T5") == {}, "not without a title"
    assert await seat(hours, CENTRE, "C", "T1", "T5") == ["enrolled", "profile.incomplete"]
    assert await ways("T1") == {"C": "16.00", "A": "4.00"}, "the seat that one has comes first"
    asked = await hours.get("/v1/teachers/T1/outlook", params={"year": YEAR})
    assert not [way for way in asked.json()["ways"] if way.get("rule") == "GZ-HR-2.02"], "nor has the rule"
