"""Verdicts of the province (省人社系统验证结果): the one decided last stands, whatever arrives first.

Two verdicts of the same instant are ordered by their identity, so that the order of arrival never matters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from shared.policy.categories import Category
from verification.judgements.domain.assessment import Outcome

State = Literal["standing", "replaced", "late", "parked"]
"""Stands; stood until a later one came; came after a later one; waits for the teacher to become known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceVerdict:
    """What the province says of a teacher's year. `totals` only where it gave them."""

    verdict: str
    teacher: str
    year: int
    outcome: Outcome
    decided_at: datetime
    totals: Mapping[Category, Decimal] | None = None
    certificate_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Rank:
    """The place of a verdict among those on the same teacher's year: the greatest stands."""

    decided_at: datetime
    verdict: str


def rank(verdict: ProvinceVerdict) -> Rank:
    """When it was decided, then its identity."""
    return Rank(decided_at=verdict.decided_at, verdict=verdict.verdict)


def arrive(verdict: ProvinceVerdict, *, known: bool, standing: Rank | None) -> State:
    """What becomes of a verdict on arrival: `known` is the teacher, `standing` the province's latest word."""
    if not known:
        return "parked"
    return "standing" if standing is None or rank(verdict) > standing else "late"
