"""Services with a process for requests and one for work: either may be killed, and the other goes on."""

import httpx
import pytest

from tests.support.deeds import workshop
from tests.support.processes import Processes
from tests.support.world import until

TEACHERS = [f"T{n:02}" for n in range(64)]


@pytest.mark.long
async def test_either_process_may_be_killed_and_the_other_goes_on(processes: Processes) -> None:
    await processes.start("points/requests", "points/work", "hours/requests", "hours/work")
    points, hours = processes.clients["points/requests"], processes.clients["hours/requests"]

    await processes.kill("points/work")
    for teacher in TEACHERS:
        sent = await points.post("/v1/activities", json=workshop(teacher, teacher, "2024-03-01"))
        assert sent.json()["refused"] == 0
    ordered = await points.post("/v1/years/2024/close", headers={"Idempotency-Key": "close"})
    assert (ordered.status_code, ordered.json()["state"]) == (202, "closing")

    await processes.start("points/work")
    await processes.kill("points/requests")

    async def heard_of_the_closing() -> bool:
        return bool((await hours.get("/v1/years/2024")).json()["missing"] == [])

    await until(heard_of_the_closing)
    await processes.start("points/requests")
    assert (await points.get("/v1/years/2024")).json()["state"] == "closed"
    assert await balances(points) == {0}
    for service in ("points", "hours"):
        code, said = await processes.command(service, "rebuild")
        assert code == 0, said


async def balances(points: httpx.AsyncClient) -> set[int]:
    listed = await points.get("/v1/accounts", params={"year": 2024, "limit": 1000})
    items = listed.json()["items"]
    assert len(items) == len(TEACHERS)
    return {item["balance"] for item in items}
