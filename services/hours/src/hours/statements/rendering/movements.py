"""A statement for people: each movement with the balance after it, its source, and who took it back.

The source of hours (来源) is what was registered: a record with its activity, evidence and hands, an exchange
with its points, a verdict. It is found by the ground of the movement, among the teacher's own entries.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote

from hours.deductions.entries import DeductionMade, DeductionWithdrawn
from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.explanation import reason_words
from hours.records.domain.entries import RecordRegistered, RecordReversed
from hours.records.domain.explanation import told_amounts
from hours.records.domain.numbers import address
from hours.reviews.domain import Looked
from shared.contracts.hours import (
    HoursCarriedOver,
    HoursDeducted,
    HoursExchangePosted,
    HoursExchangeReversed,
    HoursPosted,
    HoursReversed,
    HoursYearReopened,
)
from shared.policy.categories import CARRIED_IN, Category
from shared.policy.explain import Language
from shared.policy.names import item_name
from shared.policy.pack import Pack
from shared.runtime.journal import Entry

MOVEMENTS = (
    "hours.posted.v1",
    "hours.reversed.v1",
    "hours.deducted.v1",
    "hours.carried_over.v1",
    "hours.year_reopened.v1",
)
SOURCES = ("record.registered.v1", "hours.exchange_posted.v1", "deduction.made.v1")
TAKEN_BACK = ("record.reversed.v1", "hours.exchange_reversed.v1", "deduction.withdrawn.v1")
STATED = (*MOVEMENTS, *SOURCES, *TAKEN_BACK)
"""Types of entry that a statement is made of."""

_BY_SOMEBODY = frozenset({"corrected", "recalled", "withdrawn"})
"""Reasons of what is taken back that an entry of their own stands behind; the others follow from others."""

_TAKING_BACK = frozenset({"hours.reversed.v1", "hours.deducted.v1"})

Line = dict[str, Any]


class _Sums(NamedTuple):
    """What a year has come to, as its movements are told one after the other."""

    balance: dict[str, Decimal]
    deducted: dict[str, Mapping[str, Decimal]]
    """By deduction."""


def statement(
    entries: Sequence[Entry],
    posted: Sequence[Category],
    packs: Mapping[str, Pack],
    year: int,
    language: Language,
) -> list[Line]:
    """Every movement of a year in the order of recording (台账), told by the version that its entry names.

    The balance is that of the categories into which hours go now, and of those into which they went before.
    """
    sources = dict(_source(entry) for entry in entries if entry.type in SOURCES)
    reversals: dict[str, list[Line]] = defaultdict(list)
    for entry in entries:
        if entry.type in TAKEN_BACK:
            ground, reversal = _reversal(entry)
            reversals[ground].append(reversal)
    sums = _Sums(dict.fromkeys((*posted, CARRIED_IN), ZERO), {})
    lines = [
        {
            "entry": entry.id,
            "type": entry.type,
            "effective_at": entry.effective_at,
            "recorded_at": entry.recorded_at,
            "source": sources.get(moved["ground"]),
            **moved,
            "policy": entry.policy,
            **_called(packs.get(entry.policy), moved["rule"], moved["category"], language),
            "reason_words": _words(entry, moved["reason"], language),
            "reversal": reversals[moved["ground"]].pop(0) if _by_somebody(entry, moved["reason"]) else None,
            "balance": {name: f"{hours:.2f}" for name, hours in sums.balance.items()},
            "why": f"/v1/entries/{entry.partition}/{entry.seq}/why",
        }
        for entry in entries
        if entry.type in MOVEMENTS and (moved := _movement(entry, year, sums)) is not None
    ]
    nothing = dict.fromkeys(sums.balance, f"{ZERO:.2f}")
    return [{**line, "balance": nothing | line["balance"]} for line in lines]


def _words(entry: Entry, reason: str, language: Language) -> str:
    """The reason for people: a code in words, or the words that somebody gave for opening a year again."""
    return reason if entry.type == "hours.year_reopened.v1" else reason_words(reason, language)


def _by_somebody(entry: Entry, reason: str) -> bool:
    """Whether hours went because somebody took back what they rest on."""
    return entry.type in _TAKING_BACK and reason in _BY_SOMEBODY


def _called(pack: Pack | None, rule: str, category: str, language: Language) -> Line:
    """What a rule and a category are called; a version that does not know them, or is not kept, says ids."""
    found = None if pack is None else pack.lookup(rule)
    return {
        "title": getattr(found, "title", ""),
        "title_zh": getattr(found, "title_zh", ""),
        "category_name": item_name(pack, category).names[language],
        "unit": None if pack is None else pack.pack.unit,
    }


def _source(entry: Entry) -> tuple[str, Line]:
    """The ground of what was registered, and what a statement says about it."""
    if entry.type == "hours.exchange_posted.v1":
        posted = entry.parse(HoursExchangePosted)
        return f"exchange:{posted.exchange}", {
            "kind": "exchange",
            "exchange": posted.exchange,
            "href": f"/v1/exchanges/{quote(posted.exchange)}",
            "hours": f"{posted.hours:.2f}",
            "points": posted.points or None,
        }
    if entry.type == "deduction.made.v1":
        made = entry.parse(DeductionMade)
        return f"deduction:{made.deduction}", {
            "kind": "deduction",
            "deduction": made.deduction,
            "href": f"/v1/deductions/{quote(made.deduction)}",
            "asked": f"{made.hours:.2f}",
            "by": made.by,
            "why": made.reason,
        }
    fact = entry.parse(RecordRegistered)
    return f"record:{fact.record}", {
        "kind": "record",
        "record": fact.record,
        "href": address(fact.record),
        **(told_amounts(fact.hours, fact.credits) if fact.credits is not None else {}),
        "activity": fact.activity,
        "provider": fact.provider,
        "from": fact.first,
        "to": fact.last,
        "evidence": fact.evidence,
        "files": [{"digest": digest, "href": f"/v1/evidence/{digest}"} for digest in fact.files],
        "registrar": fact.registrar,
        "recogniser": fact.recogniser or None,
        "matter": fact.matter or None,
    }


def records_of(lines: Iterable[Line]) -> set[str]:
    """The records that lines rest on."""
    return {line["source"]["record"] for line in lines if "record" in (line["source"] or {})}


def tell_reviews(lines: Iterable[Line], looked_at: Mapping[str, Sequence[Looked]]) -> None:
    """Add to the source of each line that rests on a record who reviewed it, when, and what came of it."""
    for line in lines:
        if "record" in (line["source"] or {}):
            found = looked_at.get(line["source"]["record"], ())
            line["source"]["reviews"] = [one.told for one in found]


def _reversal(entry: Entry) -> tuple[str, Line]:
    """The ground of what was taken back, by whom, and why."""
    if entry.type == "record.reversed.v1":
        fact = entry.parse(RecordReversed)
        return f"record:{fact.record}", {"entry": entry.id, "by": fact.registrar, "why": fact.reason}
    if entry.type == "deduction.withdrawn.v1":
        withdrawn = entry.parse(DeductionWithdrawn)
        ground = f"deduction:{withdrawn.deduction}"
        return ground, {"entry": entry.id, "by": withdrawn.by, "why": withdrawn.reason}
    recalled = entry.parse(HoursExchangeReversed)
    return f"exchange:{recalled.exchange}", {"entry": entry.id, "by": "points", "why": recalled.recall}


def _movement(entry: Entry, year: int, sums: _Sums) -> Mapping[str, Any] | None:
    """What one entry does to a year, and the balance moved by it; None where it concerns another year."""
    balance = sums.balance
    if entry.type == "hours.deducted.v1":
        return _deducted(entry.parse(HoursDeducted), year, sums)
    if entry.type == "hours.carried_over.v1":
        return _carried(entry.parse(HoursCarriedOver), year, balance)
    if entry.type == "hours.year_reopened.v1":
        return _reopened(entry.parse(HoursYearReopened), year)
    is_posting = entry.type == "hours.posted.v1"
    fact = entry.parse(HoursPosted) if is_posting else entry.parse(HoursReversed)
    if fact.year != year:
        return None
    sign = 1 if isinstance(fact, HoursPosted) else -1
    balance[fact.category] = balance.get(fact.category, ZERO) + sign * fact.hours
    return {
        "category": fact.category,
        "rule": fact.rule,
        "ground": fact.ground,
        "hours": f"{ZERO + sign * fact.hours:.2f}",
        **_held(fact),
        "over_cap": f"{ZERO + sign * fact.over_cap:.2f}",
        "reason": fact.reason,
        **({} if isinstance(fact, HoursPosted) else {"reverses": fact.reverses}),
    }


def _held(fact: HoursPosted | HoursReversed) -> Mapping[str, str]:
    """The hours that made credits; nothing where hours are counted."""
    held = fact.held if isinstance(fact, HoursPosted) else None
    return {} if held is None else {"held": f"{held:.2f}"}


def _carried(fact: HoursCarriedOver, year: int, balance: dict[str, Decimal]) -> Mapping[str, Any] | None:
    common = {
        "category": fact.category,
        "rule": fact.basis["rule"],
        "ground": f"verdict:{fact.verdict}",
        "source": {"kind": "verdict", "verdict": fact.verdict, "year": fact.year},
        "reason": "",
        "over_cap": "0.00",
    }
    if fact.to_year == year:
        moved = fact.hours - balance["carried_in"]
        balance["carried_in"] = fact.hours
        return {**common, "hours": f"{moved:.2f}"}
    if fact.year != year:
        return None
    return {
        **common,
        "hours": "0.00",
        "consumed": {
            "used_carried": f"{fact.used_carried:.2f}",
            "used_fresh": f"{fact.used_fresh:.2f}",
            "expired": f"{fact.expired:.2f}",
            "carry_out": f"{fact.hours:.2f}",
        },
    }


def _deducted(fact: HoursDeducted, year: int, sums: _Sums) -> Mapping[str, Any] | None:
    """What another word on a deduction moves: the difference to what it took before."""
    if fact.year != year:
        return None
    before = sums.deducted.get(fact.deduction, {})
    sums.deducted[fact.deduction] = fact.hours
    moved = {name: before.get(name, ZERO) - fact.hours.get(name, ZERO) for name in {**before, **fact.hours}}
    for name, hours in moved.items():
        sums.balance[name] = sums.balance.get(name, ZERO) + hours
    changed = [name for name, hours in moved.items() if hours]
    return {
        "category": changed[0] if len(changed) == 1 else "",
        "rule": fact.rule,
        "ground": f"deduction:{fact.deduction}",
        "hours": f"{sum(moved.values(), ZERO):.2f}",
        "by_category": {name: f"{moved[name]:.2f}" for name in changed},
        "over_cap": f"{ZERO:.2f}",
        "short": f"{fact.short:.2f}",
        "withholds": fact.withholds,
        "reason": fact.reason,
    }


def _reopened(fact: HoursYearReopened, year: int) -> Mapping[str, Any] | None:
    """A reopening moves no hours; it says who let them be moved again, why and until when."""
    if fact.year != year:
        return None
    nothing = {"category": "", "rule": "", "ground": "", "hours": "0.00", "over_cap": "0.00"}
    return {**nothing, "reason": fact.reason, "until": fact.until.isoformat(), "by": fact.by}
