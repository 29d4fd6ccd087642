"""What if, for people: years as they stand and as they would be, and what makes the difference."""

from collections.abc import Mapping, Sequence
from typing import Any

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.explanation import reason_words
from hours.outlook.domain.gap import Gap, counted
from hours.what_if.domain.recount import NOTHING, Recounted, sums
from hours.what_if.domain.wishes import Counted, Supposed
from shared.cycles.shown import CycleExplained, explained
from shared.policy.categories import Hours, to_texts
from shared.policy.explain import ground
from shared.policy.pack import Pack
from shared.wording import Language

Packs = tuple[Pack, Pack]
"""The draft, and the rules in force, for titles of rules that it does not have."""

_REASONS: Mapping[str, Mapping[Language, str]] = {
    "points.insufficient": {"en": "there are not enough points", "zh": "积分不足"},
    "exchange.over": {
        "en": "points can no longer be exchanged into hours of this year",
        "zh": "本年度已不能再用积分兑换学时",
    },
    "teacher.not_eligible": {
        "en": "the rule is for teachers of vocational schools",
        "zh": "本项仅限中等职业学校教师",
    },
}


def shown(supposed: Supposed, pack: Pack, language: Language) -> dict[str, Any]:
    """One teacher's year with the wishes counted."""
    stands = supposed.stands
    have, gap = counted(stands.total, pack.parts), None if stands.required is None else stands.required.gap
    before, after = (
        [explained(stands.teacher, one, pack, language) for one in cycles]
        for cycles in (stands.cycles, supposed.cycles)
    )
    return {
        "teacher": stands.teacher,
        "year": stands.year,
        "at": stands.at,
        "phase": stands.phase,
        "as_it_stands": _side(have, gap, before),
        "supposed": _side(_with(have, supposed.counted), supposed.gap, after),
        "lines": [_line(one, pack, language) for one in supposed.counted],
    }


def _with(have: Hours, more: Sequence[Counted]) -> Hours:
    sums = dict(have)
    for one in more:
        sums[one.wish.category] = sums.get(one.wish.category, ZERO) + one.hours
    return sums


def _side(have: Hours, gap: Gap | None, cycles: Sequence[CycleExplained]) -> dict[str, Any]:
    return {
        "counted": {**to_texts(have), "total": f"{sum(have.values(), ZERO):.2f}"},
        "missing": None if gap is None else {**to_texts(gap.missing), "hours": f"{gap.hours:.2f}"},
        "met": None if gap is None else not gap.hours,
        "cycles": cycles,
    }


def _line(one: Counted, pack: Pack, language: Language) -> dict[str, Any]:
    wish = one.wish
    rule = ground(pack, wish.rule) if wish.rule else None
    own = _REASONS.get(one.reason, {}).get(language)
    return {
        "kind": wish.kind,
        "rule": wish.rule,
        "title": "" if rule is None else rule["title_zh" if language == "zh" else "title"],
        "category": wish.category,
        "asked": f"{wish.hours:.2f}",
        "counted": f"{one.hours:.2f}",
        "points": int(one.hours) * pack.exchanged_by.rate if wish.kind == "exchange" and one.hours else 0,
        "reason": one.reason,
        "words": own or reason_words(one.reason, language),
    }


def recounted(one: Recounted, years: Sequence[int], packs: Packs, language: Language) -> dict[str, Any]:
    """One teacher's years counted twice."""
    return {
        "teacher": one.teacher,
        "differs": bool(one.grounds),
        **_sums(one, years),
        "years": [{"year": year, **_sums(one, [year])} for year in years],
        "lines": [_recounted(ground, one, packs, language) for ground in one.grounds],
    }


def _sums(one: Recounted, years: Sequence[int]) -> dict[str, Any]:
    both = {"in_force": one.in_force, "draft": one.drafted}
    return {name: to_texts(sums(count, one.deducted, years)) for name, count in both.items()}


def _recounted(ground_of: str, one: Recounted, packs: Packs, language: Language) -> dict[str, Any]:
    before, after = one.in_force.get(ground_of, NOTHING), one.drafted.get(ground_of, NOTHING)
    rule = after.rule or before.rule
    pack = next((pack for pack in packs if rule and pack.lookup(rule)), None)
    title = "" if pack is None else ground(pack, rule)["title_zh" if language == "zh" else "title"]
    return {
        "ground": ground_of,
        "year": after.year or before.year,
        "rule": rule,
        "title": title,
        "category": after.category or before.category,
        "in_force": f"{before.hours:.2f}",
        "draft": f"{after.hours:.2f}",
        "reason": after.reason,
        "words": reason_words(after.reason, language),
    }
