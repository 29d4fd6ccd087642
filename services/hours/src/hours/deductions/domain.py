"""A deduction (扣减) on file: of which year, by which rule, who decided it, and whether it still stands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from shared.policy.categories import Hours

State = Literal["standing", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A deduction as it was decided."""

    deduction: str
    teacher: str
    year: int
    rule: str
    reason: str
    by: str
    at: datetime
    state: State
    withdrawn_by: str
    """Empty while it stands."""
    withdrawn_because: str
    entry: str
    """Event id of what was decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A deduction, and what the ledger takes for it now."""

    kept: Kept
    asked: Decimal
    """0 once it was withdrawn."""
    hours: Hours
    """What is deducted, by category."""
    short: Decimal
    """What was not there to be taken (不足扣减)."""
    withholds: bool
    """Whether its year does not pass."""
    policy: str
    """The version of the rules that decided."""
