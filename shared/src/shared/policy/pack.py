"""The shapes of a rule pack (规则包). A pack is immutable; unknown keys and missing numbers do not load.

The kinds of rule and all other shapes have modules of their own. `Pack.lookup` tells an enabled rule, a
reserved one and an unknown id apart; every part of the system that meets a rule id asks it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Annotated

from msgspec import Meta

from shared.policy.calendar import Years
from shared.policy.categories import Category, CategoryDefinition, Item, Part, leaves, parts_of
from shared.policy.certificates import CertificateKind
from shared.policy.conversions import Conversion, Reward, Unregistered
from shared.policy.courses import CourseWay, Renewal, WorkingDays
from shared.policy.cycles import Cycle, Span
from shared.policy.examples import AnyExample
from shared.policy.header import Header, Principle, Slot
from shared.policy.obligations import TOPICAL, AnyObligation, Topic
from shared.policy.points import AnyExpiry, AnyPointsRule, Exchange
from shared.policy.requirement import Asked
from shared.policy.shapes import Rule, Shape
from shared.policy.sources import AnyHourSource, RecognisedElsewhere
from shared.policy.years import (
    Answer,
    CarryOver,
    Deadline,
    Deduction,
    Plausibility,
    Proof,
    Requirement,
    Verification,
    Waiver,
)

SECTIONS = (
    "points",
    "hours",
    "conversions",
    "rewards",
    "unregistered",
    "waivers",
    "deductions",
    "cycles",
    "obligations",
    "certificates",
    "courses",
    "renewals",
    "terms",
    "principles",
    "slots",
)
"""Lists of rules and slots."""
ALONE = ("exchange", "expiry", "carry_over", "deadline")
"""Rules that a pack states once, or not at all."""


class Pack(Shape, frozen=True, kw_only=True, dict=True):
    """One jurisdiction's rules for a period. `reference` goes into every posting made under it."""

    pack: Header
    categories: Annotated[tuple[CategoryDefinition, ...], Meta(min_length=1)]
    points: tuple[AnyPointsRule, ...] = ()
    """Empty: no points are given."""
    exchange: Exchange | None = None
    """None: points become no hours."""
    expiry: AnyExpiry | None = None
    """None where no points are given."""
    hours: tuple[AnyHourSource, ...]
    conversions: tuple[Conversion, ...] = ()
    """Empty where hours are counted."""
    rewards: tuple[Reward, ...] = ()
    unregistered: tuple[Unregistered, ...] = ()
    """What is not registered, whoever hands it in."""
    requirements: tuple[Requirement, ...] = ()
    """By calendar year; empty where cycles alone ask for something."""
    cycles: tuple[Cycle, ...] = ()
    """Each for itself: one activity counts in all of them."""
    obligations: tuple[AnyObligation, ...] = ()
    """What is asked of a teacher beside sums of years, each for itself."""
    verification: Verification
    carry_over: CarryOver | None = None
    """None: hours above what a year asks end with it."""
    answer: Answer | None = None
    """None: nobody is known to answer within a term."""
    proof: Proof | None = None
    """None: nothing is said of several years in one proof."""
    waivers: tuple[Waiver, ...] = ()
    """Empty: nothing is waived, whatever the ground."""
    deductions: tuple[Deduction, ...] = ()
    """Empty: a failed inspection takes no hours."""
    deadline: Deadline | None = None
    """None: registration for a year ends when the year is closed."""
    certificates: tuple[CertificateKind, ...]
    courses: tuple[CourseWay, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    plausibility: Plausibility | None = None
    """None: nothing is marked."""
    terms: tuple[WorkingDays, ...] = ()
    principles: tuple[Principle, ...] = ()
    slots: tuple[Slot, ...] = ()
    examples: tuple[AnyExample, ...] = ()
    """Nothing is decided by them."""

    @cached_property
    def posted(self) -> Sequence[Category]:
        """The categories into which hours are posted, in order."""
        return leaves(self.categories)

    @cached_property
    def parts(self) -> Mapping[Item, tuple[Part, ...]]:
        """What counts towards each category, in order, and towards the total, which is last."""
        return parts_of(self.categories, None if self.carry_over is None else self.carry_over.category)

    @property
    def targets(self) -> Mapping[Category, int]:
        """Whole hours a calendar year that points can become, by category."""
        return {} if self.exchange is None else self.exchange.caps

    @property
    def exchanged_by(self) -> Exchange:
        """The rule by which something was exchanged.

        Raises: LookupError: points become no hours here.
        """
        if self.exchange is None:
            raise LookupError(self.reference)
        return self.exchange

    @property
    def expired_by(self) -> AnyExpiry:
        """The rule by which points live.

        Raises: LookupError: no points are given here.
        """
        if self.expiry is None:
            raise LookupError(self.reference)
        return self.expiry

    @property
    def carried_by(self) -> CarryOver:
        """The rule by which something was carried over.

        Raises: LookupError: nothing is carried over here.
        """
        if self.carry_over is None:
            raise LookupError(self.reference)
        return self.carry_over

    @cached_property
    def years(self) -> Years:
        """When the years of the jurisdiction begin and end."""
        month, day = self.pack.year_begins.split("-")
        return Years(int(month), int(day), self.pack.timezone)

    @property
    def reference(self) -> str:
        """`<id>@<version>`, as the journal's `policy` column holds it."""
        return f"{self.pack.id}@{self.pack.version}"

    def placed(self) -> Iterator[tuple[str, Rule | Slot]]:
        """Yield every rule and slot with its key in the file, such as `points[3]`."""
        for section in SECTIONS:
            for index, rule in enumerate(getattr(self, section)):
                yield f"{section}[{index}]", rule
        for index, rule in enumerate(self.verification.rules):
            yield f"verification.rules[{index}]", rule
        for name in ALONE:
            rule = getattr(self, name)
            if rule is not None:
                yield name, rule

    def uncovered(self) -> list[str]:
        """The clauses of the document on which no rule, slot or principle stands."""
        grounds = [rule.clause for _, rule in self.placed()]
        return [
            clause for clause in self.pack.clauses if not any(ground.startswith(clause) for ground in grounds)
        ]

    @cached_property
    def _by_id(self) -> Mapping[str, Rule | Slot]:
        return {rule.id: rule for _, rule in self.placed()}

    def lookup(self, rule_id: str) -> Rule | Slot | None:
        """Return the enabled rule, the disabled slot, or None for an id that this pack does not know."""
        return self._by_id.get(rule_id)

    def rule(self, rule_id: str) -> Rule:
        """Return an enabled rule whose id is known to be right, such as one that a posting names.

        Raises:
            KeyError: there is none; ask `lookup` about ids that come from outside.

        """
        found = self._by_id[rule_id]
        if isinstance(found, Slot):
            raise KeyError(rule_id)
        return found

    def slot(self, rule_id: str) -> Slot | None:
        """Return the disabled slot of that id."""
        found = self.lookup(rule_id)
        return found if isinstance(found, Slot) else None

    def source(self, rule_id: str) -> AnyHourSource | None:
        """Return the enabled way to have hours registered of that id."""
        return next((source for source in self.hours if source.id == rule_id), None)

    @cached_property
    def recognising(self) -> Sequence[RecognisedElsewhere]:
        """The rules by which hours of other jurisdictions are recognised, in order."""
        return [source for source in self.hours if isinstance(source, RecognisedElsewhere)]

    @property
    def counts_credits(self) -> bool:
        """Whether hours are counted as the credits that they make."""
        return self.pack.unit == "credit"

    def conversion_of(self, source: AnyHourSource) -> Conversion | None:
        """What makes credits of hours under a rule; None where hours are counted."""
        return next((rule for rule in self.conversions if rule.id == source.conversion), None)

    def reward_of(self, source: AnyHourSource) -> Reward | None:
        """What is given on top of the credits that hours under a rule make."""
        return next((rule for rule in self.rewards if rule.id == source.reward), None)

    def certificate(self, name: str) -> CertificateKind:
        """Return the kind of certificate of that name, of a pack by which certificates are issued."""
        return next(kind for kind in self.certificates if kind.name == name)

    def certifies(self, cycle: str | None) -> CertificateKind | None:
        """Return the kind of certificate of a cycle, or of single years; None where there is none of it."""
        return next((kind for kind in self.certificates if kind.cycle == cycle), None)

    def certified(self, kind: CertificateKind, first: int) -> Span:
        """The years of a certificate of that kind that begins with `first`."""
        cycle = None if kind.cycle is None else self.cycle(kind.cycle)
        return Span(first, first if cycle is None else first + cycle.years - 1)

    def waiver(self, kind: str) -> Waiver | None:
        """Return what the pack says of a ground for waivers; None where it gives no figures."""
        return next((waiver for waiver in self.waivers if waiver.kind == kind), None)

    def deduction(self, rule_id: str) -> Deduction | None:
        """Return the rule of that id by which hours of a year are deducted."""
        return next((rule for rule in self.deductions if rule.id == rule_id), None)

    def registered_until(self, year: int) -> date | None:
        """The last day on which hours of `year` are handed in; None where only its close ends that."""
        return None if self.deadline is None else self.deadline.last_day(year, self.years)

    def asked(self, year: int) -> Asked | None:
        """What `year` asks of everybody; None where the pack's table does not reach."""
        row = self.requirement(year)
        if row is None:
            return None
        minima = {item: row.asked[item] for item in self.parts if item in row.asked}
        return Asked(minima=minima, parts=self.parts, basis=row.basis)

    def cycle(self, rule_id: str) -> Cycle | None:
        """Return the cycle of that id."""
        return next((cycle for cycle in self.cycles if cycle.id == rule_id), None)

    def obligation(self, rule_id: str) -> AnyObligation | None:
        """Return the obligation of that id."""
        return next((one for one in self.obligations if one.id == rule_id), None)

    @cached_property
    def topics(self) -> Mapping[str, Topic]:
        """Every topic that an obligation names, by id."""
        topical = (one for one in self.obligations if isinstance(one, TOPICAL))
        return {topic.id: topic for one in topical for topic in one.topics}

    @cached_property
    def own_parts(self) -> Mapping[Item, tuple[Part, ...]]:
        """The same without hours that were carried in, which several years together have already."""
        return parts_of(self.categories, None)

    def category(self, name: str) -> CategoryDefinition | None:
        """The category of that id."""
        return next((one for one in self.categories if one.id == name), None)

    def requirement(self, year: int) -> Requirement | None:
        """Return what `year` requires, or None where the pack's table does not reach."""
        return next(
            (
                row
                for row in self.requirements
                if row.first <= year and (row.last is None or year <= row.last)
            ),
            None,
        )
