"""Results of a plan (考核结果): which are taken, and the records that those who passed get."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from hours.plans.domain.entries import Grade, Result
from hours.plans.domain.plan import Plan, Refused
from hours.records.domain.numbers import made
from hours.records.domain.registration import Details, Registration
from shared.policy.categories import Category

Outcome = Literal["taken", "changed", "unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """A result on file, and what came of it."""

    teacher: str
    hours: Decimal
    grade: Grade
    handed_in: datetime
    """When the school said this of the teacher; the same again keeps it."""
    records: int
    """How many records the plan has given them: each that is reversed may be followed by another one."""
    registered: bool
    """Whether one of them came of this result; if that is reversed, the result has to be said anew."""
    record: str | None = None
    """The record out of the plan that stands, be it one of those or what they were corrected into."""

    def result(self) -> Result:
        """As it was handed in."""
        return Result(teacher=self.teacher, hours=self.hours, grade=self.grade)


def judge(plan: Plan, result: Result, known: Assessed | None, *, own: bool) -> Outcome | Refused:
    """Whether a result is taken; `own` is whether the teacher belongs to the school, or did in its days."""
    if not own:
        figures = {"teacher": result.teacher, "school": plan.school}
        return Refused(code="plan.teacher_elsewhere", params=figures, path="/teacher")
    if result.hours > plan.hours:
        return Refused(
            code="plan.hours_exceeded", params={"hours": result.hours, "planned": plan.hours}, path="/hours"
        )
    if known is None:
        return "taken"
    if known.result() == result:
        return "taken" if known.registered and known.record is None else "unchanged"
    if known.record is not None:
        figures = {"teacher": result.teacher, "record": known.record}
        return Refused(code="plan.result_registered", params=figures, path="/teacher")
    return "changed"


def record_of(plan: Plan, teacher: str, number: int) -> str:
    """The key of a teacher's record, from 1."""
    return made("plan", plan.plan, str(number), teacher)


def registrations(plan: Plan, results: Iterable[Assessed], category: Category) -> list[Registration]:
    """The next record of everybody who passed an approved plan, has none and did not lose it since."""
    assert plan.approved_at is not None, "results are those of an approved plan"
    details = Details(plan_approved_at=plan.approved_at)
    return [
        Registration(
            record=record_of(plan, one.teacher, one.records + 1),
            teacher=one.teacher,
            year=plan.year,
            rule=plan.rule,
            category=category,
            hours=one.hours,
            activity=plan.title,
            provider=plan.school,
            first=plan.first,
            last=plan.last,
            evidence="",
            details=details,
        )
        for one in results
        if one.grade == "passed" and one.record is None and not one.registered
    ]
