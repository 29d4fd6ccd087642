"""What the journal says of courses. What a form says stays beside it: here is its digest only."""

from typing import Literal

import msgspec

Does = Literal["review", "production", "report", "renewal"]
"""What a step is; renewal follows them all, again and again."""
Outcome = Literal["pass", "return", "refuse"]
"""通过, 退回修改, 不通过."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step as the rules named it when the course was applied for."""

    name: str
    does: Does
    by: str
    """Whose step it is: a caller, such as `distance_centre:C01`."""
    term: str | None
    """The rule that says within which time."""


class CourseApplied(msgspec.Struct, frozen=True, kw_only=True):
    """`course.applied.v1`: somebody wants a course in the library of an organisation."""

    course: str
    rule: str
    organisation: str
    title: str
    applicant: str
    account: str
    """Of who applied, as the issuer names it."""
    form: str
    steps: list[Step]


class CourseSubmitted(msgspec.Struct, frozen=True, kw_only=True):
    """`course.submitted.v1`: who applied handed in what was returned, or the finished course."""

    course: str
    step: str
    by: str
    account: str
    form: str


class CourseDecided(msgspec.Struct, frozen=True, kw_only=True):
    """`course.decided.v1`: a step passed, was returned or refused; a refused renewal drops the course."""

    course: str
    step: str
    outcome: Outcome
    reason: str
    by: str
    account: str


Fact = CourseApplied | CourseSubmitted | CourseDecided
