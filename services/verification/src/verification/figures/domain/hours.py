"""A teacher's counted hours of a year (计入学时): what the hours service posted, less what it deducted.

Hours carried in from the year before stay apart from the year's own: they count towards the minimum of their
category and the total, but are used first and never carried again (GZ-VF-05).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from shared.policy.categories import CARRIED_IN, ZERO, Category, Hours, Part
from shared.policy.requirement import NOTHING_WAIVED, Waived


class TeacherYear(NamedTuple):
    """Whose hours, and of which training year."""

    teacher: str
    year: int


def by_column(keys: Collection[TeacherYear]) -> dict[str, Sequence[Any]]:
    """Keys as columns by name."""
    teachers, years = zip(*keys, strict=True) if keys else ((), ())
    return {"teacher": teachers, "year": years}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """What a failed inspection takes of a year, by category, and whether the year is withheld for it."""

    hours: Hours
    withholds: bool


class HeardYear(NamedTuple):
    """What was heard of a year's hours."""

    hours: Mapping[Part, Decimal] = {}
    """Posted by category, and `carried_in`; no part of them is zero."""
    deductions: Mapping[str, Deduction] = {}
    """Those that stand, each by its own name."""

    @property
    def counted(self) -> Hours:
        """What counts: never less than nothing, be it that a deduction is not yet restated."""
        left = dict(self.hours)
        for deduction in self.deductions.values():
            for part, hours in deduction.hours.items():
                left[part] = left.get(part, ZERO) - hours
        return {part: hours for part, hours in left.items() if hours > ZERO}

    @property
    def withheld(self) -> tuple[str, ...]:
        """The deductions for which the year does not pass, whatever its hours (不予验证)."""
        return tuple(sorted(name for name, one in self.deductions.items() if one.withholds))


class Known(NamedTuple):
    """Figures with the event that changed them last, and what is waived; empty where nothing was heard."""

    figures: Hours
    """What counts, by category and `carried_in`; no part of it is zero."""
    heard: str
    withheld: tuple[str, ...] = ()
    """Deductions for which the year does not pass."""
    waived: Waived = NOTHING_WAIVED
    waiver: str = ""
    """The event that said last what is waived."""

    @property
    def causes(self) -> str:
        """The events that a judgement rests on, as one name."""
        return "+".join(event for event in (self.heard, self.waiver) if event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Hours of a category were posted, or taken back where `hours` is negative."""

    category: Category
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What the year before carries into this one, stated whole: it replaces what was said earlier."""

    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Deducted:
    """What one deduction takes, stated whole: it replaces what was said of the same one earlier."""

    name: str
    deduction: Deduction


Change = Posted | Carried | Deducted


def apply(year: HeardYear, changes: Iterable[Change]) -> HeardYear:
    """The year after changes, in the order in which they were heard; what is none is left out."""
    after, deductions = dict(year.hours), dict(year.deductions)
    for change in changes:
        match change:
            case Carried(hours=hours):
                after[CARRIED_IN] = ZERO + hours
            case Posted(category=category, hours=hours):
                after[category] = after.get(category, ZERO) + hours
            case Deducted(name=name, deduction=deduction):
                deductions[name] = deduction
    return HeardYear(
        hours={part: hours for part, hours in after.items() if hours},
        deductions={name: one for name, one in deductions.items() if one.hours or one.withholds},
    )
