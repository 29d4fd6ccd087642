"""What a year asks and how it ends (年度要求): requirement, verification, carry-over, waivers, deductions."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from msgspec import Meta

from shared.policy.calendar import Years
from shared.policy.categories import TOTAL, ZERO, Category, Item
from shared.policy.shapes import Count, Rule, RuleId, Shape, Text

WaiverKind = Literal["childbirth", "illness", "retirement", "secondment"]
"""孕期、哺乳期; 病假; 临近退休; 借调、支教、交流."""
Year = Annotated[int, Meta(ge=1900, le=9998)]


class Requirement(Shape, frozen=True, kw_only=True, dict=True):
    """Hours required in the years `first` to `last` (None: until further notice)."""

    first: Year
    last: Year | None = None
    minima: Mapping[Category, Decimal]
    """By category; what is not named has none of its own."""
    total: Decimal
    basis: Text
    """Where the figures come from."""

    @cached_property
    def asked(self) -> Mapping[Item, Decimal]:
        """The hours asked of every item, with two places."""
        return {**{name: ZERO + hours for name, hours in self.minima.items()}, TOTAL: ZERO + self.total}


class Verification(Shape, frozen=True, kw_only=True):
    """Annual verification (年度验证): the rules that govern it and who decides when nothing else is set."""

    rules: Annotated[tuple[Rule, ...], Meta(min_length=1)]
    authority: Literal["local", "province"]
    content_rule: RuleId | None = None
    """Which of the rules names the items that are checked; an explanation of a shortfall quotes it."""
    authority_rule: RuleId | None = None
    """Which of the rules says whose result stands; an explanation of a verdict quotes it."""
    carried_rule: RuleId | None = None
    """Which of the rules says how carried hours are used; an explanation of a carry-over quotes it."""


class Proof(Shape, frozen=True, kw_only=True):
    """Several years in one proof (多年验证证明), as promotions ask for it: of more, the last `years`."""

    years: Count
    basis: Text
    """Where the figure comes from."""


class Answer(Shape, frozen=True, kw_only=True):
    """Within how many working days the authority answers what is handed over to it (答复期限)."""

    days: Count
    basis: Text
    """Where the figure comes from."""


class CarryOver(Rule, frozen=True, kw_only=True):
    """Hours of `category` above `threshold` go into the next year on a pass and live `years` (结转)."""

    category: Category
    threshold: Decimal
    years: Count


class Deadline(Rule, frozen=True, kw_only=True):
    """Until when hours of a year are handed in (登记截止): `grace` days after its last one (宽限期).

    The activity falls in the year all the same; others may decide later on what was handed in by then. Years
    before `first` have no deadline but their close.
    """

    first: Year
    grace: Annotated[int, Meta(ge=0, le=366)]

    def last_day(self, year: int, years: Years) -> date | None:
        """The last day on which hours of `year` are handed in; None for a year that has no such day."""
        return years.last_day(year) + timedelta(days=self.grace) if year >= self.first else None


class Waiver(Rule, frozen=True, kw_only=True):
    """A ground on which hours that a year requires are waived (减免): how many, for how long, who decides.

    Exactly one of `hours`, by category, and `whole` is given: the most that may be waived of a year.
    """

    kind: WaiverKind
    applicants: Annotated[tuple[Literal["teacher", "school"], ...], Meta(min_length=1)]
    deciders: Annotated[tuple[Literal["centre", "city"], ...], Meta(min_length=1)]
    years: Count
    """How many years one waiver spans at most."""
    hours: Mapping[Category, Decimal] = {}
    whole: bool = False
    evidence: bool = False
    """Whether files have to come with it."""


class Deduction(Rule, frozen=True, kw_only=True):
    """What is deducted of a year's hours where an inspection of it is failed (扣减), and who deducts it."""

    deciders: Annotated[tuple[Literal["school", "centre", "city", "education"], ...], Meta(min_length=1)]
    categories: Annotated[tuple[Category, ...], Meta(min_length=1)]
    """Into which hours are posted; what is deducted is taken of the first as far as it goes, then on."""
    hours: Decimal | None = None
    """In the unit of the pack; None where the text leaves it blank and nobody has set it."""
    withholds: bool = False
    """Whether the year does not pass, whatever is left of it, and so gets no certificate."""


class Plausibility(Shape, frozen=True, kw_only=True):
    """What completed courses can be at most; beyond it they are marked for somebody to look at."""

    day: Decimal
    """Hours that one day holds, over all courses of a teacher."""
    basis: Text
    """Where the figure comes from."""
