"""What a year requires of somebody (学时要求): the minima and the total, less what is waived (减免).

Where nothing is waived 90 = 30 + 42 + 18 in Guangdong from 2021, 72 before (GD-01).
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from shared.policy.rules import Category
from shared.policy.years import Requirement

ZERO = Decimal("0.00")
Item = Literal["public", "professional", "elective", "total"]
"""What is checked, each by itself (GZ-VF-02): three minima and the total."""

CATEGORIES: tuple[Category, ...] = ("public", "professional", "elective")
ITEMS: tuple[Item, ...] = ("public", "professional", "elective", "total")


class Waived(NamedTuple):
    """What a waiver takes off the requirement of a year: hours by category, or all of it."""

    public: Decimal = ZERO
    professional: Decimal = ZERO
    elective: Decimal = ZERO
    whole: bool = False


NOTHING_WAIVED = Waived()


@lru_cache
def minima(requirement: Requirement) -> Mapping[Item, Decimal]:
    """The hours required of every item, with two places; one and the same for all who are held to it."""
    return {
        "public": ZERO + requirement.public,
        "professional": ZERO + requirement.professional,
        "elective": ZERO + requirement.elective,
        "total": ZERO + requirement.total,
    }


def minimum(requirement: Requirement, item: Item) -> Decimal:
    """The hours required of one item."""
    return minima(requirement)[item]


def taken_off(requirement: Requirement, waived: Waived) -> Mapping[Item, Decimal]:
    """What a waiver takes off each item: never more than it asks for, of the total what of the categories."""
    full = minima(requirement)
    if waived.whole:
        return full
    off: dict[Item, Decimal] = {name: min(getattr(waived, name), full[name]) for name in CATEGORIES}
    return {**off, "total": min(sum(off.values(), ZERO), full["total"])}


def required_of(requirement: Requirement, waived: Waived) -> Mapping[Item, Decimal]:
    """The hours required of every item after what is waived."""
    full = minima(requirement)
    if waived == NOTHING_WAIVED:
        return full
    off = taken_off(requirement, waived)
    return {item: hours - off[item] for item, hours in full.items()}
