"""A teacher's year in sums (年度学时): counted hours by category, what lies over caps, what is carried.

Hours that an inspection deducted (扣减) were posted and do not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from hours.ledger.domain.amount import ZERO
from shared.policy.categories import Category, Hours


def counted(posted: Hours, deducted: Hours) -> dict[Category, Decimal]:
    """What counts of posted hours by category; nothing of a category in which there are none."""
    left = {category: hours - deducted.get(category, ZERO) for category, hours in posted.items()}
    return {category: hours for category, hours in left.items() if hours}


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Sums of one teacher and year. Exchanged hours are in the categories, carried-in ones apart."""

    teacher: str
    year: int
    hours: Mapping[Category, Decimal] = field(default_factory=dict)
    """Counted, without what is deducted; nothing of a category in which there are none."""
    deducted: Mapping[Category, Decimal] = field(default_factory=dict)
    over_cap: Decimal = ZERO
    carried_in: Decimal = ZERO
    used_carried: Decimal = ZERO
    used_fresh: Decimal = ZERO
    expired: Decimal = ZERO
    carry_out: Decimal = ZERO

    @property
    def deducted_in_all(self) -> Decimal:
        """What is deducted of the year, in all categories."""
        return sum(self.deducted.values(), ZERO)

    @property
    def unused(self) -> Decimal:
        """Carried hours that no verdict has used or ended yet; they end with the year."""
        return self.carried_in - self.used_carried - self.expired
