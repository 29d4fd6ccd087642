"""Any service may be killed at any moment: nothing is lost, nothing is done twice, nobody has to repair.

The processes are real and die by SIGKILL in the middle of the saga, of a run and of a batch of
certificates. Afterwards every projection is rebuilt from its journal and compared.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.support.city import SERVICES, City
from tests.support.deeds import person, record, workshop
from tests.support.processes import Processes
from tests.support.world import until

pytestmark = pytest.mark.long

LAST = "2024-12-31T23:59:59+08:00"
TEACHERS = [f"T{n:02}" for n in range(24)]


@pytest.fixture
async def city(processes: Processes) -> City:
    processes.settings["VERIFICATION_AUTHORITY"] = "local"
    await processes.start(*SERVICES)
    return City(**processes.clients)


async def enrolled(city: City) -> None:
    await city.enrol(*(person(teacher) for teacher in TEACHERS))
    for teacher in TEACHERS:
        await city.do(*workshop(f"{teacher}-a", teacher, "2024-03-01"))


async def ask_until_answered(processes: Processes, teacher: str) -> None:
    """As a client should: the same request again after a broken answer, until one comes."""
    body = {"request": f"x-{teacher}", "teacher": teacher, "category": "professional", "hours": 5, "at": LAST}

    async def accepted() -> bool:
        try:
            answer = await processes.clients["points"].post("/v1/exchanges", json=body)
        except httpx.HTTPError:
            return False
        assert answer.status_code in {200, 202, 503}, answer.text
        return answer.status_code != 503

    await until(accepted)


@pytest.mark.parametrize("after", [1, 7, 15])
@pytest.mark.parametrize("victim", ["points", "hours"])
async def test_a_service_killed_in_the_middle_of_the_saga(
    processes: Processes, city: City, victim: str, after: int
) -> None:
    await enrolled(city)
    asked = [asyncio.create_task(ask_until_answered(processes, teacher)) for teacher in TEACHERS]
    await until(lambda: enough(asked, after))
    await processes.kill(victim)
    await processes.start(victim)
    await asyncio.gather(*asked)

    for teacher in TEACHERS:
        assert await city.answered(f"x-{teacher}") == "settled"
    accounts = (await city.points.get("/v1/accounts", params={"year": 2024, "limit": 1000})).json()["items"]
    assert {a["teacher"]: (a["exchanged"], a["balance"]) for a in accounts} == dict.fromkeys(
        TEACHERS, (500, 50)
    )
    totals = (await city.hours.get("/v1/totals", params={"year": 2024, "limit": 1000})).json()["items"]
    assert {t["teacher"]: t["hours"]["professional"] for t in totals} == dict.fromkeys(TEACHERS, "5.00")
    await clean(processes, "points", "hours")


async def enough(tasks: list[asyncio.Task[None]], count: int) -> bool:
    return sum(task.done() for task in tasks) >= count


async def clean(processes: Processes, *services: str) -> None:
    """Rebuild and compare, by the service's own command."""
    for service in services:
        code, said = await processes.command(service, "rebuild")
        assert code == 0, said


async def test_verification_and_certificates_killed_in_the_middle_of_their_work(
    processes: Processes, city: City
) -> None:
    await city.enrol(*(person(teacher) for teacher in TEACHERS))
    for teacher in TEACHERS:
        await city.register(
            record(f"{teacher}-p", teacher, "GZ-HR-1.01", "30"),
            record(f"{teacher}-f", teacher, "GZ-HR-2.01", "42"),
            record(f"{teacher}-e", teacher, "GZ-HR-3.01", "18"),
        )
    answer = await city.verification.post(
        "/v1/runs",
        json={"year": 2024, "scope": {"kind": "everyone"}},
        headers={"Idempotency-Key": "run"},
    )
    assert answer.status_code == 202
    await killed_when(processes, "verification", some(city.verification, "/v1/results", year=2024))
    await killed_when(processes, "certificates", some(city.certificates, "/v1/certificates", year=2024))
    await killed_when(processes, "hours", some(city.certificates, "/v1/certificates", year=2024))

    for teacher in TEACHERS:
        await city.certificate(teacher, 2024)
        assert (await city.result(teacher, 2024))["revision"] == 1
    items = (await city.certificates.get("/v1/certificates", params={"year": 2024, "limit": 1000})).json()
    serials = sorted(int(item["number"][11:17]) for item in items["items"])
    assert serials == list(range(1, len(TEACHERS) + 1))
    assert {item["version"] for item in items["items"]} == {1}
    await clean(processes, *SERVICES)


def some(client: httpx.AsyncClient, path: str, **params: Any) -> Callable[[], Awaitable[bool]]:
    """Whether a list has anything in it."""

    async def there() -> bool:
        try:
            return bool((await client.get(path, params=params)).json()["items"])
        except httpx.HTTPError:
            return False

    return there


async def killed_when(processes: Processes, victim: str, moment: Callable[[], Awaitable[bool]]) -> None:
    await until(moment)
    await processes.kill(victim)
    await processes.start(victim)
