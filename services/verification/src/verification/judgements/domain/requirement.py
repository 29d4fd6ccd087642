"""The hours that a year requires (学时要求): 90 = 30 + 42 + 18 in Guangdong from 2021, 72 before (GD-01)."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from shared.policy.pack import Category, Requirement
from verification.figures.domain.hours import ZERO

Item = Literal["public", "professional", "elective", "total"]
"""What is checked, each by itself (GZ-VF-02): three minima and the total."""

CATEGORIES: tuple[Category, ...] = ("public", "professional", "elective")
ITEMS: tuple[Item, ...] = ("public", "professional", "elective", "total")


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
