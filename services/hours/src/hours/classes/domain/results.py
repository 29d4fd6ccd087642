"""What a teacher comes out of a class with (结业成绩): attendance, a weighted score, passed or failed.

Whoever was absent for the part that the rule names is excluded from the assessment, excused or not, and can
be assessed once more. A score is exact and cut, not rounded, at two places: 59.999 is no 60.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import msgspec

from hours.classes.domain.outline import Lesson, Refused
from hours.classes.domain.seats import SeatState
from hours.records.domain.conversion import choice_name
from hours.records.domain.numbers import made
from shared.policy.conversions import Conversion
from shared.policy.hour_checks import MARKS
from shared.policy.sources import Absence, Score
from shared.wording import Language, Named

Outcome = Literal["passed", "failed"]

OUTCOME_NAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {},
    "zh": {"passed": "合格", "failed": "不合格"},
}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a score: `value` out of `of`, at most all of it."""

    value: Decimal
    of: Decimal

    @property
    def share(self) -> Fraction:
        """How much of it was reached, from 0 to 1."""
        return min(Fraction(self.value) / Fraction(self.of), Fraction(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A result as it is handed in: an outcome, or the parts of a score where the class weighs them."""

    teacher: str
    outcome: Outcome | None
    parts: Mapping[str, Part]
    grade: str
    """Such as 合格 or 优秀; kept as it was said."""
    reassessment: bool
    """Whether it is of a second assessment (补考)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """What a result comes to."""

    outcome: Outcome
    score: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a teacher stands in a class. `outcome` is None before a result is handed in."""

    teacher: str
    turn: int
    state: SeatState
    absent: Decimal
    outcome: Outcome | None = None
    score: Decimal | None = None
    grade: str = ""
    reassessment: bool = False
    """Whether the result is of a second assessment; without an outcome one is ordered, on appeal."""
    handed_in: datetime | None = None
    """When the result was; the same again keeps it."""
    records: int = 0
    """How many records it has had: each that is reversed may be followed by another one."""
    accounts: frozenset[str] = frozenset()
    """Those from which the result was handed in."""
    registrar: str = ""
    """Who registered the hours, while that awaits recognition (待认可); empty else."""
    record: str = ""
    """The one that stands, be it registered here, corrected, or restored on appeal; empty for none."""

    @property
    def pending(self) -> bool:
        """Whether its hours are registered and await recognition: until then nothing changes them."""
        return bool(self.registrar)

    @property
    def registered(self) -> bool:
        """Whether its hours are: nothing changes what they came of."""
        return bool(self.record)


def weighted(score: Score, parts: Mapping[str, Part]) -> Decimal:
    """The score out of 100, cut at two places; `parts` are those that are weighed."""
    exact = sum((Fraction(weight) * parts[name].share for name, weight in score.weights.items()), Fraction(0))
    return Decimal(int(exact * MARKS * 100)) / 100


def assess(score: Score | None, handed: HandedIn) -> Assessed | Refused:
    """What a result comes to, or why it says too much or too little."""
    if score is None:
        if handed.parts:
            return Refused("score.not_weighed", "/parts")
        if handed.outcome is None:
            return Refused("result.without_outcome", "/outcome")
        return Assessed(outcome=handed.outcome, score=None)
    if handed.outcome is not None:
        return Refused("result.computed", "/outcome")
    if handed.parts.keys() != score.weights.keys():
        return Refused("score.parts_differ", "/parts", {"parts": sorted(score.weights)})
    marks = weighted(score, handed.parts)
    return Assessed(outcome="passed" if marks >= score.pass_mark else "failed", score=marks)


def may_grade(conversion: Conversion | None, grade: str, outcome: Outcome) -> Refused | None:
    """Whether a grade is one by which credits are given, and goes with the outcome; else it is only kept."""
    if not grade or conversion is None or not conversion.grades:
        return None
    found = conversion.grade(grade)
    if found is None:
        grades = [choice_name(one) for one in conversion.grades]
        return Refused("grade.unknown", "/grade", {"grade": grade, "grades": grades})
    if found.passed != (outcome == "passed"):
        figures = {"grade": choice_name(found), "outcome": Named.of(OUTCOME_NAMES, outcome)}
        return Refused("grade.disagrees", "/grade", figures)
    return None


def is_excluded(absence: Absence | None, absent: Decimal, total: Decimal) -> bool:
    """Whether so much was missed that it is not assessed (缺课时数累计达到); inclusive and exact."""
    return absence is not None and absent * absence.denominator >= total * absence.numerator


def may_change(standing: Standing | None, teacher: str) -> Refused | None:
    """Whether attendance or a result is taken of somebody: who takes part, until the hours are registered."""
    if standing is None or standing.state != "enrolled":
        return Refused("seat.unknown", "/teacher", {"teacher": teacher})
    if standing.registered:
        return Refused("result.registered", "/teacher", {"teacher": teacher})
    if standing.pending:
        return Refused("result.pending", "/teacher", {"teacher": teacher})
    return None


def may_hand_in(standing: Standing | None, handed: HandedIn, *, excluded: bool) -> Refused | None:
    """Whether a result is taken of somebody now; until it is registered, another one takes its place."""
    refused = may_change(standing, handed.teacher)
    if refused is not None or standing is None:
        return refused
    ordered = standing.reassessment and standing.outcome is None
    if handed.reassessment and not excluded and standing.outcome != "failed" and not ordered:
        return Refused("result.not_to_reassess", "/reassessment", {"teacher": handed.teacher})
    if excluded and not handed.reassessment:
        return _excluded(standing)
    return None


def is_against(standing: Standing, *, excluded: bool) -> bool:
    """Whether what is known of somebody who takes part keeps hours from them: excluded, or failed."""
    if standing.state != "enrolled" or standing.registered:
        return False
    return standing.outcome == "failed" or (excluded and not standing.reassessment)


def record_of(number: str, teacher: str, count: int) -> str:
    """The key of a teacher's record, from 1; those after the first follow one that was taken back."""
    return made("class", number, str(count), teacher)


def may_register(standing: Standing, *, excluded: bool) -> Refused | None:
    """Whether the hours of a seat are given: on a pass of an assessment that was open to its holder."""
    if excluded and not standing.reassessment:
        return _excluded(standing)
    if standing.outcome == "passed":
        return None
    code = "result.failed" if standing.outcome else "result.missing"
    return Refused(code, "/teacher", {"teacher": standing.teacher})


def _excluded(standing: Standing) -> Refused:
    figures = {"teacher": standing.teacher, "absent": f"{standing.absent:.2f}"}
    return Refused("result.excluded", "/teacher", figures)


def may_miss(lessons: Mapping[str, Lesson], lesson: str, absent: Decimal) -> Refused | None:
    """Whether somebody can have been absent for so long from a lesson."""
    if lesson not in lessons:
        return Refused("lesson.unknown", "/lesson", {"lesson": lesson})
    if absent > lessons[lesson].hours:
        hours = f"{lessons[lesson].hours:.2f}"
        return Refused("absence.too_long", "/absent", {"lesson": lesson, "hours": hours})
    return None
