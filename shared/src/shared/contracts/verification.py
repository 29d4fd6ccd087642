"""What the verification service says. Figures are those judged, so that nobody recomputes them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from shared.contracts.envelope import Fact

Figures = dict[str, Decimal]
"""A teacher's counted hours of a year, as judged: the year's own by category, `carried_in` ones of the year
before, and their `total`."""

Withheld = list[str]
"""Deductions for which the year does not pass, whatever its hours: the `deduction` of each
`hours.deducted.v1`. Empty in entries from before it was said."""


class VerificationPredicted(Fact, frozen=True, kw_only=True):
    """`verification.predicted.v1`: what the local computation says; decides nothing by itself."""

    teacher: str
    year: int
    outcome: str
    """`pass` or `fail`."""
    figures: Figures
    required: dict[str, Decimal]
    shortfall: dict[str, Decimal]
    """By category and `total`; empty when every requirement is met."""
    withheld: Withheld = msgspec.field(default_factory=list)
    run: str
    """Run that asked, `correction` when the hours changed later, `verdict` when the province came first."""
    basis: dict[str, Any]


class VerificationSubmitted(Fact, frozen=True, kw_only=True):
    """`verification.submitted.v1`: the prediction was handed to the province."""

    teacher: str
    year: int
    run: str
    figures: Figures
    withheld: Withheld = msgspec.field(default_factory=list)


class VerificationAnswerOverdue(Fact, frozen=True, kw_only=True):
    """`verification.answer_overdue.v1`: the province did not answer what was handed over within its term.

    Said once of each submission. A verdict that comes later ends it without another word.
    """

    teacher: str
    year: int
    submission: str
    """Event id of the `verification.submitted.v1`."""
    submitted_at: datetime
    due_on: date
    """The last day of the term."""


class VerificationPassed(Fact, frozen=True, kw_only=True):
    """`verification.passed.v1`: the authoritative verdict. Also the shape of `verification.failed.v1`."""

    teacher: str
    year: int
    authority: str
    """`local` or `province`: who decides in this deployment."""
    verdict: str
    """Identity of the verdict: the province's own, or the run's."""
    decided_at: datetime
    figures: Figures
    required: dict[str, Decimal]
    shortfall: dict[str, Decimal]
    withheld: Withheld = msgspec.field(default_factory=list)
    revision: int
    """1 for the first verdict of (teacher, year), one more for each that replaces it."""
    basis: dict[str, Any]


class VerificationFailed(VerificationPassed, frozen=True, kw_only=True):
    """`verification.failed.v1`: the authoritative verdict is a fail."""


class VerificationRevoked(Fact, frozen=True, kw_only=True):
    """`verification.revoked.v1`: a pass no longer stands.

    The verdict that replaces it follows at once: the next entry of the same subject, in the same transaction.
    """

    teacher: str
    year: int
    revokes: str
    """Event id of the `verification.passed.v1`."""
    reason: str


class VerificationDoubted(Fact, frozen=True, kw_only=True):
    """`verification.doubted.v1`: hours behind a pass of the province were taken back below the requirement.

    Or the year is withheld. The verdict stays the province's to change. Until it decides anew, or a
    `verification.passed.v1` says that the year passes again, nothing should be shown as valid that rests on
    the pass.
    """

    teacher: str
    year: int
    doubts: str
    """Event id of the `verification.passed.v1`."""
    figures: Figures
    shortfall: dict[str, Decimal]
    """By category and `total`; empty only where the year is withheld."""
    withheld: Withheld = msgspec.field(default_factory=list)


class CycleFilled(msgspec.Struct, frozen=True, kw_only=True):
    """What of one category's surplus stands in for what another one lacks."""

    surplus: str
    category: str
    amount: Decimal


class CycleYear(msgspec.Struct, frozen=True, kw_only=True):
    """A year of a cycle: what counts in it, and what it misses of what each year asks."""

    year: int
    figures: Figures
    shortfall: dict[str, Decimal]


class CyclePassed(Fact, frozen=True, kw_only=True):
    """`cycle.passed.v1`: the verdict on a cycle. Also the shape of `cycle.failed.v1`.

    Figures hold no `carried_in` hours: a cycle has the year that gave them.
    """

    teacher: str
    cycle: str
    """The rule that asks."""
    first: int
    last: int
    authority: str
    """`local`: nobody else decides on cycles."""
    verdict: str
    """Identity of the verdict: the run's, or that of what corrected the hours."""
    decided_at: datetime
    figures: Figures
    """Over all years of the cycle."""
    required: dict[str, Decimal]
    filled: list[CycleFilled]
    shortfall: dict[str, Decimal]
    """By category and `total`, after what stands in; empty on a pass."""
    years: list[CycleYear]
    revision: int
    """1 for the first verdict of (teacher, cycle, first), one more for each that replaces it."""
    basis: dict[str, Any]


class CycleFailed(CyclePassed, frozen=True, kw_only=True):
    """`cycle.failed.v1`: the verdict on a cycle is a fail.

    Where nothing is missing of the whole, `years` are short of what each year must have.
    """


class CycleRevoked(Fact, frozen=True, kw_only=True):
    """`cycle.revoked.v1`: a pass no longer stands; the verdict that replaces it follows at once."""

    teacher: str
    cycle: str
    first: int
    last: int
    revokes: str
    """Event id of the `cycle.passed.v1`."""
    reason: str


class DiscrepancyOpened(Fact, frozen=True, kw_only=True):
    """`verification.discrepancy_opened.v1`: local prediction and the province's verdict differ."""

    teacher: str
    year: int
    predicted: str
    decided: str
    verdict: str
    figures: Figures
    province: dict[str, Decimal]
    """Totals by category as the province sees them; empty where it did not say."""
    difference: dict[str, Decimal] = msgspec.field(default_factory=dict)
    """The province's hours minus ours, by category, where they differ."""


class DiscrepancyClosed(Fact, frozen=True, kw_only=True):
    """`verification.discrepancy_closed.v1`: prediction and verdict agree again."""

    teacher: str
    year: int
    verdict: str
