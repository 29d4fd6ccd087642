"""Scenario 5 through a school's plan: what the centre sent back is handed in again in time, or too late."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.policy.calendar import day_of
from shared.runtime import clock
from tests.e2e.test_scenarios import happy_records
from tests.integration.hours.acts import key
from tests.integration.hours.test_organisations import WHOLE, post
from tests.support.city import City
from tests.support.deadlines import graced
from tests.support.deeds import person, record
from tests.support.signing import calling, signed
from tests.support.world import World

SCHOOL, CENTRE, OPERATOR = (
    calling("school:S"),
    signed("district_centre@district:D"),
    calling("operator:local"),
)
REVIEWED = 'through = "plan"', 'through = "plan"\nreviewers = ["centre"]'
YEAR = day_of(clock.now()).year - 1
PLAN = {
    "plan": "P",
    "school": "S",
    "year": YEAR,
    "rule": "GZ-HR-3.02",
    "title": "校本研修计划",
    "themes": [{"title": "课堂观察与评价", "hours": "10", "from": f"{YEAR}-03-31", "to": f"{YEAR}-10-31"}],
}


async def do(hours: httpx.AsyncClient, what: str, who: dict[str, str], **body: Any) -> dict[str, Any]:
    """An act about the plan; the answer, whose first row alone is told where it has rows."""
    answer = await hours.post(f"/v1/plans/P/{what}", json=body, headers={**key(), **who})
    assert answer.is_success, answer.text
    said: dict[str, Any] = answer.json()
    return said["results"][0] if said.get("results") else said


async def hand_in(hours: httpx.AsyncClient, amount: str) -> str:
    row = {"teacher": "T1", "hours": amount, "grade": "passed"}
    return str((await do(hours, "results", SCHOOL, results=[row]))["outcome"])


@pytest.mark.long
async def test_scenario_5_a_returned_result_of_a_plan_is_handed_in_again_in_the_days_of_grace_and_not_after(
    world: World, tmp_path: Path
) -> None:
    open_pack, closed_pack = graced(tmp_path, 1, REVIEWED), graced(tmp_path, -1, REVIEWED)
    city = await City.serve(world, HOURS_PACK=open_pack)
    await post(city.hours, *WHOLE)
    await city.enrol(person("T1", school="S", district=""))
    *others, _, xuexi = happy_records("T1", YEAR)
    await city.register(*others, record("online", "T1", "GZ-HR-2.01", "34", YEAR), xuexi)
    assert (await city.hours.post("/v1/plans", json=PLAN)).is_success
    for step in ("submission", "approval"):
        await do(city.hours, step, OPERATOR, at=f"{YEAR}-01-08T10:00:00+08:00")
    assert await hand_in(city.hours, "9.5") == "taken"
    short = await do(city.hours, "registration", CENTRE)
    await world.heard("verification", "hours")
    await city.verify(YEAR)
    assert (await city.result("T1", YEAR))["shortfall"] == {"elective": "0.50"}
    sent_back = await city.hours.post(
        f"/v1/records/{short['record']}/reversal", json={"reason": "请补签到"}, headers={**key(), **CENTRE}
    )
    assert sent_back.is_success, sent_back.text
    for pack, status, outcome in ((closed_pack, 409, "fail"), (open_pack, 201, "pass")):
        await world.stop("hours")
        hours = await world.serve("hours", HOURS_PACK=pack)
        taken = [await hand_in(hours, "10")]
        await do(hours, "return", CENTRE, reason="请附考勤")
        taken.append(await hand_in(hours, "10"))
        assert taken == ["changed" if status == 409 else "unchanged", "unchanged"]
        registered = await do(hours, "registration", CENTRE)
        assert registered["status"] == status, registered
        await world.heard("verification", "hours")
        assert (await city.result("T1", YEAR))["outcome"] == outcome
        if status == 409:
            assert registered["problem"]["code"] == "registration.late"
            await do(hours, "return", CENTRE, reason="逾期")
    assert (await city.certificate("T1", YEAR))["version"] == 1
