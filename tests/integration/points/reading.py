"""Reading the points service as the naive reference would write it down."""

from typing import Any

import httpx

from points.activities.domain.act import Act
from tests.support.world import until
from tests.unit.points.reference import Award


def document(act: Act) -> dict[str, Any]:
    """An act as the platform sends it."""
    return {
        "source": act.source,
        "id": act.id,
        "type": act.type,
        "teacher": act.teacher,
        "occurred_at": act.occurred_at.isoformat(),
        "object": dict(act.object),
    }


async def everything(client: httpx.AsyncClient, path: str, **wanted: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        params = {**wanted, "limit": 50} | ({} if cursor is None else {"cursor": cursor})
        answer = (await client.get(path, params=params)).raise_for_status().json()
        items += answer["items"]
        cursor = answer["next"]
        if cursor is None:
            return items


async def awards(client: httpx.AsyncClient, *years: int) -> list[Award]:
    """What stands, in the form of the reference."""
    items = [item for year in years for item in await everything(client, "/v1/awards", year=year)]
    return sorted(_award(item) for item in items)


def _award(item: dict[str, Any]) -> Award:
    return Award(
        teacher=item["teacher"],
        rule=item["rule"],
        year=item["year"],
        source=item["activity"]["source"],
        act=item["activity"]["id"],
        asked=item["asked"],
        points=item["points"],
    )


async def account(client: httpx.AsyncClient, teacher: str, year: int) -> tuple[int, int, int, int]:
    """Earned, exchanged, expired, balance."""
    for item in await everything(client, "/v1/accounts", year=year):
        if item["teacher"] == teacher:
            return item["earned"], item["exchanged"], item["expired"], item["balance"]
    return 0, 0, 0, 0


async def ask(
    client: httpx.AsyncClient, request: str, hours: Any, category: str = "professional", **more: Any
) -> httpx.Response:
    """Ask for an exchange of T1 in December 2024, unless told otherwise."""
    body = {
        "request": request,
        "teacher": "T1",
        "category": category,
        "hours": hours,
        "at": "2024-12-20T10:00:00+08:00",
        **more,
    }
    return await client.post("/v1/exchanges", json={name: v for name, v in body.items() if v is not None})


async def order_closing(client: httpx.AsyncClient, year: int, key: str = "close") -> httpx.Response:
    """Order the closing of a year."""
    return await client.post(f"/v1/years/{year}/close", headers={"Idempotency-Key": key})


async def close(client: httpx.AsyncClient, year: int = 2024) -> None:
    """Close a year and wait for the last partition."""
    ordered = await order_closing(client, year)
    assert ordered.status_code == 202, ordered.text

    async def done() -> bool:
        return bool((await client.get(f"/v1/years/{year}")).json()["state"] == "closed")

    await until(done)
