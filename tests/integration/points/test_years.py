"""Closing a year on real servers: against late acts, late rulings and exchanges, from where it stopped."""

import asyncio
from typing import Any

import httpx

from tests.integration.points.reading import account, ask, close, everything, order_closing
from tests.support.deeds import act, shared, topic, withdrawal, workshop
from tests.support.world import World


async def send(points: httpx.AsyncClient, *rows: dict[str, Any]) -> None:
    answer = await points.post("/v1/activities", json=list(rows))
    assert answer.json()["refused"] == 0, answer.text


async def test_what_is_left_expires_once_with_an_entry_that_says_why(
    points: httpx.AsyncClient, world: World
) -> None:
    await send(points, *workshop("w", "T1", "2024-05-01"))
    await ask(points, "x", 5)
    assert (await points.get("/v1/years/2024")).json()["state"] == "open"
    await close(points)
    replayed, again = await order_closing(points, 2024), await order_closing(points, 2024, "again")
    assert replayed.headers["Idempotent-Replayed"] == "true"
    assert again.json() | {"ordered_at": None} == {
        "year": 2024, "state": "closed", "ordered_at": None, "closed": 32, "partitions": 32,
    }  # fmt: skip
    assert await account(points, "T1", 2024) == (550, 500, 50, 0)
    statement = await everything(points, "/v1/teachers/T1/statement")
    assert [(line["type"], line["points"], line["balance"]) for line in statement] == [
        ("points.awarded.v1", 50, 50),
        ("points.awarded.v1", 500, 550),
        ("points.exchanged.v1", -500, 50),
        ("points.expired.v1", -50, 0),
    ]
    why = (await points.get(statement[-1]["why"], headers={"Accept-Language": "zh"})).json()
    assert "周期过后系统积分自动清零" in why["rules"][0]["words"]
    assert await world.rebuild("points") == []


async def test_a_year_that_is_not_over_is_not_closed(points: httpx.AsyncClient) -> None:
    refused = await order_closing(points, 2099)
    assert (refused.status_code, refused.json()["code"]) == (409, "year.not_over")


async def test_no_exchange_of_a_closed_year(points: httpx.AsyncClient) -> None:
    await send(points, *workshop("w", "T1", "2024-05-01"))
    await close(points)
    refused = await ask(points, "x", 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "exchange.year_closed")


async def test_the_year_ends_at_midnight_in_china(points: httpx.AsyncClient) -> None:
    last = "2024-12-31T15:59:59Z"
    await send(points, *topic("t", "T1", "2024-12-31T20:00:00+08:00", 10, last=last))
    await send(points, *topic("u", "T1", "2024-12-31T20:00:00+08:00", 10, last="2024-12-31T16:00:00Z"))
    for year in (2024, 2025):
        assert [item["points"] for item in await everything(points, "/v1/awards", year=year)] == [10]


async def test_a_late_act_is_awarded_and_expires_at_once(points: httpx.AsyncClient, world: World) -> None:
    await close(points)
    await send(points, act("workshop.founded", "T1", "2024-06-01T08:00:00+08:00", "late", workshop="w"))
    assert await account(points, "T1", 2024) == (50, 0, 50, 0)
    assert await world.rebuild("points") == []


async def test_a_late_ruling_shrinks_the_expiry_first(points: httpx.AsyncClient, world: World) -> None:
    await send(points, *(shared(f"r{n}", "T1", "2024-02-01") for n in range(5)))
    await send(points, shared("r5", "T1", "2024-02-02"), *workshop("w", "T1", "2024-05-01"))
    assert (await ask(points, "x", 6)).status_code == 202
    await close(points)
    assert await account(points, "T1", 2024) == (650, 600, 50, 0)
    await send(points, *(withdrawal(f"share-r{n}", "T1", "2025-01-05T08:00:00+08:00") for n in range(3)))
    assert await account(points, "T1", 2024) == (610, 600, 10, 0)
    await send(points, withdrawal("found-w", "T1", "2025-01-06T08:00:00+08:00"))
    assert (await account(points, "T1", 2024))[2:] == (0, -540)
    assert (await points.get("/v1/exchanges/x")).json()["hours_called_back"] == 0
    assert await world.rebuild("points") == []


async def test_closing_against_late_acts_rulings_and_exchanges_leaves_nothing_behind(
    points: httpx.AsyncClient, world: World
) -> None:
    teachers = [f"T{n:02}" for n in range(24)]
    for who in teachers:
        await send(points, *workshop(f"{who}-a", who, "2024-05-01"))

    async def late(who: str, n: int) -> None:
        await send(
            points, *workshop(f"{who}-{n}", who, "2024-06-01"), shared(f"{who}-{n}", who, "2024-06-01")
        )
        if n % 2:
            await send(points, withdrawal(f"share-{who}-{n}", who, "2024-06-02T08:00:00+08:00"))

    async def exchange(who: str, n: int) -> httpx.Response:
        return await ask(points, f"{who}-{n}", 1, teacher=who)

    work = [late(who, n) for n in range(3) for who in teachers]
    asked = [exchange(who, n) for n in range(3) for who in teachers]
    *answers, _ = await asyncio.gather(*asked, close(points), *work, return_exceptions=False)
    codes = {a.json().get("code") for a in answers if isinstance(a, httpx.Response) and a.status_code == 409}
    assert codes <= {"exchange.year_closed"}
    accounts = await everything(points, "/v1/accounts", year=2024)
    assert len(accounts) == len(teachers)
    for item in accounts:
        assert item["balance"] == 0
        assert item["earned"] == item["exchanged"] + item["expired"]
    for request in await everything(points, "/v1/exchanges", year=2024, state="pending"):
        _, partition, seq = request["event"].split("/")
        marks = (await points.get(f"/v1/journal/{partition}", params={"limit": 1000})).json()["items"]
        closed = next(event["seq"] for event in marks if event["type"] == "points.year_closed.v1")
        assert int(seq) < closed
    assert await world.rebuild("points") == []
