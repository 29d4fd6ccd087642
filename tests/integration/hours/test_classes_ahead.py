"""Classes in what people ask ahead: which ones have a seat for a teacher, and until when a school enrols."""

from typing import Any

from tests.integration.hours.classes import CENTRE, approved, later, propose, seat, today, valley
from tests.support.signing import calling
from tests.support.world import World

YEAR = int(later()["closes"][:4])
"""Of the classes that are to come."""


async def test_a_class_with_a_seat_is_a_way_and_its_last_day_is_on_the_radar(
    world: World,
) -> None:
    hours = await valley(world)
    soon = {**later(), "enrol_by": today().isoformat()}
    await approved(hours, "OPEN", **soon, capacity=1)
    await approved(hours, "FULL", **soon, capacity=1)
    assert await seat(hours, CENTRE, "FULL", "T3") == ["enrolled"]
    assert await propose(hours, CENTRE, "PROPOSED", **soon) == (201, "proposed")

    async def offered(teacher: str, **asked: Any) -> dict[str, Any]:
        params = {"year": YEAR, **asked}
        answer = await hours.get(f"/v1/teachers/{teacher}/outlook", params=params)
        assert answer.status_code == 200, answer.text
        return {way["class"]: way for way in answer.json()["ways"] if way["kind"] == "class"}

    found = await offered("T1")
    assert found.keys() == {"OPEN"}
    told = {name: found["OPEN"][name] for name in ("category", "hours", "enrol_by", "enrolled", "href")}
    assert told == {
        "category": "professional",
        "hours": "16.00",
        "enrol_by": today().isoformat(),
        "enrolled": False,
        "href": "/v1/classes/OPEN",
    }
    assert (await offered("T4")) == {}, "a class of another district is nobody's way there"
    assert await seat(hours, CENTRE, "OPEN", "T1") == ["enrolled"]
    assert (await offered("T1"))["OPEN"]["enrolled"] is True
    assert await offered("T2") == {}, "it is full now"
    plan = (await hours.get("/v1/teachers/T1/outlook", params={"year": YEAR})).json()["plan"]
    assert {"kind": "class", "of": "OPEN", "hours": "16.00"}.items() <= plan["steps"][0].items()
    radar = {}
    for caller in ("school:S", "school:F"):
        answer = await hours.get("/v1/outlook/summary", params={"year": YEAR}, headers=calling(caller))
        radar[caller] = answer.json()["enrolment"]
    assert radar == {
        "school:S": {"professional": {"classes": 2, "enrol_by": today().isoformat()}},
        "school:F": {},
    }
