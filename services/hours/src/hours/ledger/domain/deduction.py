"""Deductions from a year (扣减): what each takes of the hours that count, one after the other, never below 0.

What is there is taken of the categories that the rule names, in its order; what cannot be taken is told apart
(不足扣减) and is no debt of hours that come later. Where hours behind a deduction change afterwards, all of a
year are taken afresh, each at most so much as there was to take when it was made.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hours.ledger.domain.amount import ZERO
from shared.policy.categories import Category, Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a deduction takes, by category, and what there is none left for."""

    hours: Hours
    """Nothing of a category of which none is taken."""
    short: Decimal

    @property
    def amount(self) -> Decimal:
        """What is taken in all."""
        return sum(self.hours.values(), ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """Hours are deducted of a teacher's year, under the rule in force when it was made."""

    deduction: str
    teacher: str
    year: int
    rule: str
    asked: Decimal
    """In the unit of that rule's pack."""
    categories: Sequence[Category]
    """Of which it takes, the first first."""
    withholds: bool
    origin: str
    """Event id of what was decided."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deducted:
    """A deduction as it stands."""

    of: Deduction
    most: Decimal
    """What there was to take when it was made, and so the most that it takes."""
    hours: Hours
    policy: str

    @property
    def short(self) -> Decimal:
        """What is not taken of what was asked for."""
        return self.of.asked - sum(self.hours.values(), ZERO)


def together(taken: Iterable[Hours]) -> dict[Category, Decimal]:
    """What several deductions take, by category."""
    sums: dict[Category, Decimal] = {}
    for hours in taken:
        for category, amount in hours.items():
            sums[category] = sums.get(category, ZERO) + amount
    return sums


def deduct(
    counted: Mapping[Category, Decimal], wanted: Iterable[tuple[Decimal, Sequence[Category]]]
) -> Iterator[Taken]:
    """Take amounts of counted hours by category, each of its categories in order, one after the other."""
    left = dict(counted)
    for asked, categories in wanted:
        hours: dict[Category, Decimal] = {}
        rest = ZERO + asked
        for category in categories:
            amount = min(left.get(category, ZERO), rest)
            if amount > ZERO:
                hours[category] = amount
                left[category] -= amount
                rest -= amount
        yield Taken(hours=hours, short=rest)


def afresh(counted: Mapping[Category, Decimal], standing: Sequence[Deducted]) -> Iterator[Taken]:
    """What each of a year's deductions takes of what counts now, in the order in which they were made."""
    takings = deduct(counted, ((one.most, one.of.categories) for one in standing))
    for one, taken in zip(standing, takings, strict=True):
        yield Taken(hours=taken.hours, short=one.of.asked - taken.amount)
