"""Met or short (达标与缺口): a year's figures against its requirement, every item by itself (GZ-VF-02).

A total that is reached does not make up for a category that is not: 41.5 + 18.5 hours fail by half a
professional hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.policy.categories import Hours, Item
from shared.policy.requirement import NOTHING_WAIVED, Asked, Waived

Outcome = Literal["pass", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Every minimum and the total are reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What is missing, exactly, of each item that is not reached; never empty."""

    missing: Mapping[Item, Decimal]


Assessment = Met | Shortfall
MET = Met()


def assess(figures: Hours, asked: Asked, waived: Waived = NOTHING_WAIVED) -> Assessment:
    """Check each category and the total, less what is waived of them."""
    lacking = {
        item: hours - have
        for item, hours in asked.of(waived).items()
        if (have := asked.counted(figures, item)) < hours
    }
    return Shortfall(missing=lacking) if lacking else MET


def outcome(assessment: Assessment) -> Outcome:
    """The verdict that an assessment amounts to."""
    match assessment:
        case Met():
            return "pass"
        case Shortfall():
            return "fail"


def missing(assessment: Assessment) -> Mapping[Item, Decimal]:
    """The hours still missing, by item; empty when everything is met."""
    match assessment:
        case Met():
            return {}
        case Shortfall(missing=hours):
            return hours
