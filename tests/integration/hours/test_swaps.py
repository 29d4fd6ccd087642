"""Swaps of seats over HTTP: agreed to in turn before the class opens, and reported."""

from typing import Any

import httpx

from tests.integration.hours.acts import key
from tests.integration.hours.classes import CENTRE, CITY, approved, later, seat, valley
from tests.support.signing import calling
from tests.support.world import World

FORM = "0123456789abcdef" * 4


async def ask(client: httpx.AsyncClient, caller: str, swap: str, leaving: str, replacement: str) -> Any:
    body = {"class": "K1", "leaving": leaving, "replacement": replacement, "form": FORM}
    headers = {**calling(caller), "Idempotency-Key": swap}
    answer = await client.post("/v1/swaps", json=body, headers=headers)
    return answer.status_code, answer.json().get("code") or answer.json()["awaits"]


async def agree(client: httpx.AsyncClient, caller: str, swap: str, what: str = "approval") -> Any:
    answer = await client.post(f"/v1/swaps/{swap}/{what}", headers={**calling(caller), **key()})
    return answer.status_code, answer.json().get("code") or answer.json()["awaits"]


async def test_gz_lm_03_a_seat_changes_hands_when_all_agreed_and_it_was_reported(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1", **later(), capacity=1)
    assert await seat(hours, CENTRE, "K1", "T1", "T2") == ["enrolled", "waiting"]
    assert await ask(hours, "teacher:T1", "1", "T1", "T4") == (201, "school:S")
    assert await agree(hours, "school:F", "1") == (403, "swap.not_awaited")
    assert await agree(hours, "school:S", "1") == (200, "school:F")
    found = (await hours.get("/v1/swaps/1", headers=calling("teacher:T1"))).json()
    assert found["state"] == "pending", "without the consent of the replacement's unit"
    assert await agree(hours, "district:D", "1") == (403, "swap.not_awaited")
    assert await agree(hours, "school:F", "1") == (200, "district:D")
    assert await agree(hours, "district:D", "1") == (200, "district:E")
    assert await agree(hours, "district:E", "1") == (200, "city:C")
    assert await agree(hours, "city:C", "1", "refusal") == (409, "swap.reported")
    awaited = (await hours.get("/v1/swaps", params={"awaits": "city:C"}, headers=CITY)).json()["items"]
    assert [one["swap"] for one in awaited] == ["1"]
    assert await agree(hours, "city:C", "1") == (200, None)
    assert await agree(hours, "city:C", "1") == (409, "swap.over")
    listed = (await hours.get("/v1/classes/K1/seats")).json()["items"]
    assert {one["teacher"]: one["state"] for one in listed} == {
        "T1": "swapped",
        "T2": "waiting",
        "T4": "enrolled",
    }
    assert (await hours.get("/v1/swaps/1", headers=calling("school:N"))).status_code == 404
    assert await world.rebuild("hours") == []


async def test_gz_lm_03_one_authority_of_both_is_asked_once_and_may_refuse(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1", **later())
    await seat(hours, CENTRE, "K1", "T1", "T2")
    assert await ask(hours, "teacher:T3", "1", "T1", "T3") == (404, "seat.unknown"), "T1 is not T3's to swap"
    assert await ask(hours, "school:S", "1", "T1", "T2") == (409, "seat.taken")
    assert await ask(hours, "school:S", "1", "T1", "T9") == (422, "teacher.unknown")
    assert await ask(hours, "school:S", "1", "T1", "T3") == (201, "school:S")
    assert await ask(hours, "school:S", "2", "T2", "T3") == (409, "swap.pending")
    steps = [await agree(hours, caller, "1") for caller in ("school:S", "school:N", "district:D")]
    assert steps == [(200, "school:N"), (200, "district:D"), (200, "city:C")]
    assert await ask(hours, "school:S", "3", "T2", "T4") == (201, "school:S")
    assert await agree(hours, "school:S", "3", "refusal") == (200, None)
    assert (await hours.get("/v1/swaps/3")).json()["state"] == "refused"


async def test_gz_lm_03_on_the_day_of_opening_nobody_is_replaced(world: World) -> None:
    hours = await valley(world)
    await approved(hours, "K1")
    await seat(hours, CENTRE, "K1", "T1")
    assert await ask(hours, "school:S", "1", "T1", "T3") == (409, "class.begun")
