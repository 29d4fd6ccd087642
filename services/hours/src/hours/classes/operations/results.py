"""Attendance and results of a class are handed in, row by row, until their hours are registered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec

from hours.classes.domain.outline import Refused
from hours.classes.domain.results import (
    Assessed,
    HandedIn,
    Standing,
    assess,
    is_excluded,
    may_change,
    may_grade,
    may_hand_in,
    may_miss,
)
from hours.classes.domain.seats import has_begun
from hours.classes.domain.training_class import TrainingClass, may_assess
from hours.classes.entries import ATTENDED, HANDED_IN, AttendanceRecorded, ResultHandedIn
from hours.classes.operations import standings as stand
from hours.classes.operations.desk import approved, classes_of, office_of, refusal, rule_of, say
from hours.settings import Context
from shared.access import Caller
from shared.policy.calendar import day_of
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """For how many class-hours a teacher was absent from a lesson."""

    teacher: str
    lesson: str
    absent: Decimal
    excused: bool


R = TypeVar("R", Missed, HandedIn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Generic[R]):
    """What is handed in of a class, by whom."""

    number: str
    rows: Sequence[R]
    caller: Caller
    at: datetime


async def _begun(tx: Transaction, context: Context, wanted: Rows[Any]) -> TrainingClass:
    """A class of which somebody who may hands something in, approved, open, and locked."""
    found = await approved(tx, context, wanted.number)
    refused = may_assess(found, rule_of(context, found), office_of(wanted.caller))
    if refused is not None:
        raise refusal(refused)
    if not has_begun(found.outline, day_of(wanted.at, context.pack.pack.timezone)):
        raise DomainError("class.not_begun", number=found.number, opens=found.outline.opens)
    return found


async def attend(tx: Transaction, context: Context, wanted: Rows[Missed]) -> list[Missed | DomainError]:
    """Record absences; what is said again of a lesson takes the place of what was said before.

    Raises: DomainError `class.unknown`, `class.not_approved`, `class.not_organiser`, `class.not_begun`.
    """
    found = await _begun(tx, context, wanted)
    standings = await stand.load(tx, context, wanted.number, {row.teacher for row in wanted.rows})
    lessons = {lesson.lesson: lesson for lesson in found.outline.lessons}
    outcomes: list[Missed | DomainError] = []
    facts: list[tuple[str, msgspec.Struct]] = []
    for row in wanted.rows:
        refused = may_change(standings.get(row.teacher), row.teacher)
        refused = refused or may_miss(lessons, row.lesson, row.absent)
        if refused is not None:
            outcomes.append(refusal(refused))
            continue
        facts.append((ATTENDED, _attended(wanted, row)))
        outcomes.append(row)
    await say(tx, context, wanted.number, facts, wanted.at)
    return outcomes


def _attended(wanted: Rows[Missed], row: Missed) -> AttendanceRecorded:
    return AttendanceRecorded(
        class_=wanted.number,
        teacher=row.teacher,
        lesson=row.lesson,
        absent=row.absent,
        excused=row.excused,
        by=wanted.caller.name,
        account=wanted.caller.subject,
    )


async def hand_in(tx: Transaction, context: Context, wanted: Rows[HandedIn]) -> list[Standing | DomainError]:
    """Take results; a refused one never fails its neighbours.

    Raises: DomainError `class.unknown`, `class.not_approved`, `class.not_organiser`, `class.not_begun`.
    """
    found = await _begun(tx, context, wanted)
    standings = await stand.load(tx, context, wanted.number, {row.teacher for row in wanted.rows})
    outcomes: list[Standing | DomainError] = []
    facts: list[tuple[str, msgspec.Struct]] = []
    for row in wanted.rows:
        judged = _judge(context, found, standings.get(row.teacher), row)
        if isinstance(judged, Refused):
            outcomes.append(refusal(judged))
            continue
        standings[row.teacher] = _after(standings[row.teacher], row, judged)
        outcomes.append(standings[row.teacher])
        facts.append((HANDED_IN, _handed_in(wanted, row, judged)))
    await say(tx, context, wanted.number, facts, wanted.at)
    return outcomes


def _judge(
    context: Context, found: TrainingClass, standing: Standing | None, row: HandedIn
) -> Assessed | Refused:
    excluded = standing is not None and excludes(context, found, standing)
    if (refused := may_hand_in(standing, row, excluded=excluded)) is not None:
        return refused
    assessed = assess(found.outline.score or classes_of(context, found).score, row)
    if isinstance(assessed, Refused):
        return assessed
    conversion = context.pack.conversion_of(rule_of(context, found))
    return may_grade(conversion, row.grade, assessed.outcome) or assessed


def excludes(context: Context, found: TrainingClass, standing: Standing) -> bool:
    """Whether somebody's absence excludes from the assessment of the class."""
    return is_excluded(classes_of(context, found).absence, standing.absent, found.outline.hours)


def _after(standing: Standing, row: HandedIn, assessed: Assessed) -> Standing:
    return replace(
        standing,
        outcome=assessed.outcome,
        score=assessed.score,
        grade=row.grade,
        reassessment=row.reassessment,
    )


def _handed_in(wanted: Rows[HandedIn], row: HandedIn, assessed: Assessed) -> ResultHandedIn:
    return ResultHandedIn(
        class_=wanted.number,
        teacher=row.teacher,
        outcome=assessed.outcome,
        score=assessed.score,
        parts=dict(row.parts),
        grade=row.grade,
        reassessment=row.reassessment,
        by=wanted.caller.name,
        account=wanted.caller.subject,
    )
