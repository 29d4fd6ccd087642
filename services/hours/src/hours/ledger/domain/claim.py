"""What stands in the ledger: claims in the order of their registration, and the posting that holds each."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from shared.policy.categories import Category
from shared.policy.cycles import Span


class Pool(NamedTuple):
    """What a cap of a cycle cuts together: a teacher's accounts of all years under one rule and category."""

    teacher: str
    rule: str
    category: Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a cap applies: a teacher's hours of one year, rule and category."""

    teacher: str
    year: int
    rule: str
    category: Category

    @property
    def pool(self) -> Pool:
        """The accounts of all years beside it."""
        return Pool(self.teacher, self.rule, self.category)


@dataclass(frozen=True, slots=True)
class CycleLimit:
    """The most that may count in the years of a cycle."""

    most: Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that may count in an account's year, and in the cycle in which that lies; None: no limit."""

    year: Decimal | None = None
    cycle: CycleLimit | None = None


UNLIMITED = Limit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Hours asked for on one ground (a record or an exchange), before the cap."""

    ground: str
    """`record:<record>` or `exchange:<request>`; stands in the ledger once."""
    account: Account
    hours: Decimal
    """In the unit of the rules under which it was registered: hours, or credits."""
    held: Decimal | None = None
    """The hours that made these credits; None where hours are counted."""
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
    """What counted in the same year before this claim."""
    in_cycle: Decimal | None = None
    """What counted in its cycle before, where that has a cap."""
    reason: str
    """Empty where everything counts; `cap.reached` or `cycle_cap.reached` where something lies over, as what
    cut last; else the claim's own reason."""


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
    limit: Limit
    """The caps of its account in that version."""
    policy: str
    posting: Posting | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the ledger says about a ground now; `posting` is None once it was taken back."""

    counted: Decimal
    over_cap: Decimal
    reason: str
    posting: str | None
