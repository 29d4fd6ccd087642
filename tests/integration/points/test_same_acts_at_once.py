"""Two copies are sent the same acts at the same time: each act is recorded once and answered everywhere."""

import asyncio
from collections.abc import Sequence

import httpx
import msgspec

from bench.workload import community
from points.app import create_app
from shared.runtime.settings import Settings
from tests.support.world import World

ACTS = 6000
PORTION = 100
AT_ONCE = 8


class Counted(msgspec.Struct):
    accepted: int
    replayed: int
    refused: int


async def send(copy: httpx.AsyncClient, bodies: Sequence[bytes]) -> list[Counted]:
    """Send bodies in order, some at once; every request is answered."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(body: bytes) -> Counted:
        async with free:
            answer = await copy.post("/v1/activities", content=body)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=Counted)

    return await asyncio.gather(*(one(body) for body in bodies))


async def test_acts_that_two_copies_are_sent_at_once_are_recorded_once(
    points: httpx.AsyncClient, world: World
) -> None:
    settings = Settings.from_environment("points", await world.environment("points"))
    second = await world.start("points-b", create_app(settings))
    workload = community(ACTS, source="twice", year=2025)
    shares = [workload.shuffled(seed).arrays(PORTION) for seed in range(4)]
    sent = zip((points, second, points, second), shares, strict=True)
    answers = [count for counts in await asyncio.gather(*(send(*one) for one in sent)) for count in counts]
    assert sum(count.accepted for count in answers) == workload.recorded.acts
    assert sum(count.replayed for count in answers) == 4 * len(workload.lines) - workload.recorded.acts
    assert sum(count.refused for count in answers) == 0
    assert await world.rebuild("points") == []
