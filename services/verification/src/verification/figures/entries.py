"""What this service writes down of what it heard, so that everything it shows rests on its own journal."""

from decimal import Decimal

import msgspec

from verification.figures.domain.hours import Deduction

ROSTER_HEARD = "roster.heard.v1"
ROSTER_LEFT = "roster.left.v1"
FIGURES_HEARD = "figures.heard.v1"
WAIVER_HEARD = "waiver.heard.v1"


class RosterHeard(msgspec.Struct, frozen=True, kw_only=True):
    """`roster.heard.v1`: where a teacher stands on the roster now."""

    teacher: str
    school: str
    district: str
    heard: str
    """Event id of the hours service."""


class RosterLeft(msgspec.Struct, frozen=True, kw_only=True):
    """`roster.left.v1`: a teacher is no longer on the roster."""

    teacher: str
    heard: str
    """Event id of the hours service."""


class FiguresHeard(msgspec.Struct, frozen=True, kw_only=True):
    """`figures.heard.v1`: what is posted of a teacher's year now, and what is deducted, stated whole."""

    teacher: str
    year: int
    hours: dict[str, Decimal]
    """Before any deduction, by category and `carried_in`; nothing of what is zero."""
    deductions: dict[str, Deduction] = msgspec.field(default_factory=dict)
    """Those that stand, by their names."""
    heard: str
    """Event id of the last change, in the hours service."""


class WaiverHeard(msgspec.Struct, frozen=True, kw_only=True):
    """`waiver.heard.v1`: what is waived of a teacher's year now, stated whole, never on what ground."""

    teacher: str
    year: int
    hours: dict[str, Decimal]
    """By category."""
    whole: bool
    heard: str
    """Event id of the hours service."""
