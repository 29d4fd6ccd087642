"""What is missing of a year (缺口): of each category by itself, and of the total beside that (GZ-VF-02).

It is counted against what the year requires of the teacher: what is waived is not missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.total import Total
from shared.policy.categories import CARRIED_IN, TOTAL, Category, Item, Part
from shared.policy.categories import counted as amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Hours that are missing; nothing where everything is complete."""

    missing: Mapping[Category, Decimal]
    anywhere: Decimal = ZERO
    """What the total still lacks when every category is complete; hours of any category make up for it."""

    @property
    def hours(self) -> Decimal:
        """The fewest hours that close it."""
        return sum(self.missing.values(), self.anywhere)

    def after(self, category: Category, hours: Decimal) -> "Gap":
        """What is missing once there are so many more hours of a category."""
        before = self.missing[category]
        over = max(hours - before, ZERO)
        return replace(
            self,
            missing={**self.missing, category: max(before - hours, ZERO)},
            anywhere=max(self.anywhere - over, ZERO),
        )


def counted(total: Total, parts: Mapping[Item, tuple[Part, ...]]) -> dict[Category, Decimal]:
    """What counts of a year by category: what was carried in counts where it carries, and is used first."""
    hours = {**total.hours, CARRIED_IN: total.carried_in}
    return {item: amount(hours, inside) for item, inside in parts.items() if item in inside}


def gap(required: Mapping[Item, Decimal], have: Mapping[Category, Decimal]) -> Gap:
    """What is missing of what is required."""
    missing = {category: max(required.get(category, ZERO) - hours, ZERO) for category, hours in have.items()}
    lacking = required[TOTAL] - sum(have.values(), ZERO)
    return Gap(missing=missing, anywhere=max(lacking - sum(missing.values(), ZERO), ZERO))
