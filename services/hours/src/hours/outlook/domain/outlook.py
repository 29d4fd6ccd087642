"""What a year still asks of a teacher, seen from an instant: the gap, the ways, the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hours.classes.domain.outline import Offered
from hours.ledger.domain.total import Total
from hours.outlook.domain.gap import Gap
from hours.outlook.domain.offer import Offer
from hours.outlook.domain.plan import Plan, Way
from shared.policy.requirement import Asked, Waived

Phase = Literal["open", "registering", "closed"]
"""Hours can be earned; only what took place can be registered; nothing changes any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a year still asks of a teacher."""

    teacher: str
    year: int
    at: datetime
    deadline: datetime
    """Exclusive: what is done from then on belongs to another year."""
    phase: Phase
    asked: Asked
    waived: Waived
    total: Total
    gap: Gap
    offer: Offer
    ways: Sequence[Way]
    """Into categories in which something is missing, those first that cost least."""
    classes: Mapping[str, Offered]
    """Those among the ways, by number."""
    plan: Plan
