"""A town for the tests of places: a tree of two districts, teachers in its schools and in none of them."""

from dataclasses import dataclass
from uuid import uuid4

import httpx

from tests.integration.hours.acts import enrol
from tests.integration.hours.test_imports import HEAD, send
from tests.integration.hours.test_organisations import WHOLE, post
from tests.integration.hours.test_transfers import FAR, NEAR, OTHER, ask, decide
from tests.support.world import World

LISTENERS = ("points", "verification", "certificates")
TREE = (*WHOLE, OTHER, NEAR, FAR)
"""P > C > D, E; the schools S and N below D, F below E."""


@dataclass(frozen=True, slots=True)
class Town:
    """The hours service and those who hear it."""

    world: World
    hours: httpx.AsyncClient

    async def heard(self) -> None:
        """Wait until everybody has heard everything."""
        for listener in LISTENERS:
            await self.world.heard(listener, "hours")

    def places(self, listener: str) -> list[str]:
        """What stands below what, as a listener keeps it."""
        return self._rows(listener, "select organisation, coalesce(parent, '-') from place")

    def whereabouts(self, listener: str) -> list[str]:
        """Who works where, as a listener keeps it."""
        return self._rows(listener, "select teacher, school, district from whereabouts")

    def _rows(self, listener: str, query: str) -> list[str]:
        return sorted(self.world.cluster.postgres.sql(query, self.world.databases[listener]).splitlines())

    async def transfer(self, teacher: str, school: str, number: str) -> None:
        """Move a teacher to another school, as everybody who is asked approves."""
        awaited: str | None
        _, awaited = await ask(self.hours, f"school:{school}", school, number, teacher)
        while awaited is not None:
            status, awaited = await decide(self.hours, awaited, number)
            assert status == 200, awaited

    async def list_by_mistake(self, teacher: str, school: str) -> None:
        """Put a teacher on the roster by a file, and take the file back."""
        number = uuid4().hex
        row = f"{HEAD}\n{teacher},林晓,{school},小学,,,,\n"
        assert (await send(self.hours, row, headers={"Idempotency-Key": number})).json()["refused"] == 0
        body = {"reason": "名册有误"}
        headers = {"Idempotency-Key": uuid4().hex}
        answer = await self.hours.post(f"/v1/imports/{number}/reversal", json=body, headers=headers)
        assert answer.status_code == 200, answer.text


async def settle(world: World) -> Town:
    """Serve everybody; register the tree and T1 at S, T2 at F, T3 at a school that is in no tree."""
    hours = await world.serve("hours")
    for listener in LISTENERS:
        await world.serve(listener)
    await post(hours, *TREE)
    await enrol(hours, "T1", school="S", district="福田区")
    await enrol(hours, "T2", school="F", district="罗湖区")
    await enrol(hours, "T3", school="elsewhere", district="D")
    return Town(world, hours)
