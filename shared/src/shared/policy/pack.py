"""The shapes of a rule pack (规则包). A pack is immutable; unknown keys and missing numbers do not load.

Points are whole; hours are exact decimals; a day is a date in the pack's time zone.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

Category = Literal["public", "professional", "elective"]
"""公需科目, 专业科目, 个人选修科目."""


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything read from a pack."""


class Rule(Shape, frozen=True, kw_only=True):
    """What every rule carries: the answer to why begins here."""

    id: str
    """As in the rule catalogue, for example `GZ-BP-04`."""
    clause: str
    """Where it stands in the source, in the source's own numbering."""
    words: str
    """The clause's words in Chinese, as printed in the source."""
    title: str
    """Short name in English."""
    title_zh: str
    """Short name in Chinese."""


# --- points -----------------------------------------------------------------------------------------


class PointsRule(Rule, frozen=True, kw_only=True, tag_field="kind"):
    """A way to earn points. `cap` bounds what a teacher may be granted under it in a calendar year."""

    cap: int | None = None


class SharedContent(PointsRule, frozen=True, kw_only=True, tag="shared_content"):
    """One award for each resource whose content nobody shared before."""

    points: int


class DiscussedTopic(PointsRule, frozen=True, kw_only=True, tag="discussed_topic"):
    """One award to a topic's author when `min_people` distinct others have replied."""

    min_people: int
    points: int


class FoundedWorkshop(PointsRule, frozen=True, kw_only=True, tag="founded_workshop"):
    """One award to the host for each workshop approved."""

    points: int


class HostedSession(PointsRule, frozen=True, kw_only=True, tag="hosted_session"):
    """One award for each session that a workshop's host creates in it."""

    points: int


class RatedResource(PointsRule, frozen=True, kw_only=True, tag="rated_resource"):
    """One award for a resource with `min_good` ratings of `good_stars` or more and a mean of `min_mean` or more."""

    min_good: int
    good_stars: int
    min_mean: Decimal
    points: int


class AttendedSession(PointsRule, frozen=True, kw_only=True, tag="attended_session"):
    """One award to each participant of a session with `min_people` participants and an outcome."""

    min_people: int
    points: int


class RecommendedHomework(PointsRule, frozen=True, kw_only=True, tag="recommended_homework"):
    """One award to the author of a homework that the workshop's host recommends."""

    points: int


class ActiveWorkshop(PointsRule, frozen=True, kw_only=True, tag="active_workshop"):
    """Awards to host and members of a workshop with `min_people` members and an outcome, once a year."""

    min_people: int
    host: int
    member: int


class FeaturedWorkshop(PointsRule, frozen=True, kw_only=True, tag="featured_workshop"):
    """Awards to host and members of a workshop put on the home page, once in its life."""

    host: int
    member: int


AnyPointsRule = (
    SharedContent
    | DiscussedTopic
    | FoundedWorkshop
    | HostedSession
    | RatedResource
    | AttendedSession
    | RecommendedHomework
    | ActiveWorkshop
    | FeaturedWorkshop
)


class Window(Shape, frozen=True, kw_only=True):
    """Days of the year, inclusive, as `MM-DD`, on which something is allowed."""

    first: str
    last: str


class Exchange(Rule, frozen=True, kw_only=True):
    """Points into hours (积分兑换): `rate` points are one hour, whole hours only."""

    rate: int
    caps: Mapping[Category, int]
    """Whole hours a calendar year; a category that is not named cannot be exchanged into."""
    window: Window | None = None
    """None: any time of the year."""


class CalendarYearExpiry(Rule, frozen=True, kw_only=True, tag_field="kind", tag="calendar_year"):
    """Points live until the end of the calendar year in which they were earned (清零)."""


class MonthsExpiry(Rule, frozen=True, kw_only=True, tag_field="kind", tag="months"):
    """Points live `months` months, to the end of the day; each day of earning is a lot."""

    months: int


AnyExpiry = CalendarYearExpiry | MonthsExpiry

# --- hours ------------------------------------------------------------------------------------------


class HourSource(Rule, frozen=True, kw_only=True, tag_field="kind"):
    """A way to have hours registered (学时登记)."""

    category: Category
    registrars: tuple[str, ...]
    """Kinds of caller that may register: platform, centre, teacher, school, research_department, distance_centre."""
    cap: Decimal | None = None
    """Hours counted a teacher and calendar year under this rule; what lies over it is kept, not counted."""
    evidence: bool = False
    """Whether a record without evidence is refused."""
    vocational_only: bool = False
    """Whether only teachers of vocational schools are eligible."""
    prior_approval: bool = False
    """Whether the record must name an approval that precedes its first day."""
    exclusive_with: tuple[str, ...] = ()
    """Rules under which the same programme cannot be claimed as well."""


class CompletedCourse(HourSource, frozen=True, kw_only=True, tag="completed_course"):
    """Online courses, registered automatically on completing all tasks."""


class DeliveredHours(HourSource, frozen=True, kw_only=True, tag="delivered_hours"):
    """Hours as held: classes, training, research activities, studios, degree study, school-based training."""


class OutcomeTable(HourSource, frozen=True, kw_only=True, tag="outcome_table"):
    """Outcomes of the year: authors up to `main_rank` are given `main` hours, others `other`."""

    main_rank: int
    main: Decimal
    other: Decimal


class HigherQualification(HourSource, frozen=True, kw_only=True, tag="higher_qualification"):
    """A national vocational qualification higher than the one held: `hours`, once a year."""

    hours: Decimal


class GradedCertificate(HourSource, frozen=True, kw_only=True, tag="graded_certificate"):
    """Hours by grade of a certificate; a grade without a number is refused as an incomplete rule."""

    grades: tuple[str, ...]
    hours: Mapping[str, Decimal] = {}


class ConvertedScore(HourSource, frozen=True, kw_only=True, tag="converted_score"):
    """A score of another platform: `rate` are one hour, whole hours; `proof` names the mandatory data."""

    rate: int
    proof: tuple[str, ...]


AnyHourSource = (
    CompletedCourse | DeliveredHours | OutcomeTable | HigherQualification | GradedCertificate | ConvertedScore
)

# --- verification -----------------------------------------------------------------------------------


class Requirement(Shape, frozen=True, kw_only=True):
    """Hours required in the calendar years `first` to `last` (None: until further notice)."""

    first: int
    last: int | None = None
    public: Decimal
    professional: Decimal
    elective: Decimal
    total: Decimal
    basis: str
    """Where the figures come from."""


class Verification(Shape, frozen=True, kw_only=True):
    """Annual verification (年度验证): the rules that govern it and who decides when nothing else is set."""

    rules: tuple[Rule, ...]
    authority: Literal["local", "province"]


class CarryOver(Rule, frozen=True, kw_only=True):
    """Hours of `category` above `threshold` go into the next year on a pass and live `years` (结转)."""

    category: Category
    threshold: Decimal
    years: int


class CertificateKind(Rule, frozen=True, kw_only=True):
    """A kind of certificate: `digit` is its place in the number; `division` the issuing authority's code."""

    name: Literal["annual"]
    digit: int
    division: str
    issuer: str
    """Name of the issuing authority in Chinese, as printed."""
    heading: str
    """Title printed on the certificate, in Chinese."""


# --- the pack ---------------------------------------------------------------------------------------


class Slot(Shape, frozen=True, kw_only=True):
    """A rule that the source numbers but whose text was not published: reserved, disabled, without values."""

    id: str
    clause: str
    section: Literal["points", "exchange", "hours"]
    note: str
    """What is missing, in English."""
    note_zh: str


class WorkingDays(Rule, frozen=True, kw_only=True):
    """A term in working days of the official Chinese calendar; the day of receipt is not counted."""

    days: int


class Principle(Rule, frozen=True, kw_only=True):
    """A rule without figures that other parts of the system carry out; `held_by` says which."""

    held_by: str


class Header(Shape, frozen=True, kw_only=True):
    """Whose rules, which version, from when to when, and from which document."""

    id: str
    version: str
    name: str
    name_zh: str
    division: str
    """GB/T 2260 code of the jurisdiction."""
    timezone: str
    valid_from: date
    valid_to: date | None = None
    source: str
    """The document's title in Chinese."""
    source_note: str


class Pack(Shape, frozen=True, kw_only=True):
    """One jurisdiction's rules for a period. `reference` goes into every posting made under it."""

    pack: Header
    points: tuple[AnyPointsRule, ...]
    exchange: Exchange
    expiry: AnyExpiry
    hours: tuple[AnyHourSource, ...]
    requirements: tuple[Requirement, ...]
    verification: Verification
    carry_over: CarryOver
    certificates: tuple[CertificateKind, ...]
    terms: tuple[WorkingDays, ...] = ()
    principles: tuple[Principle, ...] = ()
    slots: tuple[Slot, ...] = ()

    @property
    def reference(self) -> str:
        """`<id>@<version>`, as the journal's `policy` column holds it."""
        return f"{self.pack.id}@{self.pack.version}"
