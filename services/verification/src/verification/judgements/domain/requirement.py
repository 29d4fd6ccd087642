"""The hours that a year requires (学时要求): 90 = 30 + 42 + 18 in Guangdong from 2021, 72 before (GD-01)."""

from decimal import Decimal
from typing import Literal

from shared.policy.pack import Category, Requirement
from verification.figures.domain.hours import ZERO

Item = Literal["public", "professional", "elective", "total"]
"""What is checked, each by itself (GZ-VF-02): three minima and the total."""

CATEGORIES: tuple[Category, ...] = ("public", "professional", "elective")
ITEMS: tuple[Item, ...] = ("public", "professional", "elective", "total")


def minimum(requirement: Requirement, item: Item) -> Decimal:
    """The hours required of one item, with two places."""
    figures: dict[Item, Decimal] = {
        "public": requirement.public,
        "professional": requirement.professional,
        "elective": requirement.elective,
        "total": requirement.total,
    }
    return ZERO + figures[item]
