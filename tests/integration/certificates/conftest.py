"""The certificates service between a verification and an hours service that say what a test wants said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter
from pydantic import BaseModel

from shared.contracts.hours import TeacherChanged
from shared.contracts.verification import (
    Figures,
    VerificationFailed,
    VerificationPassed,
    VerificationRevoked,
)
from shared.runtime.journal import Draft, Entry
from tests.support.world import Publisher, World, until

DECIDED = datetime(2025, 1, 8, 2, 30, tzinfo=UTC)
YEAR = 2024
PATIENCE = 120.0
"""Seconds: a hundred documents on a busy machine take their time; nothing depends on it."""

REQUIRED = {
    "public": Decimal(30),
    "professional": Decimal(42),
    "elective": Decimal(18),
    "total": Decimal(90),
}


def figures(elective: str = "18", carried_in: str = "0") -> Figures:
    carried = Decimal(carried_in)
    return Figures(
        public=Decimal("30.00"),
        professional=Decimal("42.00") - carried,
        elective=Decimal(elective),
        carried_in=carried,
        total=Decimal(72) + Decimal(elective),
    )


class Wanted(BaseModel):
    teachers: list[str]


@dataclass
class Roster:
    """The hours service's roster, as far as certificates asks for it."""

    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    requests: list[int] = field(default_factory=list)
    """How many teachers each look-up asked for."""

    def routes(self) -> APIRouter:
        router = APIRouter()

        @router.post("/v1/teachers/lookup")
        async def lookup(wanted: Wanted) -> dict[str, Any]:
            self.requests.append(len(wanted.teachers))
            known = [teacher for teacher in wanted.teachers if teacher in self.people]
            return {
                "items": [
                    {
                        "teacher": teacher,
                        "name": self.people[teacher][0],
                        "school": self.people[teacher][1],
                        "district": "天河区",
                    }
                    for teacher in known
                ]
            }

        return router


@dataclass
class Scene:
    """One service under test, and those it hears."""

    world: World
    verification: Publisher
    hours: Publisher
    roster: Roster
    client: httpx.AsyncClient

    def enrol(self, teacher: str, name: str = "陈小琳", school: str = "广州市天河区华阳小学") -> str:
        self.roster.people[teacher] = (name, school)
        return teacher

    async def announce(self, teacher: str) -> None:
        """The hours service says that the roster has something new of a teacher."""
        said = TeacherChanged(
            teacher=teacher, school="S1", district="D1", stage="", role="", vocational=False, digest="0"
        )
        await self.hours.say("teacher.changed.v1", f"teacher:{teacher}", said, DECIDED)

    async def passed(self, teacher: str, figures: Figures, revision: int = 1) -> Entry:
        return (await self.pass_all([teacher], figures, revision))[0]

    async def pass_all(self, teachers: Sequence[str], figures: Figures, revision: int = 1) -> list[Entry]:
        return await self.verification.say_all(
            [verdict(teacher, "verification.passed.v1", figures, revision) for teacher in teachers]
        )

    async def failed(self, teacher: str, figures: Figures, revision: int) -> Entry:
        draft = verdict(teacher, "verification.failed.v1", figures, revision)
        return (await self.verification.say_all([draft]))[0]

    async def revoked(self, teacher: str, entry: Entry) -> None:
        said = VerificationRevoked(teacher=teacher, year=YEAR, revokes=entry.id, reason="hours.reversed")
        await self.verification.say("verification.revoked.v1", f"teacher:{teacher}", said, DECIDED)

    async def settled(self) -> dict[str, int]:
        """Wait until everything said was heard and nothing is pending; returns what is left over."""
        for source in ("verification", "hours"):
            await self.world.heard("certificates", source)
        work: dict[str, int] = {}

        async def done() -> bool:
            work.update((await self.client.get("/v1/certificates/pending")).json())
            return work["pending"] == 0

        await until(done, PATIENCE)
        return work

    async def certificates(self, **filters: Any) -> list[dict[str, Any]]:
        answer = await self.client.get("/v1/certificates", params={"limit": 1000, **filters})
        items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return items

    async def certificate(self, teacher: str) -> dict[str, Any]:
        (only,) = await self.certificates(teacher=teacher)
        return only

    async def order(self, number: str, what: str, key: str = "", reason: str = "审核") -> httpx.Response:
        return await self.client.post(
            f"/v1/certificates/{number}/{what}",
            json={"reason": reason},
            headers={"Idempotency-Key": key or uuid4().hex},
        )


def verdict(teacher: str, kind: str, figures: Figures, revision: int) -> Draft:
    shape = VerificationPassed if kind == "verification.passed.v1" else VerificationFailed
    said = shape(
        teacher=teacher,
        year=YEAR,
        authority="local",
        verdict=f"run-1/{teacher}/{revision}",
        decided_at=DECIDED,
        figures=figures,
        required=REQUIRED,
        shortfall={},
        revision=revision,
        basis={},
    )
    return Draft(
        type=kind, subject=f"teacher:{teacher}", effective_at=DECIDED, policy="guangzhou@1", data=said
    )


@pytest.fixture
async def scene(world: World) -> Scene:
    verification = await world.publisher("verification")
    hours = await world.publisher("hours")
    roster = Roster()
    hours.app.include_router(roster.routes())
    client = await world.serve("certificates")
    return Scene(world, verification, hours, roster, client)
