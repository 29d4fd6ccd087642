"""How an obligation stands (履行情况): what is checked, against what, and what of it makes the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from shared.policy.calendar import Years
from shared.policy.categories import Category
from shared.policy.obligations import AnyObligation, ObligationState

Unit = Literal["hours", "credits", "working_days", "days", "topics", "topic_hours"]
Reason = Literal[
    "",
    "joined_on.unknown",
    "role.unknown",
    "rule.incomplete",
    "calendar.not_announced",
    "topics.unknown",
    "topics.divided",
]
"""Why it cannot be told, or what somebody should look at; empty where there is neither."""


class Days(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date

    def until(self, day: date) -> "Days | None":
        """Those up to a day; None where there are none."""
        return None if day < self.first else Days(self.first, min(self.last, day))

    def within(self, other: "Days") -> "Days | None":
        """Those that are among others as well; None where there are none."""
        both = Days(max(self.first, other.first), min(self.last, other.last))
        return both if both.first <= both.last else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A record that stands, as far as obligations ask."""

    record: str
    rule: str
    category: Category
    hours: Decimal
    """As held, before any cap."""
    credits: Decimal | None = None
    """What they made before any cap; None where hours are counted."""
    days: Days
    topics: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Whose obligations are asked for, as the roster knows them now."""

    role: str
    vocational: bool
    joined_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The year of which it is told, the last day that counts, and when years begin."""

    year: int
    on: date
    years: Years

    def has_passed(self, day: date) -> bool:
        """Whether a day is over."""
        return day < self.on

    @property
    def whole(self) -> Days:
        """The days of the year."""
        return self.span(self.year, self.year)

    def span(self, first: int, last: int) -> Days:
        """The days of some years, from the first to the last."""
        return Days(self.years.first_day(first), self.years.last_day(last))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One sum that is asked for."""

    name: str
    """A category or `total` of hours or credits; `yearly`, `window` of days; `topics`, or one of them."""
    unit: Unit
    days: Days | None
    """In which it is counted; None where that is not known."""
    counted: Decimal | None
    """None where it cannot be told."""
    required: Decimal
    state: ObligationState
    is_alternative: bool = False
    """Whether it is one of some of which one suffices."""

    @property
    def missing(self) -> Decimal | None:
        """What is short; None where it cannot be told."""
        return None if self.counted is None else max(self.required - self.counted, Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An obligation of somebody in a year, as of a day."""

    obligation: AnyObligation
    when: When
    checks: Sequence[Check]
    state: ObligationState
    reason: Reason = ""
    records: Sequence[str] = ()
    """What counted, in order."""
    lacking: Sequence[str] = ()
    """Topics that were offered and not taken."""
    not_offered: Sequence[str] = ()
    """Topics that were not taken because nobody was offered them."""


def reached(counted: Decimal, required: Decimal, *, over: bool) -> ObligationState:
    """Whether so much is enough, and else whether there is still time."""
    return "met" if counted >= required else "missed" if over else "open"


_WORST: Sequence[ObligationState] = ("missed", "unknown", "not_offered", "open", "met")
"""Of what is asked altogether, the first of these that there is."""
_BEST: Sequence[ObligationState] = ("met", "unknown", "open", "not_offered", "missed")
"""Of what one suffices of."""


def altogether(checks: Sequence[Check]) -> ObligationState:
    """Every check that stands alone, and one of the others."""
    alone = [check.state for check in checks if not check.is_alternative]
    others = [check.state for check in checks if check.is_alternative]
    best = [min(others, key=_BEST.index)] if others else []
    return min([*alone, *best], key=_WORST.index)
