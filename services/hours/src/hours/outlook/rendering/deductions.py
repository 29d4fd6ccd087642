"""What inspections took of a year, for the outlook: as it is shown, and in words."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from hours.ledger.domain.deduction import Deducted
from hours.ledger.domain.explanation import deduction_words
from shared.policy.categories import to_texts
from shared.policy.explain import Language
from shared.policy.names import unit_name
from shared.policy.pack import Pack


def shown(one: Deducted) -> dict[str, Any]:
    """What an inspection took, and where it says why."""
    return {
        "deduction": one.of.deduction,
        "href": f"/v1/deductions/{quote(one.of.deduction)}",
        "rule": one.of.rule,
        "hours": to_texts(one.hours),
        "short": f"{one.short:.2f}",
        "withholds": one.of.withholds,
    }


def words(one: Deducted, pack: Pack, language: Language) -> Iterator[str]:
    """What somebody at a counter would say of it."""
    zh, wanted = language == "zh", one.of
    told = deduction_words(wanted.asked, wanted.asked - one.short, unit_name(pack, language), language)
    yield f"检查不合格({wanted.rule}):{told}" if zh else f"An inspection was failed ({wanted.rule}): {told}"
    if wanted.withholds:
        yield (
            f"扣减撤销之前,{wanted.year} 年度验证不予通过。"
            if zh
            else f"{wanted.year} does not pass while that stands, whatever else is there."
        )
