"""The points service killed while it writes: what it acknowledged stands, sending again is safe."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.integration.points import year
from tests.integration.points.reading import account, ask, awards, close, document, order_closing
from tests.support.deeds import workshop
from tests.support.processes import Processes
from tests.support.world import until
from tests.unit.points import reference
from tests.unit.points.counting import GUANGZHOU


async def _further(acknowledged: set[int], wanted: int, sending: "asyncio.Future[Any]") -> bool:
    return len(acknowledged) >= wanted or sending.done()


@pytest.mark.long
async def test_killed_in_the_middle_of_intake_it_keeps_what_it_acknowledged(
    processes: Processes,
) -> None:
    given = year.acts(4)
    requests = [[document(act) for act in request] for request in year.arriving(4, given)]
    await processes.start("points")
    points = processes.clients["points"]
    acknowledged: set[int] = set()

    async def send(numbers: list[int]) -> None:
        for number in numbers:
            try:
                answer = await points.post("/v1/activities", json=requests[number])
            except httpx.TransportError:
                continue
            assert answer.status_code == 200, answer.text
            acknowledged.add(number)

    sending = asyncio.gather(*(send(list(range(n, len(requests), 4))) for n in range(4)))
    for _ in range(2):
        seen = len(acknowledged)
        await until(lambda seen=seen: _further(acknowledged, seen + 6, sending))
        await processes.kill("points")
        await processes.start("points")
    await sending
    again = [(await points.post("/v1/activities", json=rows)).json() for rows in requests]
    assert all(answer["refused"] == 0 for answer in again)
    for number in acknowledged:
        assert again[number]["accepted"] == 0, "what was acknowledged stands"
    expected = await asyncio.to_thread(reference.awards, given, GUANGZHOU)
    assert await awards(points, 2024, 2025) == expected
    status, said = await processes.command("points", "rebuild")
    assert status == 0, said


@pytest.mark.long
async def test_killed_while_a_year_is_closed_it_closes_the_rest(processes: Processes) -> None:
    await processes.start("points")
    points = processes.clients["points"]
    for n in range(12):
        rows = workshop(f"w{n}", f"T{n}", "2024-05-01")
        assert (await points.post("/v1/activities", json=rows)).json()["accepted"] == 2
    assert (await ask(points, "x", 3)).status_code == 202
    assert (await order_closing(points, 2024)).status_code == 202
    await processes.kill("points")
    await processes.start("points")
    await close(points)
    assert (await ask(points, "x", 3)).headers["Idempotent-Replayed"] == "true"
    for n in range(12):
        assert (await account(points, f"T{n}", 2024))[3] == 0
    statement = (await points.get("/v1/teachers/T1/statement")).json()["items"]
    assert [line["type"] for line in statement].count("points.expired.v1") == 1
    status, said = await processes.command("points", "rebuild")
    assert status == 0, said


@pytest.mark.long
async def test_a_stream_that_is_killed_may_be_sent_again(processes: Processes) -> None:
    await processes.start("points")
    points = processes.clients["points"]
    given = year.acts(5)
    body = b"".join(json.dumps(document(act)).encode() + b"\n" for act in given)
    headers = {"content-type": "application/x-ndjson"}
    first = asyncio.create_task(points.post("/v1/activities", content=body, headers=headers))

    async def begun() -> bool:
        seen = (await points.get("/v1/accounts", params={"year": 2024})).json()["items"]
        return bool(seen) or first.done()

    await until(begun)
    await processes.kill("points")
    await asyncio.gather(first, return_exceptions=True)
    await processes.start("points")
    answer = await points.post("/v1/activities", content=body, headers=headers)
    assert {json.loads(line)["status"] for line in answer.text.splitlines()} == {201}
    expected = await asyncio.to_thread(reference.awards, given, GUANGZHOU)
    assert await awards(points, 2024, 2025) == expected
