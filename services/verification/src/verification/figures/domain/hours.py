"""A teacher's counted hours of a year (计入学时), as a sum of what the hours service posted.

Hours carried in from the year before stay apart from the year's own: they count towards the professional
minimum and the total, but are used first and never carried again (GZ-VF-05).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, assert_never

from shared.policy.pack import Category
from shared.policy.requirement import NOTHING_WAIVED, Waived

ZERO = Decimal("0.00")
"""No hours. A sum that begins with it has two places."""


class TeacherYear(NamedTuple):
    """Whose hours, and of which training year."""

    teacher: str
    year: int


def by_column(keys: Collection[TeacherYear]) -> dict[str, Sequence[Any]]:
    """Keys as columns by name."""
    teachers, years = zip(*keys, strict=True) if keys else ((), ())
    return {"teacher": teachers, "year": years}


class Figures(NamedTuple):
    """Hours that count towards one year: its own by category, carried-in professional ones apart."""

    public: Decimal = ZERO
    professional: Decimal = ZERO
    elective: Decimal = ZERO
    carried_in: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Everything that counts towards the year's total."""
        return self.public + self.professional + self.elective + self.carried_in

    def counted(self, category: Category) -> Decimal:
        """What counts towards the minimum of one category."""
        match category:
            case "public":
                return self.public
            case "professional":
                return self.professional + self.carried_in
            case "elective":
                return self.elective
            case _:
                assert_never(category)


class Known(NamedTuple):
    """Figures with the event that changed them last, and what is waived; empty where nothing was heard."""

    figures: Figures
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


def apply(figures: Figures, changes: Iterable[Change]) -> Figures:
    """The figures after changes, in the order in which they were heard."""
    for change in changes:
        match change:
            case Carried(hours=hours):
                figures = figures._replace(carried_in=ZERO + hours)
            case Posted(category=category, hours=hours):
                figures = _add(figures, category, hours)
    return figures


def _add(figures: Figures, category: Category, hours: Decimal) -> Figures:
    match category:
        case "public":
            return figures._replace(public=figures.public + hours)
        case "professional":
            return figures._replace(professional=figures.professional + hours)
        case "elective":
            return figures._replace(elective=figures.elective + hours)
        case _:
            assert_never(category)
