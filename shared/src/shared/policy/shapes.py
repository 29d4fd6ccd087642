"""What everything read from a pack is made of: the base of its shapes, their texts and numbers."""

from typing import Annotated

import msgspec
from msgspec import Meta

RuleId = Annotated[str, Meta(pattern=r"^[A-Z][A-Za-z0-9]*(-[A-Za-z0-9.]+)+$")]
Text = Annotated[str, Meta(pattern=r"\S")]
Count = Annotated[int, Meta(ge=1)]
Stars = Annotated[int, Meta(ge=1, le=5)]
MonthDay = Annotated[str, Meta(pattern=r"^\d\d-\d\d$")]


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything read from a pack."""


class Rule(Shape, frozen=True, kw_only=True):
    """What every rule carries: the answer to why begins here."""

    id: RuleId
    """As in the rule catalogue, for example `GZ-BP-04`."""
    clause: Text
    """Where it stands in the source, in the source's own numbering."""
    words: Text
    """The clause's words in Chinese, as printed in the source."""
    title: Text
    """Short name in English."""
    title_zh: Text
    """Short name in Chinese."""
