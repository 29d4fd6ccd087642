"""The ledger's facts for people: the answer to why for each type of entry, and the statement of a year."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.explanation import cap_arithmetic, cap_words, reason_words
from hours.ledger.domain.total import CATEGORIES
from shared.contracts.hours import HoursCarriedOver, HoursPosted, HoursReversed, HoursYearClosed
from shared.policy.explain import CATEGORY_NAMES, Explanation, Language
from shared.policy.pack import Pack
from shared.runtime.journal import Entry

STATED = ("hours.posted.v1", "hours.reversed.v1", "hours.carried_over.v1")
"""Types of entry that a statement is made of."""


def explain_posted(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Why these hours count, and those do not."""
    fact = entry.parse(HoursPosted)
    basis = fact.basis
    asked, before = Decimal(basis["asked"]), Decimal(basis["before"])
    cap = None if basis["cap"] is None else Decimal(basis["cap"])
    words = cap_words(asked, before, cap, fact.hours, language)
    if fact.reason and not fact.over_cap:
        words = f"{reason_words(fact.reason, language)}{'。' if language == 'zh' else '.'} {words}"
    return Explanation(
        rules=[fact.rule],
        words=words,
        inputs={"ground": fact.ground, "category": fact.category, "year": fact.year, **basis},
        arithmetic=cap_arithmetic(asked, before, cap, fact.hours),
        because=[basis["origin"]],
    )


def explain_reversed(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Why a posting was taken back."""
    fact = entry.parse(HoursReversed)
    reason = reason_words(fact.reason, language)
    if language == "zh":
        words = f"{reason}:冲正分录 {fact.reverses}(计入 {fact.hours:.2f},未计入 {fact.over_cap:.2f} 学时)。"
    else:
        words = (
            f"Entry {fact.reverses} ({fact.hours:.2f} h counted, {fact.over_cap:.2f} h not) was reversed:"
            f" {reason}."
        )
    return Explanation(
        rules=[fact.rule],
        words=words,
        inputs={"ground": fact.ground, "reason": fact.reason, "reverses": fact.reverses},
        arithmetic=[f"{fact.hours:.2f} − {fact.hours:.2f} = 0.00"],
        because=[fact.reverses],
    )


def explain_closed(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Why a year takes no more registrations."""
    fact = entry.parse(HoursYearClosed)
    words = (
        f"{fact.year} 年度的学时登记已结束。"
        if language == "zh"
        else f"Registration of hours for {fact.year} has ended."
    )
    return Explanation(rules=[], words=words, inputs={"year": fact.year, "partition": fact.partition})


EXPLAINED = {
    "hours.posted.v1": explain_posted,
    "hours.reversed.v1": explain_reversed,
    "hours.year_closed.v1": explain_closed,
}


def statement(entries: Sequence[Entry], year: int, language: Language) -> list[dict[str, Any]]:
    """Every movement of a teacher's year in order, each with the balance after it (台账)."""
    balance = dict.fromkeys((*CATEGORIES, "carried_in"), ZERO)
    lines: list[dict[str, Any]] = []
    for entry in entries:
        if entry.type not in STATED:
            continue
        moved = _movement(entry, year, balance)
        if moved is None:
            continue
        names = CATEGORY_NAMES[language]
        lines.append(
            {
                "entry": entry.id,
                "type": entry.type,
                "effective_at": entry.effective_at,
                "recorded_at": entry.recorded_at,
                **moved,
                "category_name": names[moved["category"]],
                "reason_words": reason_words(moved["reason"], language) if moved["reason"] else "",
                "balance": {name: f"{hours:.2f}" for name, hours in balance.items()},
                "why": f"/v1/entries/{entry.partition}/{entry.seq}/why",
            }
        )
    return lines


def _movement(entry: Entry, year: int, balance: dict[str, Decimal]) -> Mapping[str, Any] | None:
    """What one entry does to a year, and the balance moved by it; None where it concerns another year."""
    if entry.type == "hours.carried_over.v1":
        return _carried(entry.parse(HoursCarriedOver), year, balance)
    posted = entry.type == "hours.posted.v1"
    fact = entry.parse(HoursPosted) if posted else entry.parse(HoursReversed)
    if fact.year != year:
        return None
    sign = 1 if posted else -1
    balance[fact.category] += sign * fact.hours
    return {
        "category": fact.category,
        "rule": fact.rule,
        "ground": fact.ground,
        "hours": f"{ZERO + sign * fact.hours:.2f}",
        "over_cap": f"{ZERO + sign * fact.over_cap:.2f}",
        "reason": fact.reason,
    }


def _carried(fact: HoursCarriedOver, year: int, balance: dict[str, Decimal]) -> Mapping[str, Any] | None:
    common = {"category": fact.category, "rule": fact.basis["rule"], "reason": "", "over_cap": "0.00"}
    if fact.to_year == year:
        moved = fact.hours - balance["carried_in"]
        balance["carried_in"] = fact.hours
        return {**common, "ground": f"verdict:{fact.verdict}", "hours": f"{moved:.2f}"}
    if fact.year != year:
        return None
    return {
        **common,
        "ground": f"verdict:{fact.verdict}",
        "hours": "0.00",
        "consumed": {
            "used_carried": f"{fact.used_carried:.2f}",
            "used_fresh": f"{fact.used_fresh:.2f}",
            "expired": f"{fact.expired:.2f}",
            "carry_out": f"{fact.hours:.2f}",
        },
    }
