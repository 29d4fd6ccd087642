"""What a pack says of itself (规则包说明): whose rules, from which document, what stands without figures."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from shared.policy.conversions import Unit
from shared.policy.shapes import MonthDay, Rule, RuleId, Shape, Text

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Version = Annotated[str, Meta(pattern=r"^[0-9][0-9a-z.-]*$")]


class Header(Shape, frozen=True, kw_only=True):
    """Whose rules, which version, from when to when, and from which document."""

    id: Name
    version: Version
    name: Text
    name_zh: Text
    division: Annotated[str, Meta(pattern=r"^\d{6}$")]
    """GB/T 2260 code of the jurisdiction; zeros where the source does not name it."""
    unit: Unit = "hour"
    """In what it counts: all its figures but those of hours as they are held."""
    timezone: str
    year_begins: MonthDay = "01-01"
    """The day with which a year begins that is asked about: another one for school years (学年)."""
    valid_from: date
    valid_to: date | None = None
    """Last day in force; None: until further notice."""
    source: Text
    """The document's title in Chinese."""
    source_note: Text
    clauses: tuple[Text, ...] = ()
    """The items of the document in its own numbering, as far as published: what rules can stand on."""


class Principle(Rule, frozen=True, kw_only=True):
    """A rule without figures that other parts of the system carry out; `held_by` says which."""

    held_by: Text


class Slot(Shape, frozen=True, kw_only=True):
    """A rule that the source numbers but whose text was not published: reserved, disabled, without values."""

    id: RuleId
    clause: Text
    section: Literal[
        "points", "exchange", "hours", "conversions", "rewards", "cycles", "obligations", "certificates"
    ]
    note: Text
    """What is missing, in English."""
    note_zh: Text
