"""The rules in force: what years and cycles ask, and within which term the province answers."""

from typing import Any

from shared.policy.categories import to_texts
from shared.policy.cycles import Cycle
from shared.policy.explain import ground
from shared.policy.pack import Pack
from shared.policy.years import Requirement


def requirement(row: Requirement) -> dict[str, Any]:
    """A row of the requirement table."""
    return {
        "first": row.first,
        "last": row.last,
        "minima": to_texts(row.minima),
        "total": f"{row.total:.2f}",
        "basis": row.basis,
    }


def answer(pack: Pack) -> dict[str, Any] | None:
    """The term within which the province answers; None where the rules have none."""
    return None if pack.answer is None else {"days": pack.answer.days, "basis": pack.answer.basis}


def cycle(rule: Cycle, pack: Pack) -> dict[str, Any]:
    """What several years ask together, among the rules in force."""
    yearly = rule.yearly
    return {
        **ground(pack, rule.id),
        "years": rule.years,
        "first": rule.first,
        "last": rule.last,
        "required": to_texts(rule.asked),
        "substitutes": [{"surplus": one.surplus, "fills": list(one.fills)} for one in rule.substitutes],
        "yearly": None if yearly is None else {"required": to_texts(yearly.asked), "binding": yearly.binding},
    }
