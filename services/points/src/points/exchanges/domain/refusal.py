"""Why a request is refused, in words (不予兑换的原因): of refusals that are recorded and rest on figures."""

from collections.abc import Mapping
from typing import Any

from shared.policy.explain import Language

REFUSALS: Mapping[str, Mapping[Language, str]] = {
    "exchange.outside_window": {
        "en": "{day} lies outside the days of exchange, {first} to {last}",
        "zh": "{day} 不在兑换期({first} 至 {last})内",
    },
    "exchange.year_closed": {"en": "the year {year} is closed", "zh": "{year} 年度已关闭"},
    "exchange.cap_exceeded": {
        "en": "{used} h of at most {cap} were exchanged in {year}, {left} are left, {hours} were asked for",
        "zh": "{year} 年度最高兑换 {cap} 学时,已兑换 {used} 学时,尚余 {left} 学时,申请 {hours} 学时",
    },
    "exchange.points_insufficient": {
        "en": "{hours} h cost {cost} points and {available} are there",
        "zh": "兑换 {hours} 学时需 {cost} 积分,现有 {available} 积分",
    },
    "exchange.points_expired": {
        "en": "{hours} h cost {cost} points, {available} are there and {lost} have expired",
        "zh": "兑换 {hours} 学时需 {cost} 积分,现有 {available} 积分,另有 {lost} 积分已到期清零",
    },
}


def refusal_words(code: str, figures: Mapping[str, Any], language: Language) -> str:
    """The figures of a refusal as a sentence."""
    words = REFUSALS[code][language].format_map(figures)
    return f"{words}。" if language == "zh" else f"{words[0].upper()}{words[1:]}."
