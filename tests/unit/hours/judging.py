"""Registrations for tests, and how the shipped rules judge them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hours.records.domain.judge import judge
from hours.records.domain.registration import (
    Details,
    Filing,
    Granted,
    Judgement,
    Refused,
    Registrar,
    Registration,
    Standing,
)
from shared.policy.pack import Pack
from tests.unit.hours.packs import PROOF, pack

PACK = pack()
NOW = datetime.fromisoformat("2025-01-15T09:00:00+08:00")
OPERATOR = Registrar(kind="operator", id="local")
STANDING = Standing(school="S01", stage="小学", vocational=False, now=NOW)
VOCATIONAL = Standing(school="S01", stage="小学", vocational=True, now=NOW)


def stamped(score: int) -> dict[str, str]:
    """A stamped proof of a score."""
    return {
        **dict.fromkeys(PROOF, "given"),
        "annual_points": str(score),
        "converted_hours": str(score // 300),
    }


def registration(rule: str, hours: str | None = None, **details: Any) -> Registration:
    category = next(source.category for source in PACK.hours if source.id == rule)
    return Registration(
        record="R1",
        teacher="T1",
        year=2024,
        rule=rule,
        category=category,
        hours=None if hours is None else Decimal(hours),
        activity="an activity",
        provider="a provider",
        first=date(2024, 5, 2),
        last=date(2024, 5, 3),
        evidence="file 12",
        files=("digest",),
        details=Details(**details) if details else None,
    )


def judged(
    handed_in: Registration,
    registrar: Registrar = OPERATOR,
    standing: Standing = STANDING,
    under: Pack = PACK,
) -> Judgement:
    source = next((one for one in under.hours if one.id == handed_in.rule), None)
    way = "completion" if source is None or registrar == OPERATOR else source.through
    matter = "" if way == "completion" else f"{way}:M1"
    return judge(under, handed_in, Filing(registrar=registrar, matter=matter), standing)


def granted(judgement: Judgement) -> Decimal:
    assert isinstance(judgement, Granted), judgement
    return judgement.hours


def refused(judgement: Judgement) -> str:
    assert isinstance(judgement, Refused), judgement
    return judgement.code
