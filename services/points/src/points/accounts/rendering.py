"""The ledger's facts for people: awards and statements as lists, the answer to why for each entry."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from points.accounts.domain.award import Standing
from points.accounts.store import projection
from shared.contracts.points import (
    PointsAwarded,
    PointsExchanged,
    PointsExchangeRefunded,
    PointsExpired,
    PointsExpiryReversed,
    PointsReversed,
    PointsSwept,
    PointsYearClosed,
)
from shared.policy.explain import Explanation, Language
from shared.policy.pack import Pack
from shared.policy.points import PointsRule
from shared.runtime.journal import Entry

_REASONS: Mapping[str, Mapping[Language, str]] = {
    "withdrawn": {"en": "an act it rested on was withdrawn", "zh": "所依据的行为已被撤销"},
    "recomputed": {
        "en": "an earlier act arrived later, so that the award moved or was cut anew",
        "zh": "较早的行为后到,奖励的时间或上限须重新计算",
    },
}


def award_item(service: str, award: Standing) -> dict[str, Any]:
    """An award that stands."""
    return {
        "event": f"{service}/{award.partition}/{award.seq}",
        "teacher": award.teacher,
        "rule": award.rule,
        "points": award.points,
        "asked": award.asked,
        "cut": award.asked - award.points,
        "at": award.at,
        "activity": {"source": award.source, "id": award.act},
        "ground": award.ground,
        "year": award.year,
        "expires_at": award.expires_at,
    }


# --- statement --------------------------------------------------------------------------------------


def statement(entries: Sequence[Entry], balance: int) -> list[dict[str, Any]]:
    """Entries that move points, in order, each with the balance after it."""
    lines: list[dict[str, Any]] = []
    for entry in entries:
        line = _line(entry)
        balance += line["points"]
        why = f"/v1/entries/{entry.partition}/{entry.seq}/why"
        lines.append(
            {
                "event": entry.id,
                "type": entry.type,
                "at": entry.effective_at,
                "recorded_at": entry.recorded_at,
                **line,
                "balance": balance,
                "why": why,
            }
        )
    return lines


def _line(entry: Entry) -> dict[str, Any]:
    """What one entry moves; what leaves the account is below zero."""
    shape: type[Any] = projection.SHAPES[entry.type]
    match entry.parse(shape):
        case PointsAwarded() as fact:
            return {"points": fact.points, "rule": fact.rule, "ground": fact.ground, "asked": fact.asked}
        case PointsReversed() as fact:
            return {"points": -fact.points, "rule": fact.rule, "ground": fact.ground, "reason": fact.reason}
        case PointsExpired() as fact:
            return {"points": -fact.points, "expires_at": fact.expires_at}
        case PointsExpiryReversed() as fact:
            return {"points": fact.points, "expires_at": fact.expires_at}
        case PointsExchanged() as fact:
            return {
                "points": -fact.points,
                "exchange": fact.exchange,
                "hours": fact.hours,
                "category": fact.category,
            }
        case PointsExchangeRefunded() as fact:
            return {"points": fact.points, "exchange": fact.exchange, "reason": fact.reason}
        case other:
            raise AssertionError(f"{other!r} moves no points")


# --- why --------------------------------------------------------------------------------------------


def explain_awarded(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why so many points were granted."""
    fact = entry.parse(PointsAwarded)
    rule = pack.rule(fact.rule)
    title = rule.title_zh if language == "zh" else rule.title
    cap, before = fact.basis.get("cap"), fact.basis.get("before", 0)
    conditions = _conditions(fact.basis, language)
    inputs = {
        "ground": fact.ground,
        "activity": {"source": fact.activity.source, "id": fact.activity.id},
        "year": fact.year,
        "asked": fact.asked,
        "points": fact.points,
        "cut": fact.asked - fact.points,
        **fact.basis,
    }
    if language == "zh":
        words = f"“{title}”:{'、'.join(conditions) or '条件已满足'},应得 {fact.asked} 积分。"
        words += f"本项全年上限 {cap} 积分,此前已得 {before},实得 {fact.points} 积分。" if cap else ""
    else:
        words = f"{title}: {', '.join(conditions) or 'the condition is met'}, so {fact.asked} points are due."
        words += f" The year's cap is {cap}, {before} were granted before: {fact.points}." if cap else ""
    arithmetic = [_minimum(fact.asked, int(cap), int(before), fact.points)] if cap else []
    return Explanation(
        rules=[rule.id], words=words, inputs=inputs, arithmetic=[*_mean(fact.basis), *arithmetic]
    )


def _minimum(asked: int, cap: int, before: int, granted: int) -> str:
    return f"max(0, min({asked}, {cap} − {before})) = {granted}"


def _mean(basis: Mapping[str, Any]) -> list[str]:
    if "min_mean" not in basis:
        return []
    least = Decimal(str(basis["min_mean"]))
    return [f"{basis['stars']} ≥ {least} × {basis['people']} = {least * basis['people']}"]


_CONDITIONS: Mapping[str, Mapping[Language, str]] = {
    "min_people": {"en": "{people} of {min_people} people", "zh": "{people} 人参与(须 {min_people} 人以上)"},
    "min_good": {
        "en": "{good} good ratings of {min_good}, {stars} stars from {people} people",
        "zh": "好评 {good} 人(须 {min_good} 人以上),{people} 人共 {stars} 星",
    },
    "outcome": {"en": "outcome handed in: {outcome}", "zh": "有研修成果材料:{outcome}"},
    "resource": {"en": "first share of this content: {resource}", "zh": "该内容首次共享:{resource}"},
    "workshop": {"en": "in {workshop}", "zh": "所属工作坊:{workshop}"},
    "by": {"en": "recommended by the host {by}", "zh": "由工作坊主 {by} 推荐"},
    "featured_at": {"en": "featured at {featured_at}", "zh": "置顶时间 {featured_at}"},
    "as": {"en": "as {as}", "zh": "身份:{as}"},
}


def _conditions(basis: Mapping[str, Any], language: Language) -> list[str]:
    return [words[language].format_map(basis) for name, words in _CONDITIONS.items() if name in basis]


def explain_reversed(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Why an award was taken back."""
    fact = entry.parse(PointsReversed)
    reason = _REASONS[fact.reason][language]
    words = (
        f"{reason}:冲正 {fact.reverses} 的 {fact.points} 积分。"
        if language == "zh"
        else f"The {fact.points} points of {fact.reverses} were reversed: {reason}."
    )
    return Explanation(
        rules=[fact.rule],
        words=words,
        inputs={"ground": fact.ground, "reason": fact.reason, "reverses": fact.reverses},
        arithmetic=[f"{fact.points} − {fact.points} = 0"],
        because=[fact.reverses],
    )


def explain_expired(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why points are gone."""
    fact = entry.parse(PointsExpired)
    words = (
        f"有效期至 {fact.expires_at.isoformat()} 的积分尚余 {fact.points},到期清零。"
        if language == "zh"
        else f"{fact.points} points that live until {fact.expires_at.isoformat()} were left: cleared."
    )
    inputs = {"year": fact.year, "expires_at": fact.expires_at, "points": fact.points}
    return Explanation(
        rules=[pack.expired_by.id],
        words=words,
        inputs=inputs,
        arithmetic=[f"{fact.points} − {fact.points} = 0"],
    )


def explain_expiry_reversed(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why an expiry became smaller."""
    fact = entry.parse(PointsExpiryReversed)
    words = (
        f"已清零的积分中有 {fact.points} 分所属奖励被收回,或被到期前的兑换使用,清零数相应减少。"
        if language == "zh"
        else f"{fact.points} of the points cleared were taken back later, or exchanged at an instant before"
        " their expiry, so the clearing shrinks."
    )
    inputs = {"year": fact.year, "expires_at": fact.expires_at, "points": fact.points}
    return Explanation(rules=[pack.expired_by.id], words=words, inputs=inputs)


def explain_closed(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why a year takes no more exchanges."""
    fact = entry.parse(PointsYearClosed)
    words = (
        f"{fact.year} 年度积分已清零关闭。" if language == "zh" else f"The points of {fact.year} were closed."
    )
    inputs = {"year": fact.year, "partition": fact.partition}
    return Explanation(rules=[pack.expired_by.id], words=words, inputs=inputs)


def explain_swept(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why nothing is left in lots that have ended."""
    fact = entry.parse(PointsSwept)
    until = fact.until.isoformat()
    words = (
        f"有效期至 {until} 为止的积分均已清零。"
        if language == "zh"
        else f"Points that live until {until} at the latest were cleared."
    )
    inputs = {"until": fact.until, "partition": fact.partition}
    return Explanation(rules=[pack.expired_by.id], words=words, inputs=inputs)


EXPLAINED: Mapping[str, Callable[[Entry, Pack, Language], Explanation]] = {
    projection.AWARDED: explain_awarded,
    projection.REVERSED: explain_reversed,
    projection.EXPIRED: explain_expired,
    projection.EXPIRY_REVERSED: explain_expiry_reversed,
    projection.YEAR_CLOSED: explain_closed,
    projection.SWEPT: explain_swept,
}


# --- rules ------------------------------------------------------------------------------------------


def rule_item(rule: PointsRule) -> dict[str, Any]:
    """The figures of a points rule."""
    hidden = {"id", "clause", "words", "title", "title_zh"}
    figures = {name: getattr(rule, name) for name in rule.__struct_fields__ if name not in hidden}
    kind = rule.__struct_config__.tag
    return {"kind": kind, **{name: str(v) if isinstance(v, Decimal) else v for name, v in figures.items()}}
