"""Whose word on the caller's address is taken, held by the limit of the public page: it counts addresses."""

import httpx
import pytest

from tests.support.processes import Processes
from tests.support.world import World

NUMBER = "/verify/440100202450000028"
ONCE = {"CERTIFICATES_LOOKUPS": "1/hour"}


async def asked(client: httpx.AsyncClient, *forwarded: str) -> list[int]:
    """How one number is answered to each of these callers; 429 to one that was counted before."""
    answers = [await client.get(NUMBER, headers={"X-Forwarded-For": caller}) for caller in forwarded]
    return [answer.status_code for answer in answers]


async def test_callers_behind_a_trusted_gateway_are_counted_one_by_one(world: World) -> None:
    client = await world.serve("certificates", **ONCE)
    assert await asked(client, "198.51.100.1", "198.51.100.2", "198.51.100.1") == [404, 404, 429]


async def test_what_a_caller_wrote_before_the_gateway_appended_is_not_believed(world: World) -> None:
    client = await world.serve("certificates", **ONCE)
    callers = ("203.0.113.1, 198.51.100.1", "203.0.113.2, 198.51.100.1", "203.0.113.2, 198.51.100.2")
    assert await asked(client, *callers) == [404, 429, 404]


@pytest.mark.parametrize("trusted", ["", "192.0.2.7, 10.0.0.0/8"])
async def test_nobody_else_is_believed(world: World, trusted: str) -> None:
    client = await world.serve("certificates", **ONCE, TRUSTED_PROXIES=trusted)
    assert await asked(client, "198.51.100.1", "198.51.100.2") == [404, 429]


async def test_the_command_believes_nobody_beside_those_that_are_set(processes: Processes) -> None:
    processes.settings = {**ONCE, "TRUSTED_PROXIES": ""}
    await processes.start("certificates")
    assert await asked(processes.clients["certificates"], "198.51.100.1", "198.51.100.2") == [404, 429]
