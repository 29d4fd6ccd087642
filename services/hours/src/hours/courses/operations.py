"""What is done with courses: applied for, handed in, decided step by step; renewed or dropped later on.

No clock changes a fact: a term that is over makes a step late, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from hours.approvals.domain import state_name
from hours.courses import store
from hours.courses.domain import judge
from hours.courses.domain.course import Course
from hours.courses.domain.entries import CourseApplied, CourseDecided, CourseSubmitted, Fact, Outcome
from hours.courses.domain.judge import Actor, Refused
from hours.organisations import operations as organisations
from hours.settings import Context
from shared.access import Caller, Reach
from shared.policy.calendar import day_of
from shared.policy.courses import CourseWay
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError, Fault
from shared.runtime.journal import Draft

_BEFORE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who acts on which course, and when: `at` is given by the operator alone, for what was done on paper."""

    course: str
    caller: Caller
    at: datetime | None
    now: datetime

    @property
    def actor(self) -> Actor:
        """As the rules know the caller."""
        return Actor(kind=self.caller.kind, id=self.caller.id, account=self.caller.subject)

    def instant(self, after: datetime) -> datetime:
        """When it is done: between what was done before and now.

        Raises:
            DomainError: `course.at_not_allowed`, `course.at_out_of_order`.
        """
        if self.at is None:
            return self.now
        if not self.caller.is_operator:
            raise DomainError.at("/at", "course.at_not_allowed")
        if not after <= self.at <= self.now:
            raise DomainError.at("/at", "course.at_out_of_order")
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A course that somebody wants in a library."""

    rule: str
    organisation: str
    title: str
    form: Mapping[str, str]


async def apply(tx: Transaction, context: Context, act: Act, wanted: Application) -> Course:
    """Take an application in; where nothing is to be reviewed, the course is in the library with it.

    Raises:
        DomainError: `course.rule_unknown`, `course.not_applicant`, `course.organisation_unknown`,
            `course.form_incomplete`, `organisation.abolished`; `idempotency.conflict` for an id that
            somebody else has taken.
    """
    way = _way(context, wanted.rule)
    at = act.instant(_BEFORE)
    _hold(judge.may_apply(way, act.actor, wanted.organisation))
    _hold(judge.is_complete(way, wanted.form))
    await _library(tx, way, wanted.organisation)
    await context.journal.lock(tx, [_subject(act.course)])
    if await store.load(tx, act.course) is not None:
        raise DomainError("idempotency.conflict", key=act.course)
    fact = CourseApplied(
        course=act.course,
        rule=way.id,
        organisation=wanted.organisation,
        title=wanted.title,
        applicant=act.caller.name,
        account=act.caller.subject,
        form=await store.keep_form(tx, act.course, wanted.form),
        steps=judge.steps_of(context.pack, way, wanted.organisation, act.caller.name),
    )
    return await _say(tx, context, store.APPLIED, fact, at)


async def submit(tx: Transaction, context: Context, act: Act, form: Mapping[str, str]) -> Course:
    """Take in what was returned, or the finished course; the step's term begins on that day.

    Raises:
        DomainError: `course.unknown`, `course.over`, `course.not_awaited`, `course.nothing_to_submit`,
            `course.form_incomplete`, and those of `Act.instant`.
    """
    course = await _open(tx, context, act.course)
    _hold(judge.may_submit(course, act.actor))
    if not course.is_produced:
        _hold(judge.is_complete(_way(context, course.rule), form))
    at = act.instant(course.moved_at)
    assert course.step is not None, "a course that is not over is in a step"
    fact = CourseSubmitted(
        course=act.course,
        step=course.step.name,
        by=act.caller.name,
        account=act.caller.subject,
        form=await store.keep_form(tx, act.course, form),
    )
    return await _say(tx, context, store.SUBMITTED, fact, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What comes of a step, and why."""

    step: str
    outcome: Outcome
    reason: str


async def decide(tx: Transaction, context: Context, act: Act, wanted: Decision) -> Course:
    """Decide in the awaited step; of a listed course that is its renewal.

    Raises:
        DomainError: `course.unknown`, `course.over`, `course.step_not_awaited`, `course.not_awaited`,
            `course.own_review`, `course.outcome_not_allowed`, `course.reason_missing`,
            `course.renewal_early`, and those of `Act.instant`.
    """
    course = await _open(tx, context, act.course)
    _hold(judge.may_decide(course, act.actor, wanted.step, wanted.outcome))
    at = act.instant(course.moved_at)
    if wanted.outcome != "pass" and not wanted.reason.strip():
        raise DomainError.at("/reason", "course.reason_missing")
    if wanted.outcome == "pass":
        _hold(judge.may_renew(context.pack, course, day_of(at)))
    fact = CourseDecided(
        course=act.course,
        step=wanted.step,
        outcome=wanted.outcome,
        reason=wanted.reason,
        by=act.caller.name,
        account=act.caller.subject,
    )
    return await _say(tx, context, store.DECIDED, fact, at)


async def within(tx: Transaction, context: Context, reach: Reach) -> set[str] | None:
    """Organisations whose courses a caller sees beside the own ones; None for all."""
    if judge.only_applies(context.pack, reach.caller.kind):
        return set()
    return await reach.organisations(tx)


async def _open(tx: Transaction, context: Context, number: str) -> Course:
    """A course that is not over, locked."""
    await context.journal.lock(tx, [_subject(number)])
    course = await store.load(tx, number)
    if course is None:
        raise DomainError("course.unknown", course=number)
    if course.step is None:
        raise DomainError("course.over", course=number, state=state_name(course.state))
    return course


def _way(context: Context, rule: str) -> CourseWay:
    found = next((way for way in context.pack.courses if way.id == rule), None)
    if found is None:
        raise DomainError.at("/rule", "course.rule_unknown", rule=rule)
    return found


async def _library(tx: Transaction, way: CourseWay, organisation: str) -> None:
    found = (await organisations.find(tx, [organisation])).get(organisation)
    if found is None or found.level != way.level:
        figures = {"organisation": organisation, "level": way.level}
        raise DomainError.at("/organisation", "course.organisation_unknown", **figures)
    await organisations.hold_standing(tx, organisation)


def _hold(refused: Refused | None) -> None:
    if refused is not None:
        faults = [Fault(path, refused.code, refused.figures) for path in refused.paths]
        raise DomainError(refused.code, faults=faults, **refused.figures)


async def _say(tx: Transaction, context: Context, kind: str, fact: Fact, at: datetime) -> Course:
    number = fact.course
    draft = Draft(
        type=kind, subject=_subject(number), effective_at=at, policy=context.pack.reference, data=fact
    )
    await store.project(tx, await context.journal.append(tx, [draft]))
    found = await store.load(tx, number)
    assert found is not None, "what was just said of a course is on file"
    return found


def _subject(number: str) -> str:
    return f"course:{number}"
