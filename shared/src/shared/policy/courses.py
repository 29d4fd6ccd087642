"""How courses come into the library and stay there (课程建设): who applies, which steps follow, renewal.

The kinds of step are code; which steps there are, who takes them and within which term is data.
"""

from typing import Annotated, Literal

from msgspec import Meta

from shared.policy.shapes import Count, Rule, RuleId, Shape, Text

Party = Literal["provider", "host", "centre", "distance_centre", "city"]
"""Who applies for a course or decides on it.

培训机构, 坊主, 教师发展中心, 远程培训教师发展中心, 市主管部门.
"""

StepName = Annotated[str, Meta(pattern=r"^[a-z][a-z_]*$")]


class CourseStep(Shape, frozen=True, kw_only=True):
    """One step: a review that may pass, return or refuse; production by who applied; a signed report."""

    name: StepName
    title: Text
    title_zh: Text
    does: Literal["review", "production", "report"]
    by: Party | None = None
    """Who takes it; nobody is named for production, which is with who applied."""
    term: RuleId | None = None
    """Within which of the pack's terms. Steps that follow one another under one term share its days."""


class CourseWay(Rule, frozen=True, kw_only=True):
    """A way into the library (课程资源库): after the last step the course is in it."""

    level: Literal["city", "district"]
    """Of the organisation whose library it is."""
    applicants: Annotated[tuple[Party, ...], Meta(min_length=1)]
    form: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """What the application form has to say, by name."""
    steps: tuple[CourseStep, ...] = ()
    """In order. Empty: who applies builds and keeps the library, and nobody reviews."""
    renewal: RuleId


class Renewal(Rule, frozen=True, kw_only=True):
    """A course of the library is renewed or dropped between `earliest` and `latest` years (课程更新)."""

    earliest: Annotated[int, Meta(ge=0)]
    latest: Count
    keeper: Party
    """Who decides."""
    blocks_enrolment: bool
    """Whether nobody enrols any more in a course that is past `latest`; who is enrolled goes on."""


class WorkingDays(Rule, frozen=True, kw_only=True):
    """A term in working days of the official Chinese calendar; the day of receipt is not counted."""

    days: Count
