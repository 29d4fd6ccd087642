"""What is asked of a teacher beside sums of years (义务): being trained when new, practice, topics.

A kind is code, its figures are data. Nothing is posted by any of them; how somebody stands is told.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from msgspec import Meta

from shared.policy.categories import TOTAL, ZERO, Category, Item
from shared.policy.conversions import Unit
from shared.policy.cycles import Span, span_of
from shared.policy.shapes import Count, Rule, RuleId, Shape, Text
from shared.policy.years import Year

ObligationState = Literal["met", "open", "missed", "not_offered", "unknown", "not_asked"]
"""Fulfilled; not yet, and there is time; not, and it is over; only what nobody was offered is missing; not
to be told by what is known; asked of others or in other years."""

TopicId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]


class Obligation(Rule, frozen=True, kw_only=True, tag_field="kind"):
    """Something that a teacher has to do beside the hours of a year (义务)."""

    binding: bool
    """Whether somebody who misses it is held to it; else it is a warning (原则上)."""
    sources: tuple[RuleId, ...] = ()
    """Ways of registering whose records count; empty where all do."""
    roles: tuple[Text, ...] = ()
    """Posts of whom it is asked, as the roster names them (岗位); empty where it is asked of every post."""
    vocational_only: bool = False
    """Whether it is asked of teachers of vocational schools only."""


class NewTeacherTraining(Obligation, frozen=True, kw_only=True, tag="new_teacher_training", dict=True):
    """Hours or credits within so many months of taking up the post, also by category (适岗、试用期培训)."""

    unit: Unit = "hour"
    """Whether hours as held are asked for, or the credits that they made."""
    months: Count | None = None
    """None where the source does not say how long that is: nobody can be judged then."""
    minima: Mapping[Category, Decimal] = {}
    """By category; what is not named has none of its own."""
    total: Decimal

    @cached_property
    def asked(self) -> Mapping[Item, Decimal]:
        """What is asked of every item, with two places; the total is last."""
        return {**{name: ZERO + hours for name, hours in self.minima.items()}, TOTAL: ZERO + self.total}


class PracticeWindow(Shape, frozen=True, kw_only=True):
    """So many months within any so many years in a row."""

    years: Count
    months: Count


class EnterprisePractice(Obligation, frozen=True, kw_only=True, tag="enterprise_practice"):
    """Days in enterprises: so many weeks each year, and months within one of some windows (企业实践)."""

    weeks: Count | None = None
    """Each year; None where no single year asks."""
    week_days: Count | None = None
    """Working days by the official calendar that are a week."""
    windows: tuple[PracticeWindow, ...] = ()
    """One of them suffices; empty where none is asked."""
    month_days: Count | None = None
    """Calendar days that are a month."""


class Topic(Shape, frozen=True, kw_only=True):
    """Something that training is about, with its name in both languages."""

    id: TopicId
    name: Text
    name_zh: Text


class TopicCoverage(Obligation, frozen=True, kw_only=True, tag="topic_coverage", dict=True):
    """Topics that a teacher is trained in within some years, however long (必修内容)."""

    years: Count
    first: Year | None = None
    """They follow each other from this year on; None: any years in a row (滚动)."""
    last: Year | None = None
    """Last year of which the source speaks; None: until further notice."""
    topics: Annotated[tuple[Topic, ...], Meta(min_length=1)]
    needed: Count | None = None
    """How many of them suffice; None: all."""

    @property
    def required(self) -> int:
        """How many topics suffice."""
        return len(self.topics) if self.needed is None else self.needed

    def span(self, year: int) -> Span | None:
        """The years in which one lies, or that end with it; None where the source speaks of none."""
        return span_of(year, years=self.years, first=self.first, last=self.last)


class WholeTopic(Obligation, frozen=True, kw_only=True, tag="whole_topic"):
    """So many hours of a year on one of some topics: parts of two do not add up (任选一个专题学完)."""

    category: Category
    """Into which the hours go."""
    hours: Decimal
    """Of one topic, as held."""
    topics: Annotated[tuple[Topic, ...], Meta(min_length=1)]
    """Those of which one suffices."""
    first: Year | None = None
    """The first year whose topics these are; None: as far back as anybody asks."""
    last: Year | None = None
    """The last one; None: until further notice."""

    def holds(self, year: int) -> bool:
        """Whether these are the topics of a year."""
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)


AnyObligation = NewTeacherTraining | EnterprisePractice | TopicCoverage | WholeTopic
TOPICAL = (TopicCoverage, WholeTopic)
"""Kinds that name topics."""
