"""The hours side of an exchange (积分兑换学时): posted or refused, judged once, by the request's instant.

The points service has checked balance, window and caps; this is the second guard, with what only the
ledger knows: the roster, the closed years, and the cap over everything that was posted.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from shared.policy.categories import Category

Refusal = Literal["teacher.unknown", "year.closed", "category.not_exchangeable", "cap.reached"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hours asked for with points."""

    exchange: str
    teacher: str
    year: int
    category: Category
    hours: Decimal
    points: int
    at: datetime
    event: str
    """Event id of the points service's `points.exchanged.v1`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """Hours to be taken back, because points they were bought with were taken back."""

    recall: str
    exchange: str
    teacher: str
    hours: Decimal
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What the service knows when it decides."""

    listed: bool
    """Whether the teacher is on the roster."""
    closed: bool
    """Whether the teacher's year is closed."""
    left: Decimal | None
    """Hours left under the cap; None where the category is no target of exchanges."""


def refusal(asked: Asked, grounds: Grounds) -> Refusal | None:
    """Why the exchange is refused; None where it is posted. There is no part of an exchange."""
    if not grounds.listed:
        return "teacher.unknown"
    if grounds.closed:
        return "year.closed"
    if grounds.left is None:
        return "category.not_exchangeable"
    if asked.hours > grounds.left:
        return "cap.reached"
    return None


def taken_back(recalled: Recalled, standing: Decimal) -> Decimal:
    """How many hours a recall takes: never more than still stand."""
    return min(recalled.hours, standing)
