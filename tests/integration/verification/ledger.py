"""The hours service as the verification hears it: a real journal that says what a test wants said."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx

from shared.contracts.hours import (
    HoursCarriedOver,
    HoursDeducted,
    HoursPosted,
    HoursReversed,
    TeacherRegistered,
)
from shared.runtime.journal import Draft, Entry
from tests.support.world import Publisher, World, until

JUNE = datetime(2024, 6, 1, 4, tzinfo=UTC)
PASSING = {"public": "30", "professional": "50", "elective": "18"}
SHORT = {"public": "30", "professional": "50", "elective": "17"}


class Ledger:
    """Says what the hours service would say."""

    def __init__(self, publisher: Publisher, world: World) -> None:
        self._publisher = publisher
        self._world = world

    async def enrol(self, *teachers: str, school: str = "S01", district: str = "天河区") -> None:
        """Put teachers on the roster."""
        await self._publisher.say_all([enrolment(teacher, school, district) for teacher in teachers])

    async def post(self, teacher: str, hours: Mapping[str, str], year: int = 2024) -> list[Entry]:
        """Post hours by category."""
        return await self._publisher.say_all(
            [posting(teacher, year, category, amount) for category, amount in hours.items()]
        )

    async def take_back(self, posting: Entry) -> Entry:
        """Reverse a posting."""
        posted = posting.parse(HoursPosted)
        fact = HoursReversed(
            teacher=posted.teacher,
            reverses=posting.id,
            year=posted.year,
            category=posted.category,
            rule=posted.rule,
            ground=posted.ground,
            hours=posted.hours,
            over_cap=posted.over_cap,
            reason="corrected",
        )
        return await self._publisher.say("hours.reversed.v1", posting.subject, fact, JUNE)

    async def carry(self, teacher: str, year: int, hours: str, verdict: str = "") -> Entry:
        """State what a year carries into the next."""
        return await self._publisher.say(
            "hours.carried_over.v1", f"teacher:{teacher}", carried(teacher, year, hours, verdict), JUNE
        )

    async def deduct(self, teacher: str, name: str, *, withholds: bool = False, **taken: str) -> Entry:
        """State what a deduction takes of 2024; nothing of it withdraws it."""
        [entry] = await self.say([deduction(teacher, name, withholds=withholds, **taken)])
        await self.heard()
        return entry

    async def say(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Say anything, in one transaction."""
        return await self._publisher.say_all(list(drafts))

    async def heard(self) -> None:
        """Wait until the verification has applied everything said so far."""
        await self._world.heard("verification", "hours")


def enrolment(teacher: str, school: str = "S01", district: str = "天河区") -> Draft:
    fact = TeacherRegistered(
        teacher=teacher,
        school=school,
        district=district,
        stage="primary",
        role="teacher",
        vocational=False,
        digest="0" * 64,
    )
    return _draft("teacher.registered.v1", teacher, fact)


def posting(teacher: str, year: int, category: str, hours: str) -> Draft:
    fact = HoursPosted(
        teacher=teacher,
        year=year,
        category=category,
        rule="GZ-HR-2.02",
        ground=f"record:{teacher}-{year}-{category}-{hours}",
        hours=Decimal(hours),
        over_cap=Decimal(0),
        reason="",
        basis={},
    )
    return _draft("hours.posted.v1", teacher, fact)


def reversal(teacher: str, year: int, category: str, hours: str) -> Draft:
    fact = HoursReversed(
        teacher=teacher,
        reverses="hours/0/0",
        year=year,
        category=category,
        rule="GZ-HR-2.02",
        ground=f"record:{teacher}-{year}-{category}-{hours}",
        hours=Decimal(hours),
        over_cap=Decimal(0),
        reason="corrected",
    )
    return _draft("hours.reversed.v1", teacher, fact)


def deduction(teacher: str, name: str, *, withholds: bool = False, **taken: str) -> Draft:
    hours = {category: Decimal(amount) for category, amount in taken.items()}
    fact = HoursDeducted(
        deduction=name,
        teacher=teacher,
        year=2024,
        rule="SCH-01",
        asked=Decimal(4) if hours or withholds else Decimal(0),
        hours=hours,
        short=Decimal(0),
        withholds=withholds,
        reason="",
        basis={},
    )
    return _draft("hours.deducted.v1", teacher, fact)


def carried(teacher: str, year: int, hours: str, verdict: str = "") -> HoursCarriedOver:
    return HoursCarriedOver(
        teacher=teacher,
        year=year,
        to_year=year + 1,
        category="professional",
        hours=Decimal(hours),
        carried_in=Decimal(0),
        used_carried=Decimal(0),
        used_fresh=Decimal(42),
        expired=Decimal(0),
        verdict=verdict,
        basis={},
    )


def _draft(kind: str, teacher: str, fact: Any) -> Draft:
    return Draft(type=kind, subject=f"teacher:{teacher}", effective_at=JUNE, policy="test@1", data=fact)


async def ask(
    client: httpx.AsyncClient,
    key: str,
    year: int = 2024,
    at: str | None = None,
    cycle: str | None = None,
    **scope: str,
) -> httpx.Response:
    """Ask for a run."""
    body: dict[str, Any] = {"year": year, "cycle": cycle, "scope": scope or {"kind": "everyone"}}
    if at is not None:
        body["at"] = at
    return await client.post("/v1/runs", json=body, headers={"Idempotency-Key": key})


async def finish(client: httpx.AsyncClient, run: str) -> dict[str, Any]:
    """Wait for the end of a run."""
    state: dict[str, Any] = {}

    async def done() -> bool:
        state.update((await client.get(f"/v1/runs/{run}")).json())
        return bool(state["state"] == "done")

    await until(done)
    return state


async def judge(client: httpx.AsyncClient, key: str, year: int = 2024, **scope: str) -> dict[str, Any]:
    """Run and wait for the end."""
    answer = await ask(client, key, year, **scope)
    assert answer.status_code == 202, answer.text
    return await finish(client, answer.json()["run"])


async def result(client: httpx.AsyncClient, teacher: str, year: int = 2024) -> dict[str, Any]:
    """A teacher's year."""
    answer = await client.get(f"/v1/teachers/{teacher}/years/{year}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def said(client: httpx.AsyncClient, *types: str) -> list[dict[str, Any]]:
    """What the verification has said, of these types, by partition and in order."""
    events: list[dict[str, Any]] = []
    for partition, head in (await client.get("/v1/journal/heads")).json()["heads"].items():
        after = 0
        while after < head:
            answer = await client.get(f"/v1/journal/{partition}", params={"after": after, "limit": 1000})
            page = answer.json()["items"]
            events += [event for event in page if event["type"] in types]
            after = page[-1]["seq"]
    return events
