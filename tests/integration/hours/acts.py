"""What the tests of the hours service do and say: rows, records, events in the name of its neighbours."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx

from shared.contracts.points import (
    ActivityRef,
    LotChange,
    PointsAwarded,
    PointsExchanged,
    PointsExchangeRecalled,
    PointsYearClosed,
)
from shared.contracts.verification import (
    Figures,
    VerificationFailed,
    VerificationPassed,
    VerificationRevoked,
)
from shared.runtime.journal import Draft
from tests.support.papers import pdf
from tests.support.signing import account
from tests.support.world import Publisher

AT = datetime(2024, 6, 1, 2, tzinfo=UTC)
EXPIRY = datetime(2024, 12, 31, 16, tzinfo=UTC)


def row(teacher: str, **changed: Any) -> dict[str, Any]:
    return {
        "teacher": teacher,
        "name": "阿卜杜拉·买买提",
        "school": "S01",
        "district": "越秀区",
        "stage": "小学",
        "role": "教师",
        **changed,
    }


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


async def enrol(hours: httpx.AsyncClient, *teachers: str, **changed: Any) -> None:
    rows = [row(teacher, **changed) for teacher in teachers]
    answer = await hours.post("/v1/roster", json={"teachers": rows}, headers=key())
    assert answer.status_code == 200, answer.text
    assert answer.json()["refused"] == 0, answer.text


def record(number: str, teacher: str, rule: str, hours: str | None, **changed: Any) -> dict[str, Any]:
    category = {"1": "public", "2": "professional", "3": "elective"}[rule[6]]
    return {
        "record": number,
        "teacher": teacher,
        "year": 2024,
        "source_rule": rule,
        "category": category,
        "hours": hours,
        "activity": f"activity {number}",
        "provider": "教师发展中心",
        "from": "2024-05-06",
        "to": "2024-05-10",
        "evidence": "佐证材料",
        **changed,
    }


def stamped(score: int, **said: str) -> dict[str, Any]:
    """Details of a score of 学习强国 with its stamped proof, in which some data are said otherwise."""
    proof = {
        **dict.fromkeys(("applicant", "student_number", "unit", "handler", "date", "contact"), "已填"),
        "annual_points": str(score),
        "converted_hours": str(score // 300),
    }
    return {"score": score, "proof": {**proof, **said}}


async def register(hours: httpx.AsyncClient, *records: Mapping[str, Any]) -> list[dict[str, Any]]:
    answer = await hours.post("/v1/records", json=list(records))
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


async def paper(hours: httpx.AsyncClient, title: str, headers: Mapping[str, str]) -> str:
    """Hand in a file that no other title has; its digest."""
    sent = {**headers, "Content-Type": "application/pdf"}
    answer = await hours.post("/v1/evidence", content=pdf(b"(%s)" % title.encode()), headers=sent)
    assert answer.is_success, answer.text
    return str(answer.json()["digest"])


async def total(hours: httpx.AsyncClient, teacher: str, year: int = 2024) -> dict[str, str]:
    answer = await hours.get("/v1/totals", params={"year": year, "teacher": teacher})
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["items"]
    sums = {**item.pop("hours"), **item}
    return {name: value for name, value in sums.items() if name not in {"teacher", "year"}}


def awarded(teacher: str, points: int) -> PointsAwarded:
    """What points says of an award."""
    return PointsAwarded(
        teacher=teacher,
        rule="GZ-BP-04",
        ground="resource:gz/1",
        activity=ActivityRef(source="gz", id="1"),
        year=2024,
        asked=points,
        points=points,
        expires_at=EXPIRY,
        basis={},
    )


def exchanged(request: str, teacher: str, category: str, hours: int, *, year: int = 2024) -> PointsExchanged:
    """What points says of an exchange."""
    return PointsExchanged(
        exchange=request,
        teacher=teacher,
        year=year,
        category=category,
        hours=hours,
        points=100 * hours,
        at=AT,
        burnt=[LotChange(expires_at=EXPIRY, points=100 * hours)],
        basis={},
    )


async def exchange(
    points: Publisher, request: str, teacher: str, category: str, hours: int, *, year: int = 2024
) -> None:
    fact = exchanged(request, teacher, category, hours, year=year)
    await points.say("points.exchanged.v1", f"teacher:{teacher}", fact, AT)


async def recall(points: Publisher, request: str, teacher: str, hours: int, number: int = 1) -> None:
    fact = PointsExchangeRecalled(
        recall=f"{request}/{number}",
        exchange=request,
        teacher=teacher,
        year=2024,
        category="professional",
        hours=hours,
    )
    await points.say("points.exchange_recalled.v1", f"teacher:{teacher}", fact, AT)


async def close_points(points: Publisher, year: int, *, but: int | None = None) -> None:
    """Every partition of the points service says that it has closed the year, `but` one."""
    async with points.app.state.database.transaction() as tx:
        partitions = [p for p in points.journal.partitions("teacher") if p != but]
        await points.journal.lock_partitions(tx, partitions)
        await points.journal.append(
            tx,
            [
                Draft(
                    type="points.year_closed.v1",
                    subject=f"year:{year}",
                    effective_at=AT,
                    policy="test@1",
                    data=PointsYearClosed(year=year, partition=partition),
                    partition=partition,
                )
                for partition in partitions
            ],
        )


async def review(hours: httpx.AsyncClient, place: str, year: int, who: str) -> str:
    """The state of a review that an account of the city's department opens, or the code."""
    sent = {**key(), **account(who, "city_department@city:C")}
    said = (await hours.post("/v1/reviews", json={"place": place, "year": year}, headers=sent)).json()
    return str(said.get("code") or said["state"])


async def decide(
    verification: Publisher, teacher: str, year: int, outcome: str, figures: Mapping[str, str]
) -> str:
    """A verdict on (public, professional, elective, carried_in); returns its event id."""
    amounts = {name: Decimal(hours) for name, hours in figures.items()}
    judged = Figures(**amounts, total=sum(amounts.values(), Decimal(0)))
    shape = VerificationPassed if outcome == "passed" else VerificationFailed
    fact = shape(
        teacher=teacher,
        year=year,
        authority="local",
        verdict=f"run-1/{teacher}/{year}",
        decided_at=AT,
        figures=judged,
        required={},
        shortfall={},
        revision=1,
        basis={},
    )
    entry = await verification.say(f"verification.{outcome}.v1", f"teacher:{teacher}", fact, AT)
    return entry.id


async def revoke(verification: Publisher, teacher: str, year: int, verdict: str) -> None:
    fact = VerificationRevoked(teacher=teacher, year=year, revokes=verdict, reason="corrected")
    await verification.say("verification.revoked.v1", f"teacher:{teacher}", fact, AT)
