"""Deductions from a year (扣减): what each takes of the hours that count, one after the other, never below 0.

What is there is taken of the categories that the rule names, in its order; what cannot be taken is kept
apart (不足扣减). Late hours and reversals need no code of their own: the result is the same as deducting all
afresh.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hours.ledger.domain.amount import ZERO
from shared.policy.categories import Category, Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a deduction takes, by category, and what there is none left for."""

    hours: Hours
    """Nothing of a category of which none is taken."""
    short: Decimal


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
