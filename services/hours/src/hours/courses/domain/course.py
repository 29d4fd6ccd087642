"""A course (课程) as it stands: a fold of what was said of it, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, assert_never

import msgspec

from hours.courses.domain.entries import CourseApplied, CourseDecided, CourseSubmitted, Fact, Outcome, Step
from shared.policy.calendar import day_of

State = Literal["pending", "returned", "refused", "listed", "dropped"]
"""在办, 退回, 不通过, 已入库, 已淘汰."""
Came = Outcome | Literal["submit"]
"""What came of a step: a decision, or that something was handed in."""


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """What was done in a step: when its matter was received, what came of it, by whom."""

    step: str
    term: str | None
    received_on: date
    done_on: date
    outcome: Came
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course as it stands. Once it is listed, its id names it in the library."""

    course: str
    rule: str
    organisation: str
    title: str
    applicant: str
    account: str
    form: str
    """Digest of what was handed in last."""
    steps: Sequence[Step]
    """As the rules named them; the last one is the renewal."""
    state: State
    step_number: int
    """Which of the steps it is in."""
    received_on: date
    """When the matter of this step was received; of a renewal, when the course was listed or renewed."""
    moved_at: datetime
    deeds: Sequence[Deed]

    @property
    def step(self) -> Step | None:
        """The step that it is in; None where it is over."""
        return None if self.state in {"refused", "dropped"} else self.steps[self.step_number]

    @property
    def awaits(self) -> str | None:
        """Who is to act next: who has the step, or who applied."""
        if self.state == "returned":
            return self.applicant
        return None if self.step is None else self.step.by

    @property
    def term(self) -> str | None:
        """Under which term the next act stands."""
        return None if self.step is None or self.state == "returned" else self.step.term

    @property
    def with_applicant(self) -> bool:
        """Whether who applied is to hand something in."""
        return self.state == "returned" or (self.step is not None and self.step.does == "production")

    @property
    def is_produced(self) -> bool:
        """Whether what is handed in is the finished course, and no longer the application."""
        return any(step.does == "production" for step in self.steps[: self.step_number + 1])


def applied(fact: CourseApplied, at: datetime) -> Course:
    """A course that was just applied for; in the library at once where there is nothing to review."""
    return Course(
        course=fact.course,
        rule=fact.rule,
        organisation=fact.organisation,
        title=fact.title,
        applicant=fact.applicant,
        account=fact.account,
        form=fact.form,
        steps=fact.steps,
        state=_state(fact.steps[0]),
        step_number=0,
        received_on=day_of(at),
        moved_at=at,
        deeds=(),
    )


def after(course: Course, fact: Fact, at: datetime) -> Course:
    """The course after one more fact."""
    match fact:
        case CourseApplied():
            raise AssertionError("a course is applied for once")
        case CourseSubmitted():
            onward = course.step_number + (course.state != "returned")
            done = _done(course, fact, "submit", at)
            return replace(_moved(done, onward, day_of(at)), form=fact.form)
        case CourseDecided(outcome="pass"):
            return _passed(_done(course, fact, "pass", at))
        case CourseDecided(outcome="return"):
            return replace(_done(course, fact, "return", at), state="returned", received_on=day_of(at))
        case CourseDecided():
            done = _done(course, fact, "refuse", at)
            return replace(done, state="dropped" if course.state == "listed" else "refused")
        case _:
            assert_never(fact)


def _passed(course: Course) -> Course:
    """In the next step. Steps under one term share its days: they received the same thing."""
    onward = min(course.step_number + 1, len(course.steps) - 1)
    here, following = course.steps[course.step_number], course.steps[onward]
    shared = following.does != "renewal" and here.term is not None and here.term == following.term
    return _moved(course, onward, course.received_on if shared else course.deeds[-1].done_on)


def _moved(course: Course, onward: int, received_on: date) -> Course:
    return replace(course, step_number=onward, state=_state(course.steps[onward]), received_on=received_on)


def _state(step: Step) -> State:
    return "listed" if step.does == "renewal" else "pending"


def _done(course: Course, fact: CourseSubmitted | CourseDecided, came: Came, at: datetime) -> Course:
    deed = Deed(
        step=fact.step,
        term=course.term,
        received_on=course.received_on,
        done_on=day_of(at),
        outcome=came,
        by=fact.by,
        reason=fact.reason if isinstance(fact, CourseDecided) else "",
    )
    return replace(course, deeds=(*course.deeds, deed), moved_at=at)
