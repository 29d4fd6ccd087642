"""What a year and its cycles still ask of a teacher, seen from an instant: the gap, the ways, the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hours.classes.domain.outline import Offered
from hours.ledger.domain.deduction import Deducted
from hours.ledger.domain.total import Total
from hours.outlook.domain.gap import Gap
from hours.outlook.domain.offer import Offer
from hours.outlook.domain.plan import Plan, Way
from shared.cycles.standing import Standing
from shared.policy.requirement import Asked, Waived

Phase = Literal["open", "registering", "closed"]
"""Hours can be earned; only what took place can be registered; nothing changes any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """What a year requires by itself, what of that is missing, and how it could be made up for."""

    asked: Asked
    waived: Waived
    gap: Gap
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a year still asks of a teacher, by itself and as the last one that counts of its cycles."""

    teacher: str
    year: int
    at: datetime
    deadline: datetime
    """Exclusive: what is done from then on belongs to another year."""
    phase: Phase
    required: Required | None
    """None where only cycles ask for something."""
    cycles: Sequence[Standing]
    total: Total
    deducted: Sequence[Deducted]
    """What inspections took of the year."""
    offer: Offer
    ways: Sequence[Way]
    """Into categories of which the year lacks something, those first that cost least; where it requires
    nothing by itself, into those that are of use to a cycle."""
    classes: Mapping[str, Offered]
    """Those among the ways, by number."""
