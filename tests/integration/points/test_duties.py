"""A process of a service may only answer requests, or only work; the two need nothing but their database."""

import httpx

from tests.integration.points.reading import ask, order_closing
from tests.support.deeds import workshop
from tests.support.world import World, until


def counted(world: World, query: str) -> int:
    return int(world.cluster.postgres.sql(query, world.databases["points"]))


def relayed(world: World) -> int:
    return counted(world, "select sum(seq) from relayed")


def left_to_relay(world: World) -> int:
    return counted(world, "select sum(part.seq - relayed.seq) from part join relayed using (partition)")


def works(world: World) -> set[str]:
    """What some copy does, or wants to: each has a session under the name of its lock."""
    query = (
        "select string_agg(distinct application_name, ' ') from pg_stat_activity"
        " where datname = current_database() and application_name like 'points.%'"
    )
    return set(world.cluster.postgres.sql(query, world.databases["points"]).split())


async def state_of_2024(points: httpx.AsyncClient) -> tuple[str, int]:
    shown = (await points.get("/v1/years/2024")).json()
    return shown["state"], shown["closed"]


async def test_who_only_answers_requests_leaves_all_work_to_others(world: World) -> None:
    points = await world.serve("points", DUTY="requests")
    await world.serve("hours")
    sent = await points.post("/v1/activities", json=workshop("w", "T1", "2024-05-01"))
    assert sent.json()["refused"] == 0
    assert (await order_closing(points, 2024)).status_code == 202
    await world.heard("hours", "points")  # over HTTP, which takes longer than any work would wait
    assert (await state_of_2024(points), relayed(world)) == (("closing", 0), 0)
    assert works(world) == {"points.lane"}


async def test_who_only_works_relays_consumes_and_closes_what_others_were_asked_for(world: World) -> None:
    points = await world.serve("points", DUTY="requests")
    await world.serve("hours")
    await points.post("/v1/activities", json=workshop("w", "T1", "2024-05-01"))
    assert (await ask(points, "x", 5)).json()["state"] == "pending"
    await world.beside("points", DUTY="work")

    async def answered() -> bool:
        return bool((await points.get("/v1/exchanges/x")).json()["state"] != "pending")

    async def closed() -> bool:
        return await state_of_2024(points) == ("closed", 32)

    async def all_relayed() -> bool:
        return left_to_relay(world) == 0

    await until(answered)
    assert (await order_closing(points, 2024)).status_code == 202
    await until(closed)
    await until(all_relayed)
    assert await world.rebuild("points") == []


async def test_who_only_works_says_whether_it_is_well_and_answers_nothing_else(world: World) -> None:
    worker = await world.beside("points", DUTY="work")
    for path in ("/livez", "/readyz"):
        assert (await worker.get(path)).status_code == 200
    for path in (
        "/v1/years/2024",
        "/v1/journal/heads",
        "/v1/positions",
        "/problems",
        "/openapi.json",
        "/docs",
    ):
        refused = await worker.get(path)
        assert (refused.status_code, refused.json()["code"]) == (404, "route.unknown")
    sent = await worker.post("/v1/activities", json=workshop("w", "T1", "2024-05-01"))
    assert (sent.status_code, sent.json()["code"]) == (404, "route.unknown")
