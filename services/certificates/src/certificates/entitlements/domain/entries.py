"""Entries of this room about a teacher; what is issued is said by the events of the ledger."""

from datetime import datetime
from decimal import Decimal

import msgspec

from certificates.entitlements.domain.course import Course

GRANTED = "entitlement.granted.v1"
WITHDRAWN = "entitlement.withdrawn.v1"
REISSUE_ORDERED = "reissue.ordered.v1"


class Whose(msgspec.Struct, frozen=True):
    """What every entry about a teacher names beside the teacher: which certificate it speaks of."""

    year: int = 0
    kind: str = ""


class EntitlementGranted(msgspec.Struct, frozen=True, kw_only=True):
    """A pass was heard; `course` is what it calls for."""

    teacher: str
    year: int
    kind: str
    verdict: str
    """Event id of the pass."""
    authority: str
    decision: str
    """The verdict's own identity, as the authority names it."""
    revision: int
    decided_at: datetime
    hours: dict[str, Decimal]
    """By category, `carried_in`, and `total`."""
    required: dict[str, Decimal]
    filled: dict[str, Decimal] = {}
    """What of it something else stood in for, by category; entries of before cycles say nothing."""
    course: Course
    ordered: str
    """Reason of a reissue that was waiting when the pass was heard, or empty."""


class EntitlementWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """The pass no longer stands."""

    teacher: str
    year: int
    kind: str
    verdict: str
    """Event id of the pass that is gone."""
    by: str
    """Event id of what took it away."""
    reason: str


class ReissueOrdered(msgspec.Struct, frozen=True, kw_only=True):
    """A person wants a new version with what the roster says now."""

    number: str
    teacher: str
    year: int
    kind: str
    reason: str
    by: str
