"""What stands in the ledger: claims in the order of their registration, and the posting that holds each."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.policy.categories import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a cap applies: a teacher's hours of one year, rule and category."""

    teacher: str
    year: int
    rule: str
    category: Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Hours asked for on one ground (a record or an exchange), before the cap."""

    ground: str
    """`record:<record>` or `exchange:<request>`; stands in the ledger once."""
    account: Account
    hours: Decimal
    reason: str
    """Why nothing was granted although the claim stands, such as `score.below_rate`; else empty."""
    origin: str
    """Event id of what was registered: our own entry or that of the points service."""
    effective_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What of a claim counts under the cap, and what lies over it."""

    counted: Decimal
    over_cap: Decimal
    before: Decimal
    """Hours counted under the same cap before this claim."""
    reason: str
    """Empty where everything counts; `cap.reached` where something lies over; else the claim's own reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """The live posting of a claim: the event id of its `hours.posted.v1` and what that said."""

    event: str
    counted: Decimal
    over_cap: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A claim that stands, under the version of the rules under which it was registered.

    `posting` is the live one; None before it is posted for the first time.
    """

    claim: Claim
    cap: Decimal | None
    """The cap of its account in that version; None where that states no limit."""
    policy: str
    posting: Posting | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the ledger says about a ground now; `posting` is None once it was taken back."""

    counted: Decimal
    over_cap: Decimal
    reason: str
    posting: str | None
