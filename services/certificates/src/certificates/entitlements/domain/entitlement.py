"""Entitlements (签发依据): the pass that stands behind a certificate, and the work it still calls for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certificates.entitlements.domain.course import Course
from certificates.registry.domain.certificate import Key
from shared.policy.categories import Hours


class Work(StrEnum):
    """What is still to be done for a certificate."""

    NONE = "none"
    DUE = "due"
    """A document is to be issued (待签发)."""
    HELD = "held"
    """It would be, but a person's order stands in the way (搁置)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """The last verdict on a teacher's year, as far as certificates are concerned."""

    key: Key
    verdict: str
    """Event id of the pass."""
    decided_at: datetime
    policy: str
    hours: Hours
    standing: bool
    """Whether the pass still stands."""
    work: Work
    ordered: str
    """Reason of a reissue that was ordered and is not carried out yet, or empty."""


def work_of(course: Course) -> Work:
    """The work that a course leaves behind."""
    match course:
        case Course.ISSUE | Course.REPLACE:
            return Work.DUE
        case Course.HOLD:
            return Work.HELD
        case Course.REINSTATE | Course.SUSPEND | Course.NOTHING:
            return Work.NONE
