"""Where examples are handed in: services under a pack, teachers on the roster, acts on the example's days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec

from deploy.policy import given
from hours.records.domain.registration import Registration
from shared.policy import loader
from shared.policy.examples import ExampleRecord, ExampleTeacher, ObligationExample, RecordsExample
from shared.policy.pack import Pack
from tests.integration.hours.acts import key, row
from tests.integration.hours.test_organisations import WHOLE, post
from tests.support.moments import at
from tests.support.signing import OPERATOR, account
from tests.support.world import World

PLACES: Mapping[str, str] = {
    "school": "school_administrator@school:S",
    "centre": "district_centre@district:D",
    "research_department": "research_department@district:D",
    "city": "city_department@city:C",
    "education": "provincial_education@province:P",
    "distance_centre": "distance_centre@city:C",
    "platform": "platform@deployment:local",
}
"""Who registers for the teachers of school S, by what a rule calls it; a teacher does so in person."""


Handed = RecordsExample | ObligationExample


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The services under one pack. Everything is handed in by the operator where nobody else is named."""

    world: World
    pack: Pack
    file: str
    """Where the pack lies."""
    hours: httpx.AsyncClient
    verification: httpx.AsyncClient

    @classmethod
    async def open(cls, world: World, file: str) -> "Desk":
        """Serve what registers and what judges; a school of a district of a city of a province is known."""
        settings = {"HOURS_PACK": file, "VERIFICATION_PACK": file, "VERIFICATION_AUTHORITY": "local"}
        hours, verification = [await world.serve(name, **settings) for name in ("hours", "verification")]
        await post(hours, *WHOLE)
        return cls(world=world, pack=loader.load(file), file=file, hours=hours, verification=verification)

    async def enrol(self, *teachers: str, of: ExampleTeacher, joined_on: date | None = None) -> None:
        """Put people on the roster, as the example has them."""
        known = {"joined_on": joined_on.isoformat()} if joined_on else {}
        told = {"stage": of.stage, "role": of.role, "vocational": of.vocational, **known}
        people = [row(teacher, school="S", district="", **told) for teacher in teachers]
        answer = await self.hours.post("/v1/roster", json={"teachers": people}, headers=key())
        assert answer.json()["refused"] == 0, answer.text

    def noon(self, day: date) -> datetime:
        """Noon of a day, where the pack holds."""
        return datetime.combine(day, time(12), ZoneInfo(self.pack.pack.timezone)).astimezone(UTC)

    async def send(self, day: date, role: str, path: str, body: Any) -> httpx.Response:
        """Send something in a role, on a day."""
        with at(self.noon(day)):
            return await self.hours.post(path, json=body, headers={**key(), **account(role, role)})

    async def hand_in(self, teacher: str, number: str, example: Handed, record: ExampleRecord) -> str:
        """Have a record registered as of a former system, on its day; the code of the refusal, if any."""
        handed = self.registration(example, record)
        body = {
            **_body(teacher, handed, record),
            "record": number,
            "evidence": "佐证材料" if record.evidence else "",
        }
        answer = await self.send(record.on or handed.last, OPERATOR, "/v1/records", body)
        return str(answer.json().get("code", ""))

    async def declare(self, teacher: str, number: str, example: Handed, record: ExampleRecord) -> str:
        """Have a record declared by who is named, or the first who may; the code of the refusal, if any."""
        source, handed = self.pack.source(record.rule), self.registration(example, record)
        by = record.by or (source.registrars[0] if source else "teacher")
        body = {**_body(teacher, handed, record), "declaration": number, "files": []}
        role = PLACES.get(by, f"teacher@person:{teacher}")
        answer = await self.send(record.on or handed.last, role, "/v1/declarations", body)
        return str(answer.json().get("code", ""))

    def registration(self, example: Handed, record: ExampleRecord) -> Registration:
        """What the pure rules are given of a record."""
        return given.registration(self.pack, example, record, self.pack.source(record.rule))


def _body(teacher: str, handed: Registration, record: ExampleRecord) -> dict[str, Any]:
    return {
        "teacher": teacher,
        "year": handed.year,
        "source_rule": handed.rule,
        "category": handed.category,
        "hours": None if handed.hours is None else str(handed.hours),
        "activity": handed.activity,
        "from": handed.first.isoformat(),
        "to": handed.last.isoformat(),
        "details": msgspec.to_builtins(record.details),
    }
