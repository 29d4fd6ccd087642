"""Failed results and exclusions as appeals see them (申诉): by whose hands, and setting one aside.

Nobody is passed by that. Whoever holds the class reassesses and hands in another result, to which no absence
is in the way.
"""

from dataclasses import dataclass
from datetime import datetime

from hours.classes.domain.results import Standing, is_against
from hours.classes.entries import (
    ATTENDED,
    HANDED_IN,
    SET_ASIDE,
    AttendanceRecorded,
    ResultHandedIn,
    ResultSetAside,
)
from hours.classes.operations import standings as stand
from hours.classes.operations.desk import approved, say, subject
from hours.classes.operations.results import excludes
from hours.classes.store import classes as store
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry

_SHAPES = {ATTENDED: AttendanceRecorded, HANDED_IN: ResultHandedIn}


async def find(tx: Transaction, number: str, teacher: str) -> Standing | None:
    """How a teacher stands who has or had a seat."""
    return await stand.look(tx, number, teacher)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody handed in of a teacher: an absence or a result."""

    entry: Entry
    by: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfavourable:
    """What keeps the hours of a class from a teacher."""

    rule: str
    decision: Step
    """The result that failed, or the last absence with which somebody was excluded."""
    steps: list[Step]
    """All absences and results of the teacher."""


async def unfavourable(tx: Transaction, context: Context, number: str, teacher: str) -> Unfavourable | None:
    """What is against a teacher in a class that is held; None where nothing is."""
    found, standing = await store.load(tx, number), await stand.look(tx, number, teacher)
    if found is None or standing is None or found.state != "approved":
        return None
    excluded = excludes(context, found, standing)
    if not is_against(standing, excluded=excluded):
        return None
    steps = await _steps(tx, context, number, teacher)
    kind = ATTENDED if excluded and not standing.reassessment else HANDED_IN
    decision = [step for step in steps if step.entry.type == kind][-1]
    return Unfavourable(rule=found.outline.rule, decision=decision, steps=steps)


async def _steps(tx: Transaction, context: Context, number: str, teacher: str) -> list[Step]:
    entries = await context.journal.read_subject(tx, subject(number), list(_SHAPES))
    told = [(entry, entry.parse(_SHAPES[entry.type])) for entry in entries]
    return [
        Step(entry=entry, by=fact.by, account=fact.account) for entry, fact in told if fact.teacher == teacher
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingAside:
    """A result, or an exclusion, is to hold no longer."""

    number: str
    teacher: str
    because: str
    """The appeal's filing."""
    by: str
    account: str
    at: datetime


async def set_aside(tx: Transaction, context: Context, wanted: SettingAside) -> None:
    """Order that a teacher be reassessed.

    Raises: DomainError `class.unknown`, `class.not_approved`.
    """
    await approved(tx, context, wanted.number)
    fact = ResultSetAside(
        class_=wanted.number,
        teacher=wanted.teacher,
        because=wanted.because,
        by=wanted.by,
        account=wanted.account,
    )
    await say(tx, context, wanted.number, [(SET_ASIDE, fact)], wanted.at)
