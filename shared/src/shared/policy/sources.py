"""The kinds of way to have hours registered (学时来源): of what, by whom, through what, at most how many.

A kind is code, its numbers are data; every rule can say its clause and that clause's words. Hours are exact
decimals. Bounds that one value must keep by itself are in its type here; what several values must keep
together is in `hour_checks`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from shared.policy.categories import Category
from shared.policy.conversions import CycleCap, Term
from shared.policy.factors import DeclaredFactor
from shared.policy.shapes import Count, Rule, RuleId, Shape, Text

Registrar = Literal[
    "platform", "centre", "teacher", "school", "research_department", "distance_centre", "city", "education"
]
"""Who may register hours: 广州继教网 itself, 教师发展中心, 教师, 学校, 教研部门, 远程培训教师发展中心;
市继续教育主管部门 and 省教育厅 what they hold themselves."""

Through = Literal["completion", "declaration", "class", "plan"]
"""How hours are registered: 课程完成自动记录, 申报, 培训班, 校本研修计划."""

Reviewer = Annotated[
    str,
    Meta(
        pattern=r"^(school|(centre|research_department)(@(city|district))?|(distance_centre|city)(@city)?)$"
    ),
]
"""Who reviews: a kind of caller, that of the teacher's school or of what the school stands directly below;
with a level, one that is bound there (`centre@city`)."""

Approver = Annotated[str, Meta(pattern=r"^(centre(@(city|district))?|distance_centre@city|city|education)$")]
"""Who may approve a class: 教师发展中心, also by where it is bound; 市远程培训教师发展中心;
市继续教育主管部门, 省教育厅."""

AUTHORITIES = {"centre", "city", "education"}
"""Kinds of approvers that decide on annual plans as well; distance-training centres approve classes only."""

ProfileField = Literal["district", "stage", "role", "title", "joined_on", "citizen_id"]
"""What a roster may know of a person beyond name and school (个人资料)."""

# --- points -----------------------------------------------------------------------------------------


class Score(Shape, frozen=True, kw_only=True):
    """A weighted score (加权成绩): how much each part of 0 to 100 weighs of 1, and the mark that passes."""

    weights: Annotated[Mapping[Text, Decimal], Meta(min_length=1)]
    pass_mark: Decimal


class Absence(Shape, frozen=True, kw_only=True):
    """The part of a class, inclusive, whose absence excludes from its assessment (缺课)."""

    numerator: Count
    denominator: Count


Approvers = Annotated[tuple[Approver, ...], Meta(min_length=1)]


class Approval(Shape, frozen=True, kw_only=True):
    """Who approves classes of a level that are held in a form (分级审批)."""

    level: Literal["province", "city", "district"]
    """Of the organisation that holds the class."""
    format: Text
    approvers: Approvers


class Classes(Shape, frozen=True, kw_only=True):
    """How classes (培训班) under a rule are approved, filled and assessed."""

    approvers: Approvers
    """Who may approve what lies in their reach, though never what they proposed."""
    approvals: tuple[Approval, ...] = ()
    """Classes that others approve than `approvers`."""
    formats: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """Ways of holding a class, such as concentrated or online (培训形式)."""
    profile: tuple[ProfileField, ...] = ()
    """What the roster must know of a teacher before enrolment."""
    annual_plan: bool = False
    """Whether a class is held until its entry of an annual plan, or an authority by itself, admits it."""
    absence: Absence | None = None
    """What excludes from the assessment; None: the result that is handed in decides."""
    score: Score | None = None
    """None: each class says its own, or its results are handed in as passed or failed."""

    def approvers_of(self, level: str, form: str) -> Approvers:
        """Who approves a class of an organisation of a level, held in a form."""
        said = (one.approvers for one in self.approvals if (one.level, one.format) == (level, form))
        return next(said, self.approvers)

    def authorities_at(self, level: str) -> tuple[str, ...]:
        """Who decides on annual plans: the authorities among those who approve classes of a level."""
        said = (self.approvers_of(level, form) for form in self.formats)
        named = dict.fromkeys(one for approvers in said for one in approvers)
        return tuple(one for one in named if one.partition("@")[0] in AUTHORITIES)


class HourSource(Rule, frozen=True, kw_only=True, tag_field="kind"):
    """A way to have hours registered (学时登记)."""

    category: Category
    registrars: Annotated[tuple[Registrar, ...], Meta(min_length=1)]
    """Kinds of caller that may register."""
    through: Through
    reviewers: tuple[Reviewer, ...] = ()
    """Who reviews a declaration, or results of a plan or a class, in order (审核); the last one recognises
    (认定). Empty: the rule trusts who registers."""
    lead_months: Count | None = None
    """Months before its first day by which a class or a plan is submitted (提前报送); None: no such term."""
    classes: Classes | None = None
    """For a rule whose hours come through classes."""
    cap: Decimal | None = None
    """What counts a teacher and calendar year under this rule; what lies over it is kept, not counted."""
    cycle_cap: CycleCap | None = None
    record_cap: Decimal | None = None
    """The most that one record gives, before what a year or a cycle may count (单次最高)."""
    conversion: RuleId | None = None
    """What makes credits of its hours; None where hours are counted."""
    mode: Term | None = None
    """The form of training that all its hours have, which the conversion asks for (培训形式); None: a class
    has a format, and who declares says it."""
    reward: RuleId | None = None
    """What is given on top; None: nothing."""
    evidence: bool = False
    """Whether a record without evidence is refused."""
    vocational_only: bool = False
    """Whether only teachers of vocational schools are eligible."""
    prior_approval: bool = False
    """Whether the record must name an approval that precedes its first day."""
    diploma_within: RuleId | None = None
    """The cycle in which the diploma must have been obtained (毕业证书取得日期); None: none is asked for."""
    exclusive_with: tuple[str, ...] = ()
    """Rules under which the same programme cannot be claimed as well; each of them names this one too."""
    exclusive_in_year: bool = False
    """Whether they exclude each other within one year only: one activity, not a study of years."""


class CompletedCourse(HourSource, frozen=True, kw_only=True, tag="completed_course"):
    """Online courses, registered automatically on completing all tasks."""


class DeliveredHours(HourSource, frozen=True, kw_only=True, tag="delivered_hours"):
    """Hours as held: classes, training, research activities, studios, degree study, school-based training."""


class OutcomeTable(HourSource, frozen=True, kw_only=True, tag="outcome_table"):
    """Outcomes of the year: authors up to `main_rank` are given `main` hours, others `other`."""

    main_rank: Count
    main: Decimal
    other: Decimal


class HigherQualification(HourSource, frozen=True, kw_only=True, tag="higher_qualification"):
    """A national vocational qualification higher than the one held: `hours`, once a year."""

    hours: Decimal


class DegreeStudy(HourSource, frozen=True, kw_only=True, tag="degree_study"):
    """Study towards a degree that is high enough for the stage in which one teaches; hours as held."""

    degrees: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """From the lowest up."""
    floors: Mapping[Text, Text]
    """The lowest degree that counts, by stage as the roster names it."""


class GradedCertificate(HourSource, frozen=True, kw_only=True, tag="graded_certificate"):
    """Hours by grade of a certificate; a grade without a number is refused as an incomplete rule."""

    grades: Annotated[tuple[Text, ...], Meta(min_length=1)]
    hours: Mapping[str, Decimal] = {}


class ConvertedScore(HourSource, frozen=True, kw_only=True, tag="converted_score"):
    """A score of another platform: `rate` are one hour, whole hours; `proof` names the mandatory data."""

    rate: Count
    proof: Annotated[tuple[Text, ...], Meta(min_length=1)]
    figures: Mapping[Text, Literal["score", "hours"]] = {}
    """Data of the proof that are the score, or the hours that it gives, and have to agree with them."""


class Stay(HourSource, frozen=True, kw_only=True, tag="stay"):
    """Days somewhere, from one to another, that give no hours, such as practice in an enterprise (企业实践).

    What asks for them counts their days; the category is that under which they are filed.
    """


class RecognisedElsewhere(HourSource, frozen=True, kw_only=True, tag="recognised_elsewhere"):
    """Lines of a transcript of another jurisdiction (学时认定), by the first factor that fits, or none."""

    factors: tuple[DeclaredFactor, ...] = ()


AnyHourSource = (
    CompletedCourse
    | DeliveredHours
    | OutcomeTable
    | HigherQualification
    | DegreeStudy
    | GradedCertificate
    | ConvertedScore
    | Stay
    | RecognisedElsewhere
)
