"""Plans of schools as tests send them: a town with its schools, and the steps of a plan."""

from collections.abc import Mapping
from typing import Any

import httpx

from shared.policy.calendar import CALENDAR_YEARS
from shared.runtime import clock
from tests.integration.hours.acts import enrol, key
from tests.integration.hours.test_organisations import WHOLE, post
from tests.integration.hours.test_transfers import FAR, NEAR, OTHER
from tests.support.signing import calling, signed
from tests.support.world import World

CITY_SCHOOL = {**NEAR, "organisation": "M", "name": "市第一中学", "parent": "C"}
DISTRICT, CITY = signed("district_centre@district:D"), signed("district_centre@city:C")
ELSEWHERE = signed("district_centre@district:E")
SCHOOL, OPERATOR = calling("school:S"), calling("operator:local")
AHEAD = CALENDAR_YEARS.of(clock.now()) + 1
PAST = 2024
THEMES = [
    {"title": "课堂观察与评价", "hours": "12", "from": f"{PAST}-03-31", "to": f"{PAST}-05-31"},
    {"title": "作业设计", "hours": "10", "from": f"{PAST}-09-01", "to": f"{PAST}-10-31"},
]
SUBMITTED, APPROVED = f"{PAST}-01-08T10:00:00+08:00", f"{PAST}-01-15T10:00:00+08:00"


def plan(number: str, school: str = "S", year: int = PAST, **changed: Any) -> dict[str, Any]:
    themes = [{**one, "from": f"{year}{one['from'][4:]}", "to": f"{year}{one['to'][4:]}"} for one in THEMES]
    made = {"plan": number, "school": school, "year": year, "rule": "GZ-HR-3.02", "title": "校本研修计划"}
    return {**made, "themes": themes, **changed}


async def draft(hours: httpx.AsyncClient, body: Mapping[str, Any], who: Mapping[str, str] = OPERATOR) -> Any:
    return code(await hours.post("/v1/plans", json=body, headers=dict(who)))


async def do(
    hours: httpx.AsyncClient, number: str, what: str, who: Mapping[str, str] = OPERATOR, **body: Any
) -> Any:
    """A step of a plan; the state after it, or the code of its refusal."""
    path = f"/v1/plans/{number}/{what}"
    return code(await hours.post(path, json=body, headers={**key(), **who}))


def code(answer: httpx.Response) -> Any:
    body = answer.json()
    return answer.status_code, body.get("code") or body.get("state") or body["plan"]


async def hand_in(
    hours: httpx.AsyncClient,
    number: str,
    *rows: tuple[str, str, str],
    who: Mapping[str, str] = SCHOOL,
    **query: str,
) -> list[Any]:
    """Results by teacher; what became of each."""
    results = [dict(zip(("teacher", "hours", "grade"), row, strict=True)) for row in rows]
    path = f"/v1/plans/{number}/results"
    answer = await hours.post(path, json={"results": results}, headers={**key(), **who}, params=query)
    assert answer.status_code == 200, answer.text
    return [one.get("outcome") or one["problem"]["code"] for one in answer.json()["results"]]


async def register(hours: httpx.AsyncClient, number: str, who: Mapping[str, str] = SCHOOL) -> Any:
    answer = await hours.post(f"/v1/plans/{number}/registration", headers={**key(), **who})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def reverse(hours: httpx.AsyncClient, record: str, who: Mapping[str, str]) -> None:
    address = f"/v1/records/{record}/reversal"
    back = await hours.post(address, json={"reason": "登记有误"}, headers={**key(), **who})
    assert back.status_code == 201, back.text


async def shown(hours: httpx.AsyncClient, number: str) -> Any:
    return (await hours.get(f"/v1/plans/{number}")).json()


async def town(world: World, **settings: str) -> httpx.AsyncClient:
    hours = await world.serve("hours", **settings)
    await settle(hours)
    return hours


async def settle(hours: httpx.AsyncClient) -> None:
    """Schools and who teaches there."""
    await post(hours, *WHOLE, OTHER, NEAR, FAR, CITY_SCHOOL)
    await enrol(hours, "T1", "T2", "T3", school="S", district="福田区")
    await enrol(hours, "T9", school="N", district="福田区")


async def approved(hours: httpx.AsyncClient, number: str = "P1") -> None:
    """A plan of a past year, as the operator takes it over."""
    assert await draft(hours, plan(number)) == (201, number)
    assert await do(hours, number, "submission", at=SUBMITTED) == (200, "submitted")
    assert await do(hours, number, "approval", at=APPROVED) == (200, "running")
