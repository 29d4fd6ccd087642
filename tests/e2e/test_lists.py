"""Lists go on where the page before ended: at every limit, at an exact end, beyond the ten thousandth row."""

from typing import Any

import httpx
import pytest

from tests.support.city import City
from tests.support.deeds import act, person, record
from tests.support.world import World

MANY = 10_001


async def read(client: httpx.AsyncClient, path: str, limit: int, **wanted: Any) -> list[list[dict[str, Any]]]:
    """All pages of a list."""
    pages: list[list[dict[str, Any]]] = []
    cursor: str | None = None
    while True:
        asked = {**wanted, "limit": limit} | ({} if cursor is None else {"cursor": cursor})
        answer = await client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json()["items"])
        cursor = answer.json()["next"]
        if cursor is None:
            return pages


async def hold(client: httpx.AsyncClient, path: str, count: int, **wanted: Any) -> None:
    """The same rows whatever the limit; a page that ends the list exactly is the last one."""
    [whole] = await read(client, path, 1000, **wanted)
    assert len(whole) == count, path
    for limit in (1, count - 1, count, count + 1):
        pages = await read(client, path, limit, **wanted)
        assert [row for page in pages for row in page] == whole, f"{path} {limit}"
        assert [len(page) for page in pages[:-1]] == [limit] * (len(pages) - 1), f"{path} {limit}"
        assert pages[-1], f"{path} {limit}: an empty page at the end"


async def test_every_list_is_the_same_at_every_limit(world: World) -> None:
    city = await City.serve(world)
    teachers = [f"T{n}" for n in range(5)]
    await city.enrol(*(person(teacher) for teacher in teachers))
    for teacher in teachers:
        for n in range(2):
            founded = act(
                "workshop.founded",
                teacher,
                f"2024-03-0{n + 1}T09:00:00+08:00",
                f"{teacher}-{n}",
                workshop=f"{teacher}-{n}",
            )
            await city.do(founded)
        await city.exchange(f"x-{teacher}", teacher, "professional", 1, "2024-06-01T09:00:00+08:00")
        await city.register(
            record(f"{teacher}-p", teacher, "GZ-HR-1.01", "30"),
            record(f"{teacher}-f", teacher, "GZ-HR-2.01", "42"),
            record(f"{teacher}-e", teacher, "GZ-HR-3.01", "18"),
        )
    for key in "abcde":
        await city.verify(2024, key=key)
    for teacher in teachers:
        await city.certificate(teacher, 2024)
    await hold(city.points, "/v1/awards", 10, year=2024)
    await hold(city.points, "/v1/accounts", 5, year=2024)
    await hold(city.points, "/v1/exchanges", 5, year=2024)
    await hold(city.points, "/v1/teachers/T1/statement", 3)
    await hold(city.hours, "/v1/teachers", 5)
    await hold(city.hours, "/v1/totals", 5, year=2024)
    await hold(city.hours, "/v1/teachers/T1/statement", 5, year=2024)
    await hold(city.verification, "/v1/runs", 5)
    await hold(city.verification, "/v1/results", 5, year=2024)
    await hold(city.certificates, "/v1/certificates", 5)
    for client, path in (
        (city.points, "/v1/awards"),
        (city.hours, "/v1/totals"),
        (city.certificates, "/v1/certificates"),
    ):
        wrong = await client.get(path, params={"year": 2024, "cursor": "rubbish"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "cursor.invalid")
        for limit in (0, 1001):
            refused = await client.get(path, params={"year": 2024, "limit": limit})
            assert (refused.status_code, refused.json()["code"]) == (422, "body.invalid")


@pytest.mark.long
async def test_lists_go_on_beyond_the_ten_thousandth_row(world: World) -> None:
    points, hours = await world.serve("points"), await world.serve("hours")
    acts = [
        act("workshop.founded", f"T{n:05}", "2024-03-01T09:00:00+08:00", f"f{n}", workshop=f"w{n}")
        for n in range(MANY)
    ]
    people = [person(f"T{n:05}") for n in range(MANY)]
    for start in range(0, MANY, 2000):
        taken = await points.post("/v1/activities", json=acts[start : start + 2000])
        assert taken.json()["refused"] == 0
        listed = await hours.post(
            "/v1/roster",
            json={"teachers": people[start : start + 2000]},
            headers={"Idempotency-Key": f"r{start}"},
        )
        assert listed.json()["refused"] == 0
    everybody = [one["teacher"] for one in people]
    for client, path in (
        (points, "/v1/accounts"),
        (points, "/v1/awards"),
        (hours, "/v1/totals"),
        (hours, "/v1/teachers"),
    ):
        pages = await read(client, path, 1000, **({} if path == "/v1/teachers" else {"year": 2024}))
        assert [len(page) for page in pages] == [1000] * 10 + [1], path
        assert sorted(row["teacher"] for page in pages for row in page) == everybody, path
