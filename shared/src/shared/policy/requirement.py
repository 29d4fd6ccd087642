"""What a year requires of somebody (学时要求): the minima and the total, less what is waived (减免).

Where nothing is waived 90 = 30 + 42 + 18 in Guangdong from 2021, 72 before (GD-01).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from shared.policy.categories import Category, Hours, Item, Part, counted


class Waived(NamedTuple):
    """What a waiver takes off the requirement of a year: hours by category, or all of it."""

    hours: Mapping[Category, Decimal] = {}
    whole: bool = False


NOTHING_WAIVED = Waived()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a year asks of everybody, each item by itself (GZ-VF-02), the total last."""

    minima: Mapping[Item, Decimal]
    parts: Mapping[Item, tuple[Part, ...]]
    """What counts towards each item."""
    basis: str
    """Where the figures come from."""

    def of(self, waived: Waived = NOTHING_WAIVED) -> Mapping[Item, Decimal]:
        """The hours required of every item after what is waived."""
        if waived == NOTHING_WAIVED:
            return self.minima
        off = self.off(waived)
        return {item: hours - off[item] for item, hours in self.minima.items()}

    def off(self, waived: Waived) -> Mapping[Item, Decimal]:
        """What a waiver takes off each item, of none more than it asks for."""
        if waived.whole:
            return self.minima
        each = {part: min(hours, self.minima.get(part, hours)) for part, hours in waived.hours.items()}
        return {item: min(self.counted(each, item), hours) for item, hours in self.minima.items()}

    def counted(self, hours: Hours, item: Item) -> Decimal:
        """What of these hours counts towards one item."""
        return counted(hours, self.parts[item])
