"""Hours into credits (学分折算), and what is given on top of these (奖励学分).

A pack says in which unit it counts. Where that is credits, each way of registering names the conversion that
makes credits of its hours, and perhaps a reward. Both are rules, so that an explanation can quote them.
"""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from shared.policy.shapes import Rule, RuleId, Shape, Text

Unit = Literal["hour", "credit"]
"""What a pack counts in (学时, 学分): caps, requirements, cycles, figures and statements."""

Term = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]


class Choice(Shape, frozen=True, kw_only=True):
    """One of the words in which a record says something, with its names as inside a sentence."""

    id: Term
    name: Text
    name_zh: Text


class Factor(Choice, frozen=True, kw_only=True):
    """A form of training (培训形式), and how many of its hours are one credit.

    1 where the source gives credits already.
    """

    hours: Decimal


class Grade(Choice, frozen=True, kw_only=True):
    """What an assessment ends with (考核等次)."""

    passed: bool = True
    """Whether it gives credits at all."""


class Conversion(Rule, frozen=True, kw_only=True):
    """Hours of a form of training into credits, exact, rounded once a record to two places, half up."""

    factors: Annotated[tuple[Factor, ...], Meta(min_length=1)]
    grades: tuple[Grade, ...] = ()
    """None where a result is passed or failed and nothing is said besides."""
    percent: Decimal | None = None
    """How much of the credits counts; None: all of it."""
    whole: bool = False
    """Whether only whole credits count."""

    def factor(self, mode: str) -> Factor | None:
        """What makes one credit in a form of training."""
        return next((one for one in self.factors if one.id == mode), None)

    def grade(self, grade: str) -> Grade | None:
        """A grade that assessments under it have."""
        return next((one for one in self.grades if one.id == grade), None)


class RewardCase(Shape, frozen=True, kw_only=True):
    """What is rewarded: training by who issues it, and the grade."""

    levels: Annotated[tuple[Term, ...], Meta(min_length=1)]
    grade: Term | None = None
    """None: whatever the grade."""
    times: Decimal
    """How many times the basic credits are given on top of these: 0.05 for 5 %, 2 for twice as much."""


class Reward(Rule, frozen=True, kw_only=True):
    """Credits on top of the basic ones, for one reason a record; a case without an amount gives none."""

    levels: Annotated[tuple[Choice, ...], Meta(min_length=1)]
    """Of who issues a training (发文单位级别)."""
    cases: Annotated[tuple[RewardCase, ...], Meta(min_length=1)]

    def level(self, level: str) -> Choice | None:
        """A level that this reward knows."""
        return next((one for one in self.levels if one.id == level), None)

    def of_grade(self, grade: str | None) -> tuple[RewardCase, ...]:
        """The cases that a grade can fall under."""
        return tuple(case for case in self.cases if case.grade in (None, grade))


class CycleCap(Shape, frozen=True, kw_only=True):
    """The most that counts a teacher in a cycle under a rule, after what counts of each of its years."""

    cycle: RuleId
    most: Decimal


class Unregistered(Rule, frozen=True, kw_only=True):
    """Training of which the source says that it is not registered at all (不纳入登记)."""
