"""What the hours service says. Hours are exact decimals with two places, never negative."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from shared.contracts.envelope import Fact


class OrganisationRegistered(Fact, frozen=True, kw_only=True):
    """`organisation.registered.v1`: an organisation stands in the tree. All of it is public."""

    organisation: str
    level: str
    """`province`, `city`, `district` or `school`."""
    name: str
    parent: str
    """What it stands below; empty for a province."""
    division: str
    """GB/T 2260; empty for a school."""
    division_since: date
    """Since when the division has this code; of no meaning where there is none."""
    school_code: str
    credit_code: str
    """GB 32100."""


class OrganisationChanged(OrganisationRegistered, frozen=True, kw_only=True):
    """`organisation.changed.v1`: the organisation as it is now, perhaps below another one."""


class OrganisationAbolished(Fact, frozen=True, kw_only=True):
    """`organisation.abolished.v1`: an organisation is no more. What it stood below stays as it was."""

    organisation: str
    until: date
    """The first day on which it is no more."""
    successor: str
    """Which organisation does its work from then on; empty where none is named."""
    by: str
    """Who said so, such as `city:C4301`."""


class TeacherRegistered(Fact, frozen=True, kw_only=True):
    """`teacher.registered.v1`: a teacher is on the roster. No name, no identity number.

    Also the shape of `teacher.changed.v1`. `digest` is an HMAC of the whole record under a salt of that
    person: a change shows, and erasing record and salt leaves the chain intact.
    """

    teacher: str
    school: str
    district: str
    stage: str
    role: str
    vocational: bool
    digest: str


class TeacherChanged(TeacherRegistered, frozen=True, kw_only=True):
    """`teacher.changed.v1`: the roster entry as it is now."""


class TeacherTransferred(TeacherRegistered, frozen=True, kw_only=True):
    """`teacher.transferred.v1`: the roster entry after a transfer that both sides approved."""

    from_school: str
    transfer: str


class TeacherRemoved(Fact, frozen=True, kw_only=True):
    """`teacher.removed.v1`: a teacher was put on the roster by mistake and is on it no more."""

    teacher: str
    reason: str
    """A stable code: `import.reversed`."""


class HoursPosted(Fact, frozen=True, kw_only=True):
    """`hours.posted.v1`: hours of one record or exchange, with what counts and what lies over the cap."""

    teacher: str
    year: int
    category: str
    """`public`, `professional` or `elective`."""
    rule: str
    ground: str
    """`record:<record>` or `exchange:<request>`."""
    hours: Decimal
    """What counts towards the year, in the unit of the rules that decided: hours, or credits."""
    held: Decimal | None = None
    """The hours that made these credits, before any cap; null where hours are counted."""
    over_cap: Decimal
    """What is kept but does not count; `reason` says why."""
    reason: str
    """Empty, or a stable code such as `cap.reached`."""
    basis: dict[str, Any]
    debit: str = "source"
    credit: str = "teacher"


class HoursReversed(Fact, frozen=True, kw_only=True):
    """`hours.reversed.v1`: a former posting is taken back whole; names the entry it reverses."""

    teacher: str
    reverses: str
    """Event id of the `hours.posted.v1`."""
    year: int
    category: str
    rule: str
    ground: str
    hours: Decimal
    over_cap: Decimal
    reason: str
    """`corrected`, `recalled`, or `recomputed` where a cap moved."""
    debit: str = "teacher"
    credit: str = "source"


class HoursDeducted(Fact, frozen=True, kw_only=True):
    """`hours.deducted.v1`: what a failed inspection takes of a teacher's year, as far as hours are there.

    States the whole result of one deduction; a later one of the same deduction replaces it, when hours behind
    it changed or it was withdrawn.
    """

    deduction: str
    teacher: str
    year: int
    rule: str
    asked: Decimal
    """What is to be deducted, in the unit of the rules that decided; 0 once it was withdrawn."""
    hours: dict[str, Decimal]
    """What is deducted, by category; nothing of a category of which none is."""
    short: Decimal
    """What is not deducted, for no hours were there; a year is never below 0, and later hours owe nothing."""
    withholds: bool
    """Whether the year does not pass, whatever is left of it."""
    reason: str
    """Empty for the first word; `changed` where hours behind it were, `withdrawn` once taken back."""
    basis: dict[str, Any]
    debit: str = "teacher"
    credit: str = "source"


class HoursCarriedOver(Fact, frozen=True, kw_only=True):
    """`hours.carried_over.v1`: what a verdict did to the stored hours (GZ-VF-04 to 06).

    States the whole result for (teacher, year); a later one for the same year replaces it.
    """

    teacher: str
    year: int
    to_year: int
    category: str
    hours: Decimal
    """Carried into `to_year`; 0 after a failed or revoked verdict."""
    carried_in: Decimal
    used_carried: Decimal
    used_fresh: Decimal
    expired: Decimal
    """Carried hours of earlier years that end here."""
    verdict: str
    """Event id of the verdict that caused it."""
    basis: dict[str, Any]


class HoursExchangePosted(Fact, frozen=True, kw_only=True):
    """`hours.exchange_posted.v1`: the hours of an exchange are in the ledger."""

    exchange: str
    teacher: str
    category: str
    hours: Decimal
    posting: str
    year: int = 0
    points: int = 0
    """What was spent; 0 in entries from before it was said."""


class HoursExchangeRefused(Fact, frozen=True, kw_only=True):
    """`hours.exchange_refused.v1`: nothing was posted; `reason` is a stable code."""

    exchange: str
    teacher: str
    reason: str
    year: int = 0
    category: str = ""
    hours: Decimal = Decimal(0)
    """What was asked for."""
    basis: dict[str, Any] = msgspec.field(default_factory=dict)
    """Inputs and figures of the refusal."""


class HoursExchangeReversed(Fact, frozen=True, kw_only=True):
    """`hours.exchange_reversed.v1`: exchanged hours were taken back at the call of the points service."""

    recall: str
    exchange: str
    teacher: str
    hours: int


class HoursYearClosed(Fact, frozen=True, kw_only=True):
    """`hours.year_closed.v1`, one for each teacher partition: registration for the year has ended."""

    year: int
    partition: int
    closed_at: datetime


class HoursYearReopened(Fact, frozen=True, kw_only=True):
    """`hours.year_reopened.v1`: an authority lets a teacher's closed year take registrations again."""

    teacher: str
    year: int
    until: date
    """The last day, in the time zone of the rules; a later word on the same year replaces it."""
    reason: str
    by: str
    """Who ordered it, such as `city:P11`."""


class WaiverGranted(Fact, frozen=True, kw_only=True):
    """`waiver.granted.v1`: part of what years require of a teacher is waived. On what ground, is not said.

    A teacher's year has one waiver at most; the span is inclusive.
    """

    waiver: str
    teacher: str
    first: int
    last: int
    hours: dict[str, Decimal]
    """Waived of each year, by category; empty where everything is."""
    whole: bool
    """Whether the years require nothing."""


class WaiverEnded(Fact, frozen=True, kw_only=True):
    """`waiver.ended.v1`: a waiver no longer holds for the years `first` to `last`, inclusive."""

    waiver: str
    teacher: str
    first: int
    last: int
