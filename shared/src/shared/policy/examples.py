"""Worked examples (算例) that a pack keeps of its own rules: what is given, and what must come of it.

They are worked out by hand from the clause, not by the code that they try. Services pass them over.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from shared.policy.categories import Hours, Item
from shared.policy.obligations import ObligationState
from shared.policy.shapes import Count, RuleId, Shape, Text
from shared.policy.sources import Score
from shared.policy.years import Year


class ExampleTeacher(Shape, frozen=True, kw_only=True):
    """Who registers, as far as rules ask."""

    stage: str = ""
    """Stage in which one teaches, as the roster names it (学段)."""
    vocational: bool = False
    role: str = ""
    """The post, as the roster names it (岗位)."""


class ExampleDetails(Shape, frozen=True, kw_only=True):
    """Structured facts behind a record, named and meant as in a record that is handed in."""

    rank: Count | None = None
    score: Annotated[int, Meta(ge=0)] | None = None
    proof: Mapping[Text, Text] | None = None
    level_from: Count | Literal["none"] | None = None
    level_to: Count | None = None
    approved_at: datetime | None = None
    plan_approved_at: datetime | None = None
    grade: Text | None = None
    degree: Text | None = None
    programme: Text | None = None
    progress: Decimal | None = None
    topics: tuple[Text, ...] | None = None
    mode: Text | None = None
    level: Text | None = None
    diploma_on: date | None = None


class ExampleRecord(Shape, frozen=True, kw_only=True):
    """One record of the example's year, in the way of its rule."""

    rule: RuleId
    year: Year | None = None
    """None: the year of the example; of an obligation's, that of the last day where days are said."""
    hours: Decimal | None = None
    """None where the rule computes them from the details."""
    details: ExampleDetails | None = None
    evidence: bool = True
    """Whether something proves it."""
    by: Text | None = None
    """Kind of caller that registers; None: the first of the rule's registrars."""
    first: date | None = None
    last: date | None = None
    """First and last day of the activity; None: a day in the middle of the year."""
    on: date | None = None
    """Day of registering; None: the last day of the activity."""


class Example(Shape, frozen=True, kw_only=True, tag_field="kind"):
    """What a clause means, on figures."""

    words: Text
    """What it shows."""
    year: Year


class RecordsExample(Example, frozen=True, kw_only=True, tag="records"):
    """One teacher's records in order of registration: what of each counts, or why the last one is refused."""

    records: Annotated[tuple[ExampleRecord, ...], Meta(min_length=1)]
    counted: tuple[Decimal, ...] = ()
    """What counts of each record that is taken, after caps, in the unit of the pack."""
    refused: str = ""
    """Code of the refusal of the last record; empty where it is taken."""
    teacher: ExampleTeacher = msgspec.field(default_factory=ExampleTeacher)


class ExamplePart(Shape, frozen=True, kw_only=True):
    """A part of a score: `value` out of `of`."""

    value: Decimal
    of: Decimal


class AssessmentExample(Example, frozen=True, kw_only=True, tag="assessment"):
    """What one teacher comes out of a class with: attendance, then the result or the parts of a score."""

    rule: RuleId
    hours: Decimal
    """Of the class."""
    absent: Decimal = Decimal(0)
    """Hours missed, excused or not."""
    score: Score | None = None
    """What the class weighs, where the rule leaves that to it."""
    parts: Mapping[Text, ExamplePart] = {}
    result: Literal["passed", "failed"] | None = None
    """As handed in, where nothing is weighed."""
    outcome: Literal["passed", "failed", "excluded"]
    marks: Decimal | None = None
    """Of 100, where a score is weighed."""


class SeatsExample(Example, frozen=True, kw_only=True, tag="seats"):
    """Who enrols in a class how-manieth: whether that is a seat, or waiting for one."""

    rule: RuleId
    capacity: Count
    place: Count
    """In the order of enrolment, from 1; nobody before has withdrawn."""
    state: Literal["enrolled", "waiting"]


class SubmissionExample(Example, frozen=True, kw_only=True, tag="submission"):
    """A class that is proposed on one day and opens on another: whether that is too late."""

    rule: RuleId
    submitted: date
    opens: date
    late: bool


class CertificateExample(Example, frozen=True, kw_only=True, tag="certificate"):
    """A certificate of a year, or of the cycle that begins with it: its number, and whether it is valid."""

    certificate: Text
    """Its kind, by name."""
    serial: Count
    """Within division, year and kind."""
    number: Text
    on: date
    state: Literal["valid", "expired"]


class DeductionsExample(Example, frozen=True, kw_only=True, tag="deductions"):
    """What counts for one teacher in a year, and what is deducted of it: what each takes, what is missing."""

    hours: Hours
    """By category, before anything is deducted."""
    deductions: Annotated[tuple[RuleId, ...], Meta(min_length=1)]
    """The rules by which something is deducted, in order."""
    taken: tuple[Hours, ...] = ()
    """What each that is made takes, by category; nothing of a category of which none is."""
    short: tuple[Decimal, ...] = ()
    """What each could not take."""
    refused: str = ""
    """Code of the refusal of the last one; empty where it is made."""


class CycleExample(Example, frozen=True, kw_only=True, tag="cycle"):
    """What counts for one teacher in each year of a cycle up to `year`: whether it suffices."""

    cycle: RuleId
    years: Annotated[tuple[Hours, ...], Meta(min_length=1)]
    """By category, from the first year of the cycle on; years after the last one that is named have none."""
    outcome: Literal["pass", "fail"]
    missing: Mapping[Item, Decimal] = {}
    """What is short of each item that is, after what stands in for it."""
    short: tuple[Year, ...] = ()
    """Years that miss what each year asks, whether that fails the cycle or warns."""


class ObligationExample(Example, frozen=True, kw_only=True, tag="obligation"):
    """One teacher's records, of whatever years: how an obligation stands in `year`."""

    obligation: RuleId
    on: date | None = None
    """Day on which it is asked; None: when the year is over."""
    joined_on: date | None = None
    """None where the roster does not know it."""
    teacher: ExampleTeacher = msgspec.field(default_factory=ExampleTeacher)
    records: tuple[ExampleRecord, ...] = ()
    offered: tuple[Text, ...] | None = None
    """Topics that anybody was offered; None: all of them."""
    state: ObligationState
    missing: tuple[Decimal, ...] = ()
    """What is short of each check, in order; empty where nothing is."""
    lacking: tuple[Text, ...] = ()
    """Topics that were offered and not taken."""


class YearExample(Example, frozen=True, kw_only=True, tag="year"):
    """One teacher's counted hours of a year: whether they suffice, and what goes over."""

    hours: Hours
    """By category; `carried_in` are those of the year before."""
    outcome: Literal["pass", "fail"]
    missing: Mapping[Item, Decimal] = {}
    """Hours short, of each item that is; empty on a pass."""
    carry_out: Decimal
    """Hours that go over into the next year."""
    expired: Decimal
    """Hours carried in that end unused."""


AnyExample = (
    RecordsExample
    | AssessmentExample
    | SeatsExample
    | SubmissionExample
    | YearExample
    | DeductionsExample
    | CycleExample
    | CertificateExample
    | ObligationExample
)
