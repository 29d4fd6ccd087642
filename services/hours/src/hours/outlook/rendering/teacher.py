"""The outlook for people: what is missing, the ways in their order and why, the plan, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, assert_never
from urllib.parse import quote

from hours.carryovers.domain.consumption import Consumption
from hours.classes.domain.outline import Offered
from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.total import Total
from hours.outlook.domain import next_year
from hours.outlook.domain.gap import Gap, counted
from hours.outlook.domain.offer import Lot, Offer, ending
from hours.outlook.domain.outlook import Outlook, Phase, Required
from hours.outlook.domain.plan import Kind, Plan, Way
from hours.outlook.rendering import deductions
from shared.cycles.shown import explained
from shared.cycles.words import Wording, conclude
from shared.policy.categories import TOTAL
from shared.policy.explain import Language, ground
from shared.policy.names import amount_name, caller_name, item_names, unit_name, way_name
from shared.policy.pack import Pack
from shared.policy.points import Exchange
from shared.policy.sources import ConvertedScore
from shared.policy.years import CarryOver
from shared.wording import said

Shown = dict[str, Any]

_ORDER: Mapping[Kind, Mapping[Language, str]] = {
    "exchange": {
        "en": "the points are there: exchanging them takes no further learning, and unused they expire",
        "zh": "积分已在账上,兑换无需另行学习,不用则到期清零",
    },
    "review": {
        "en": "declared already: it counts once it is recognised",
        "zh": "已申报,认定后即计入",
    },
    "class": {
        "en": "a class has a seat: enrol before its last day",
        "zh": "培训班尚有名额,须在报名截止日前报名",
    },
    "rule": {
        "en": "still to be earned, and to be registered, before the deadline",
        "zh": "尚须在截止日期前完成并登记",
    },
}
"""Why the ways stand in this order: what costs least first."""

_PHASES: Mapping[Phase, Mapping[Language, str]] = {
    "open": {"en": "", "zh": ""},
    "registering": {
        "en": "{year} is over: what took place in it can still be registered, nothing more can be earned.",
        "zh": "{year} 年度已结束:只能补登记年度内已完成的{amounts},不能再新增。",
    },
    "closed": {
        "en": "Registration of {amounts} for {year} has ended.",
        "zh": "{year} 年度的{amounts}登记已结束。",
    },
}


def shown(outlook: Outlook, pack: Pack, language: Language) -> Shown:
    """The whole outlook of one teacher."""
    have, required = counted(outlook.total, pack.parts), outlook.required
    return {
        "teacher": outlook.teacher,
        "year": outlook.year,
        "at": outlook.at,
        "deadline": outlook.deadline,
        "phase": outlook.phase,
        "words": list(_words(outlook, pack, language)),
        "required": None if required is None else _required(required),
        "waived": None if required is None else _hours(required.asked.off(required.waived)),
        "counted": {
            **_hours(have),
            "total": f"{sum(have.values(), ZERO):.2f}",
            "carried_in": f"{outlook.total.carried_in:.2f}",
        },
        "deductions": [deductions.shown(one) for one in outlook.deducted],
        "missing": None if required is None else missing(required.gap),
        "cycles": [explained(outlook.teacher, one, pack, language) for one in outlook.cycles],
        "order": [{"kind": kind, "words": words[language]} for kind, words in _ORDER.items()],
        "ways": [_way(way, outlook, pack, language) for way in outlook.ways],
        "plan": None if required is None else _plan(required.plan, pack),
        "carry_over": _carry_over(outlook.total, required, pack.carry_over),
        "expiring": {
            "points": expiring(ending(outlook.offer.lots, outlook.at, outlook.deadline)),
            "carried_in": f"{outlook.total.unused:.2f}",
        },
    }


def _required(required: Required) -> Shown:
    return {**_hours(required.asked.of(required.waived)), "basis": required.asked.basis}


def _carry_over(total: Total, required: Required | None, rule: CarryOver | None) -> Shown | None:
    if required is None or rule is None:
        return None
    return {
        "category": rule.category,
        "threshold": f"{rule.threshold:.2f}",
        "as_it_stands": _consumed(next_year.as_it_stands(total, required.gap, rule)),
        "as_planned": _consumed(next_year.as_planned(total, required.plan, rule)),
    }


def missing(gap: Gap) -> Shown:
    """What is missing, by category, and the fewest hours that close it."""
    return {**_hours(gap.missing), "hours": f"{gap.hours:.2f}"}


def expiring(lots: Sequence[Lot]) -> list[Shown]:
    """Points by when they expire."""
    return [{"expires_at": expires_at, "points": points} for expires_at, points in lots]


def _hours(of: Mapping[Any, Decimal]) -> Shown:
    return {name: f"{hours:.2f}" for name, hours in of.items()}


def _consumed(result: Consumption) -> Shown:
    return _hours(asdict(result))


def _words(outlook: Outlook, pack: Pack, language: Language) -> Iterator[str]:
    """What somebody at a counter would say: what is deducted, the gap, what is out of reach."""
    for one in outlook.deducted:
        yield from deductions.words(one, pack, language)
    if outlook.required is not None:
        yield from _words_of_year(outlook, outlook.required, pack, language)
        return
    wording = Wording.of(pack, language)
    for standing in outlook.cycles:
        yield conclude(standing, wording)
    if phase := _phase(outlook, pack, language):
        yield phase


def _phase(outlook: Outlook, pack: Pack, language: Language) -> str:
    amounts = amount_name(pack).names[language]
    return _PHASES[outlook.phase][language].format(year=outlook.year, amounts=amounts)


def _words_of_year(outlook: Outlook, required: Required, pack: Pack, language: Language) -> Iterator[str]:
    zh, names = language == "zh", item_names(pack, language)
    unit, amounts = unit_name(pack, language), amount_name(pack).names[language]
    if waived := required.asked.off(required.waived)[TOTAL]:
        yield (
            f"{outlook.year} 年度已减免 {waived:.2f} {unit}。"
            if zh
            else f"{waived:.2f} {unit} of what {outlook.year} asks are waived."
        )
    if not required.gap.hours:
        yield (
            f"{outlook.year} 年度{amounts}要求已全部达到。"
            if zh
            else f"Everything that {outlook.year} requires is there."
        )
        return
    for category, hours in required.gap.missing.items():
        if hours:
            yield (
                f"{names[category]}还缺 {hours:.2f} {unit}。"
                if zh
                else f"{hours:.2f} {names[category]} {unit} are missing."
            )
    if more := required.gap.anywhere:
        yield (
            f"总{amounts}还缺 {more:.2f} {unit}。"
            if zh
            else f"{more:.2f} {unit} of any category are missing besides."
        )
    if phase := _phase(outlook, pack, language):
        yield phase
    left = required.plan.left
    for name, hours in (*((names[one], hours) for one, hours in left.missing.items()), ("", left.anywhere)):
        if hours:
            yield (
                f"{name}有 {hours:.2f} {unit}已无法补足。"
                if zh
                else f"{hours:.2f} {name} {unit} cannot be reached any more."
            )


def _way(way: Way, outlook: Outlook, pack: Pack, language: Language) -> Shown:
    return {
        "kind": way.kind,
        "category": way.category,
        "category_name": item_names(pack, language)[way.category],
        "hours": None if way.hours is None else f"{way.hours:.2f}",
        "plannable": way.plannable,
        **_details(way, outlook, pack, language),
    }


def _details(way: Way, outlook: Outlook, pack: Pack, language: Language) -> Shown:
    match way.kind:
        case "exchange":
            return {**ground(pack, way.of), **_exchange(way, outlook.offer, pack.exchanged_by)}
        case "review":
            return {"declaration": way.of, "href": f"/v1/declarations/{quote(way.of)}"}
        case "class":
            return _class(outlook.classes[way.of])
        case "rule":
            return {**ground(pack, way.of), **_rule(way, pack, language)}
        case _:
            assert_never(way.kind)


def _exchange(way: Way, offer: Offer, rule: Exchange) -> Shown:
    cap, left = rule.caps[way.category], offer.left[way.category]
    return {
        "rate": rule.rate,
        "points": offer.points,
        "cap": cap,
        "used": f"{cap - left:.2f}",
        "from": offer.first,
        "until": offer.last,
    }


def _class(offered: Offered) -> Shown:
    outline = offered.outline
    return {
        "class": offered.number,
        "href": f"/v1/classes/{quote(offered.number)}",
        "title": outline.title,
        "enrol_by": outline.enrol_by,
        "opens": outline.opens,
        "closes": outline.closes,
        "enrolled": offered.enrolled,
    }


def _rule(way: Way, pack: Pack, language: Language) -> Shown:
    source = pack.source(way.of)
    assert source is not None, "a way is a rule of the pack"
    return {
        "through": source.through,
        "through_name": said(way_name(source.through), language),
        "registrars": [_named(kind, language) for kind in source.registrars],
        "reviewers": [_named(kind, language) for kind in source.reviewers],
        "evidence": source.evidence,
        "proof": list(source.proof) if isinstance(source, ConvertedScore) else [],
        "cap": None if source.cap is None else f"{source.cap:.2f}",
    }


def _named(kind: str, language: Language) -> Shown:
    return {"kind": kind, "name": said(caller_name(kind), language)}


def _plan(plan: Plan, pack: Pack) -> Shown:
    spent = {
        step.way: int(step.hours) * pack.exchanged_by.rate
        for step in plan.steps
        if step.way.kind == "exchange"
    }
    return {
        "closes": not plan.left.hours,
        "points": sum(spent.values()),
        "hours": f"{sum((step.hours for step in plan.steps), ZERO):.2f}",
        "steps": [
            {
                "kind": step.way.kind,
                "category": step.way.category,
                "of": step.way.of,
                "hours": f"{step.hours:.2f}",
                "points": spent.get(step.way),
            }
            for step in plan.steps
        ],
        "left": missing(plan.left),
    }
