"""A teacher's counted hours of a year (计入学时), as a sum of what the hours service posted.

Hours carried in from the year before stay apart from the year's own: they count towards the minimum of their
category and the total, but are used first and never carried again (GZ-VF-05).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from shared.policy.categories import CARRIED_IN, ZERO, Category, Hours
from shared.policy.requirement import NOTHING_WAIVED, Waived


class TeacherYear(NamedTuple):
    """Whose hours, and of which training year."""

    teacher: str
    year: int


def by_column(keys: Collection[TeacherYear]) -> dict[str, Sequence[Any]]:
    """Keys as columns by name."""
    teachers, years = zip(*keys, strict=True) if keys else ((), ())
    return {"teacher": teachers, "year": years}


class Known(NamedTuple):
    """Figures with the event that changed them last, and what is waived; empty where nothing was heard."""

    figures: Hours
    """By category and `carried_in`; no part of them is zero."""
    heard: str
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


Change = Posted | Carried


def apply(figures: Hours, changes: Iterable[Change]) -> Hours:
    """The figures after changes, in the order in which they were heard; what is none is left out."""
    after = dict(figures)
    for change in changes:
        match change:
            case Carried(hours=hours):
                after[CARRIED_IN] = ZERO + hours
            case Posted(category=category, hours=hours):
                after[category] = after.get(category, ZERO) + hours
    return {part: hours for part, hours in after.items() if hours}
