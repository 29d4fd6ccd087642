"""Who may do what with a course: apply, hand in, decide. Each question is answered by a refusal or None."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hours.courses.domain.course import Course
from hours.courses.domain.entries import Does, Outcome, Step
from shared.policy.calendar import months_after
from shared.policy.courses import CourseWay, Renewal
from shared.policy.names import caller_name
from shared.policy.pack import Pack

OUTCOMES: Mapping[Does, Sequence[Outcome]] = {
    "review": ("pass", "return", "refuse"),
    "report": ("pass",),
    "renewal": ("pass", "refuse"),
    "production": (),
}
"""What may come of a step: a report is signed and decides nothing; a renewal keeps the course or drops it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a caller such as `provider:C01`, and the account behind it."""

    kind: str
    id: str
    account: str

    @property
    def name(self) -> str:
        """As the journal says who did something."""
        return f"{self.kind}:{self.id}"

    @property
    def is_operator(self) -> bool:
        """Whether it acts for others."""
        return self.kind == "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing is done. `paths` point into what was sent."""

    code: str
    paths: tuple[str, ...] = ()
    figures: Mapping[str, Any]


def may_apply(way: CourseWay, actor: Actor, organisation: str) -> Refused | None:
    """Who builds courses applies for any library; where nothing is reviewed, for the own one only."""
    named = actor.kind in way.applicants and (way.steps or actor.id == organisation)
    if actor.is_operator or named:
        return None
    allowed = [caller_name(kind) for kind in way.applicants]
    return Refused(code="course.not_applicant", figures={"rule": way.id, "allowed": allowed})


def is_complete(way: CourseWay, form: Mapping[str, str]) -> Refused | None:
    """An application says whatever its form asks for."""
    missing = [name for name in way.form if not form.get(name, "").strip()]
    if not missing:
        return None
    paths = tuple(f"/form/{name}" for name in missing)
    return Refused(code="course.form_incomplete", paths=paths, figures={"missing": missing})


def steps_of(pack: Pack, way: CourseWay, organisation: str, applicant: str) -> list[Step]:
    """The steps of a course, with who takes each, and its renewal behind them."""
    keeper = next(rule.keeper for rule in pack.renewals if rule.id == way.renewal)
    steps = [
        Step(
            name=step.name,
            does=step.does,
            by=f"{step.by}:{organisation}" if step.by else applicant,
            term=step.term,
        )
        for step in way.steps
    ]
    return [
        *steps,
        Step(name="renewal", does="renewal", by=f"{keeper}:{organisation}", term=way.renewal),
    ]


def may_submit(course: Course, actor: Actor) -> Refused | None:
    """Who applied hands in, and only while that is awaited."""
    if not (actor.is_operator or actor.account == course.account):
        return Refused(code="course.not_awaited", figures={})
    if not course.with_applicant:
        return Refused(code="course.nothing_to_submit", figures={"course": course.course})
    return None


def may_decide(course: Course, actor: Actor, step: str, outcome: Outcome) -> Refused | None:
    """Whose step it is decides in it, and nobody on what the same account applied for."""
    awaited = course.step
    assert awaited is not None, "a course that is not over is in a step"
    if course.state == "returned" or awaited.name != step:
        return Refused(code="course.step_not_awaited", paths=("/step",), figures={"awaited": awaited.name})
    if not (actor.is_operator or actor.name == awaited.by):
        return Refused(code="course.not_awaited", figures={})
    if actor.account == course.account and not actor.is_operator and awaited.does != "renewal":
        return Refused(code="course.own_review", figures={})
    if outcome not in OUTCOMES[awaited.does]:
        allowed = OUTCOMES[awaited.does]
        return Refused(code="course.outcome_not_allowed", paths=("/outcome",), figures={"allowed": allowed})
    return None


def may_renew(pack: Pack, course: Course, day: date) -> Refused | None:
    """A course is not renewed before its time."""
    rule = pack.lookup(course.term or "")
    if not isinstance(rule, Renewal):
        return None
    first = months_after(course.received_on, 12 * rule.earliest)
    if day >= first:
        return None
    return Refused(code="course.renewal_early", figures={"first": first})


def only_applies(pack: Pack, kind: str) -> bool:
    """Whether callers of a kind apply for courses and decide on none: they see their own only."""
    deciding: Collection[str | None] = {
        *(step.by for way in pack.courses for step in way.steps),
        *(rule.keeper for rule in pack.renewals),
    }
    return kind not in deciding and any(kind in way.applicants for way in pack.courses)
