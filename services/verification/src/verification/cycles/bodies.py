"""Shapes of cycles that other rooms show as well."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.policy.categories import Item
from shared.policy.cycles import Cycle
from shared.policy.explain import ground
from shared.policy.pack import Pack


def rule(cycle: Cycle, pack: Pack) -> dict[str, Any]:
    """A cycle among the rules in force."""
    yearly = cycle.yearly
    return {
        **ground(pack, cycle.id),
        "years": cycle.years,
        "first": cycle.first,
        "last": cycle.last,
        "required": texts(cycle.asked),
        "substitutes": [{"surplus": one.surplus, "fills": list(one.fills)} for one in cycle.substitutes],
        "yearly": None if yearly is None else {"required": texts(yearly.asked), "binding": yearly.binding},
    }


def texts(amounts: Mapping[Item, Decimal]) -> dict[str, str]:
    """Amounts by item, as they are shown."""
    return {item: f"{amount:.2f}" for item, amount in amounts.items()}
