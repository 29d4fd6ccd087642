"""Ids with slashes over HTTP: classes, plans and records are opaque, and each finds its own."""

from typing import Any
from urllib.parse import quote

import httpx

from tests.integration.hours import plans
from tests.integration.hours import test_waivers as waivers
from tests.integration.hours.acts import key, record
from tests.integration.hours.acts import register as chosen
from tests.integration.hours.classes import CENTRE, approved, result, seat, send
from tests.integration.hours.plans import OPERATOR, town
from tests.integration.hours.test_appeals import appeal
from tests.support.signing import calling
from tests.support.world import World


async def found(hours: httpx.AsyncClient, address: str) -> Any:
    answer = await hours.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_class_a_plan_and_a_record_are_found_whatever_they_are_called(world: World) -> None:
    hours = await town(world)
    numbers = {"K1": "class:K1/1/T1", "K1/1": "class:K1%2F1/1/T1", "declaration": "class:declaration/1/T1"}
    for number, made in numbers.items():
        escaped = quote(number, safe="")
        await approved(hours, number)
        assert await seat(hours, CENTRE, escaped, "T1") == ["enrolled"]
        assert await result(hours, CENTRE, escaped, {"teacher": "T1", "outcome": "passed"}) == ["passed"]
        _, said = await send(hours, CENTRE, f"/{escaped}/registration", None)
        (one,) = said["results"]
        assert (one["record"], one["status"]) == (made, 201)
        assert (await found(hours, one["href"]))["matter"] == f"class:{number}"
        assert (await found(hours, f"/v1/classes/{escaped}"))["class"] == number
        listed = (await found(hours, f"/v1/classes/{escaped}/seats"))["items"]
        assert [(row["teacher"], row["registered"]) for row in listed] == [("T1", True)]
        back = await hours.post(
            f"{one['href']}/reversal", json={"reason": "登记有误"}, headers={**CENTRE, **key()}
        )
        assert back.status_code == 201, back.text
        called_off = await send(hours, CENTRE, f"/{escaped}/cancellation", {"reason": "报名人数不足"})
        assert called_off[0] == 200
    await plans.approved(hours, "S/2024")
    assert await plans.hand_in(hours, "S/2024", ("T1", "8", "passed")) == ["taken"]
    (row,) = (await plans.register(hours, "S/2024"))["results"]
    assert row["record"] == "plan:S%2F2024/1/T1"
    assert (await found(hours, f"/v1/records/{quote(row['record'], safe='')}"))["matter"] == "plan:S/2024"
    assert (await found(hours, "/v1/plans/S%2F2024"))["state"] == "registered"
    (own,) = await chosen(hours, record("declaration/A", "T2", "GZ-HR-2.02", "8"))
    await plans.reverse(hours, quote(own["record"], safe=""), OPERATOR)
    assert (await found(hours, own["href"]))["state"] == "reversed"
    own = calling("teacher:T1")
    for way, body in (("waivers", waivers.ASK), ("appeals", {"matter": "record:x", "grounds": "有误"})):
        hidden = await hours.post(f"/v1/{way}", json=body, headers={**own, "Idempotency-Key": "x/items"})
        assert (hidden.status_code, hidden.json()["code"]) == (422, "id.hidden")
    assert await world.rebuild("hours") == []


async def test_a_seat_is_one_matter_whichever_way_its_class_is_written(world: World) -> None:
    hours = await town(world)
    await approved(hours, "50%")
    assert await seat(hours, CENTRE, "50%25", "T1") == ["enrolled"]
    assert await result(hours, CENTRE, "50%25", {"teacher": "T1", "outcome": "failed"}) == ["failed"]
    assert await appeal(hours, "a", "class:50%/T1") == "open"
    assert await appeal(hours, "b", "class:50%25/T1") == "appeal.open"
    assert (await found(hours, "/v1/appeals/a"))["matter"] == "class:50%25/T1"
    assert await world.rebuild("hours") == []
