"""A statement for people: each movement with the balance after it, its source, and who took it back.

The source of hours (来源) is what was registered: a record with its activity, evidence and hands, an exchange
with its points, a verdict. It is found by the ground of the movement, among the teacher's own entries.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.explanation import reason_words
from hours.records.domain.entries import RecordRegistered, RecordReversed
from hours.records.domain.explanation import told_amounts
from hours.records.domain.numbers import address
from hours.reviews.domain import Looked
from shared.contracts.hours import (
    HoursCarriedOver,
    HoursExchangePosted,
    HoursExchangeReversed,
    HoursPosted,
    HoursReversed,
    HoursYearReopened,
)
from shared.policy.calendar import day_of
from shared.policy.categories import CARRIED_IN, Category
from shared.policy.explain import Language
from shared.policy.names import amount_name, item_name, item_names
from shared.policy.pack import Pack
from shared.runtime.journal import Entry
from shared.runtime.spreadsheets import Cell

MOVEMENTS = ("hours.posted.v1", "hours.reversed.v1", "hours.carried_over.v1", "hours.year_reopened.v1")
SOURCES = ("record.registered.v1", "hours.exchange_posted.v1")
TAKEN_BACK = ("record.reversed.v1", "hours.exchange_reversed.v1")
STATED = (*MOVEMENTS, *SOURCES, *TAKEN_BACK)
"""Types of entry that a statement is made of."""

_BY_SOMEBODY = frozenset({"corrected", "recalled"})
"""Reasons of reversals that an entry of their own stands behind; the others follow from a cap."""

Line = dict[str, Any]


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
    balance = dict.fromkeys((*posted, CARRIED_IN), ZERO)
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
            "balance": {name: f"{hours:.2f}" for name, hours in balance.items()},
            "why": f"/v1/entries/{entry.partition}/{entry.seq}/why",
        }
        for entry in entries
        if entry.type in MOVEMENTS and (moved := _movement(entry, year, balance)) is not None
    ]
    nothing = dict.fromkeys(balance, f"{ZERO:.2f}")
    return [{**line, "balance": nothing | line["balance"]} for line in lines]


def _words(entry: Entry, reason: str, language: Language) -> str:
    """The reason for people: a code in words, or the words that somebody gave for opening a year again."""
    return reason if entry.type == "hours.year_reopened.v1" else reason_words(reason, language)


def _by_somebody(entry: Entry, reason: str) -> bool:
    """Whether hours went because somebody took back what they rest on."""
    return entry.type == "hours.reversed.v1" and reason in _BY_SOMEBODY


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
    recalled = entry.parse(HoursExchangeReversed)
    return f"exchange:{recalled.exchange}", {"entry": entry.id, "by": "points", "why": recalled.recall}


def _movement(entry: Entry, year: int, balance: dict[str, Decimal]) -> Mapping[str, Any] | None:
    """What one entry does to a year, and the balance moved by it; None where it concerns another year."""
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


def _reopened(fact: HoursYearReopened, year: int) -> Mapping[str, Any] | None:
    """A reopening moves no hours; it says who let them be moved again, why and until when."""
    if fact.year != year:
        return None
    nothing = {"category": "", "rule": "", "ground": "", "hours": "0.00", "over_cap": "0.00"}
    return {**nothing, "reason": fact.reason, "until": fact.until.isoformat(), "by": fact.by}


HELD = "held"

_COLUMNS: Mapping[str, tuple[str, str]] = {
    "entry": ("entry", "分录"),
    "recorded_at": ("recorded at", "记录时间"),
    "effective_at": ("effective at", "业务时间"),
    "type": ("movement", "变动"),
    "category_name": ("category", "科目类别"),
    HELD: ("hours held", "学时"),
    "hours": ("{amounts}", "计入{amounts}"),
    "over_cap": ("over the cap", "超限{amounts}"),
    "reason_words": ("reason", "原因"),
    "rule": ("rule", "规则"),
    "title": ("title of the rule", "规则名称"),
    "ground": ("ground", "依据"),
    "activity": ("activity", "活动"),
    "provider": ("provider", "施教机构"),
    "from": ("from", "开始日期"),
    "to": ("to", "结束日期"),
    "evidence": ("evidence", "佐证材料"),
    "files": ("files", "佐证文件"),
    "registrar": ("registrar", "登记人"),
    "recogniser": ("recogniser", "认定人"),
    "matter": ("matter", "来源事项"),
    "points": ("points spent", "所用积分"),
    "reverses": ("reverses", "冲正分录"),
    "by": ("taken back by", "冲正人"),
    "taken_back": ("taken back because", "冲正原因"),
}
_BALANCE = "balance:"
"""Before the part whose balance a column is: a category may be called as another column is."""
_LAST_COLUMNS: Mapping[str, tuple[str, str]] = {
    _BALANCE + CARRIED_IN: ("carried in", "转入{amounts}"),
    "reviews": ("reviewed", "登记审核"),
    "why": ("why", "说明"),
}
"""Columns of a statement as a table, and their heads in English and in Chinese; balances stand between."""

_MOVED = {
    "hours.posted.v1": ("posted", "入账"),
    "hours.reversed.v1": ("reversed", "冲正"),
    "hours.carried_over.v1": ("carried over", "结转"),
    "hours.year_reopened.v1": ("year reopened", "年度重开"),
}


_FOUND = {
    "in_order": ("in order", "无异议"),
    "changed": ("objected to and changed", "有异议,已更正或冲正"),
    "upheld": ("objected to", "有异议,未变更"),
}


def _reviewed(review: Mapping[str, Any], tz: str, words: int) -> str:
    """Who reviewed a record, on which day there, and what came of it."""
    on = day_of(datetime.fromisoformat(review["at"]), tz)
    return f"{review['by']} {on} {_FOUND[review['outcome']][words]}"


def _heads(lines: Sequence[Line], pack: Pack, language: Language) -> dict[str, str]:
    """The head of each column: after the movement the balance of each category, of former rules as well."""
    words, names = int(language == "zh"), item_names(pack, language)
    posted = {name: names[name] for name in pack.posted}
    for line in lines:
        if line["category"] in line["balance"]:
            posted.setdefault(line["category"], line["category_name"])
    balance = {
        _BALANCE + category: f"{name}累计" if words else f"balance, {name}"
        for category, name in posted.items()
    }
    amounts = amount_name(pack).names[language]
    first, last = (
        {name: heads[words].format(amounts=amounts) for name, heads in some.items()}
        for some in (_COLUMNS, _LAST_COLUMNS)
    )
    if not pack.counts_credits:
        del first[HELD]
    return first | balance | last


def table(lines: Sequence[Line], pack: Pack, language: Language) -> Iterator[list[Cell]]:
    """A statement as the rows of a table, the head first; amounts are numbers, all else is text."""
    words = int(language == "zh")
    heads, zone = _heads(lines, pack, language), pack.pack.timezone
    yield list(heads.values())
    for line in lines:
        source, reversal = line["source"] or {}, line["reversal"] or {}
        cells = {
            **source,
            **line,
            **{name: Decimal(line[name]) for name in (HELD, "hours", "over_cap") if name in line},
            **{_BALANCE + name: Decimal(hours) for name, hours in line["balance"].items()},
            "type": _MOVED[line["type"]][words],
            "title": line["title_zh"] if words else line["title"],
            "files": " ".join(file["href"] for file in source.get("files", ())),
            "reviews": " ".join(_reviewed(one, zone, words) for one in source.get("reviews", ())),
            "by": reversal.get("by"),
            "taken_back": reversal.get("why"),
        }
        yield [cells.get(column) for column in heads]
