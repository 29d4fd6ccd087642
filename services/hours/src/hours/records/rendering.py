"""Records for people: a record as it is shown, why one was registered, and why one was refused."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from hours.ledger.domain.claim import Standing
from hours.ledger.domain.explanation import reason_words
from hours.records.domain.anomaly import Anomaly
from hours.records.domain.entries import AnomalyScrutinised, RecordRegistered, RecordReversed
from hours.records.domain.explanation import arithmetic, refusal_arithmetic, told_amounts, words
from hours.records.domain.numbers import address
from hours.records.domain.registration import Refused, Registrar, Registration
from hours.records.store.completions import Marked
from hours.records.store.records import Kept
from shared.policy.explain import Explanation, Language
from shared.policy.names import amount_name
from shared.policy.pack import Pack
from shared.policy.shapes import Rule
from shared.runtime.errors import DomainError, Fault
from shared.runtime.journal import Entry
from shared.runtime.spreadsheets import Cell
from shared.wording import Named

Head = tuple[str, str]
"""What a column is called, in English and in Chinese."""


def explain_registered(entry: Entry, pack: Pack, language: Language) -> Explanation:
    """Why a record gives these hours, and the credits that they make."""
    fact = entry.parse(RecordRegistered)
    return Explanation(
        rules=[fact.rule, *(fact.basis[name] for name in ("conversion", "reward") if name in fact.basis)],
        words=words(pack, fact, language) + _corrected(fact, language),
        inputs={
            **_handed_in(fact),
            "registrar": fact.registrar,
            **({"recogniser": fact.recogniser} if fact.recogniser else {}),
            **({"handed_in": fact.handed_in.isoformat()} if fact.handed_in else {}),
            **({"restores": fact.restores} if fact.restores else {}),
            **fact.details,
            **fact.basis,
        },
        arithmetic=arithmetic(fact.basis, fact.hours, fact.credits),
        because=[event for event in (fact.corrects, fact.reopening) if event],
    )


def _corrected(fact: RecordRegistered, language: Language) -> str:
    if not fact.corrects:
        return ""
    if language == "zh":
        return f"由 {fact.corrector} 更正登记,替换分录 {fact.corrects}。"
    return f" It was registered by {fact.corrector} in place of entry {fact.corrects}."


def explain_reversed(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Why a record was taken back."""
    fact = entry.parse(RecordReversed)
    said = (
        f"{fact.registrar} 冲正登记 {fact.record}:{fact.reason}。"
        if language == "zh"
        else f"{fact.record} was reversed by {fact.registrar}: {fact.reason}."
    )
    inputs = {"record": fact.record, "reason": fact.reason, "registrar": fact.registrar}
    if fact.replacement:
        inputs["replacement"] = fact.replacement
    because = [event for event in (fact.reverses, fact.reopening) if event]
    return Explanation(rules=[fact.rule], words=said, inputs=inputs, because=because)


def explain_scrutinised(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """What somebody found who looked into a marked completion."""
    fact = entry.parse(AnomalyScrutinised)
    said = _FOUND[fact.conclusion][language == "zh"].format(
        by=fact.by, record=fact.record, reason=fact.reason
    )
    inputs = {"record": fact.record, "conclusion": fact.conclusion, "reason": fact.reason, "by": fact.by}
    return Explanation(rules=[], words=said, inputs=inputs, because=[fact.because])


_FOUND = {
    "plausible": (
        "{by} looked into {record} and found it plausible: {reason}.",
        "{by} 核查 {record},情况属实:{reason}。",
    ),
    "taken_back": (
        "{by} looked into {record} and took it back: {reason}.",
        "{by} 核查 {record},予以冲正:{reason}。",
    ),
}
"""What each conclusion says, in English and in Chinese."""


def _handed_in(record: RecordRegistered | Registration) -> dict[str, Any]:
    return {
        "record": record.record,
        "activity": record.activity,
        "provider": record.provider,
        "from": record.first.isoformat(),
        "to": record.last.isoformat(),
        "evidence": record.evidence,
    }


def refusal(pack: Pack, registration: Registration, registrar: Registrar, refused: Refused) -> DomainError:
    """Why a record is refused, told at once: nothing has happened that could be asked about later."""
    inputs = {
        **_handed_in(registration),
        "teacher": registration.teacher,
        "year": registration.year,
        "category": registration.category,
        "hours": None if registration.hours is None else f"{registration.hours:.2f}",
        "registrar": registrar.name,
        **registration.told,
    }
    return _refusal(pack, registration.rule, inputs, refused)


def refusal_to_reverse(pack: Pack, kept: Kept, refused: Refused) -> DomainError:
    """Why a record that is on file is not taken back."""
    inputs = {"record": kept.record, "teacher": kept.teacher, "year": kept.year}
    return _refusal(pack, kept.rule, inputs, refused)


def _refusal(pack: Pack, rule: str, inputs: Mapping[str, Any], refused: Refused) -> DomainError:
    """The refusal with the rule that the record names, where there is one to quote, and how it was judged."""
    known = pack.lookup(rule)
    legal: dict[str, Any] = {"rule": rule, "policy": pack.reference}
    if known is not None:
        legal["clause"] = known.clause
    if isinstance(known, Rule):
        legal["words"] = known.words
    return DomainError(
        refused.code,
        faults=[Fault(path, refused.code, refused.params) for path in refused.paths],
        **{
            **legal,
            **refused.params,
            "inputs": {**inputs, **refused.basis, **refused.params},
            "arithmetic": refusal_arithmetic(refused),
        },
    )


EXPLAINED = {
    "record.registered.v1": explain_registered,
    "record.reversed.v1": explain_reversed,
    "anomaly.scrutinised.v1": explain_scrutinised,
}


def shown_anomaly(anomaly: Anomaly) -> dict[str, Any]:
    """What is impossible about a completed course."""
    return {
        "kind": anomaly.kind,
        "from": anomaly.first.isoformat(),
        "to": anomaly.last.isoformat(),
        "hours": f"{anomaly.hours:.2f}",
        "most": None if anomaly.most is None else f"{anomaly.most:.2f}",
        "records": anomaly.records,
    }


def shown_marked(marked: Marked) -> dict[str, Any]:
    """A completed course that is marked."""
    return {
        "record": marked.record,
        "teacher": marked.teacher,
        "year": marked.year,
        "hours": f"{marked.hours:.2f}",
        "anomalies": [shown_anomaly(one) for one in marked.anomalies],
        "conclusion": marked.conclusion,
        "scrutinised_by": marked.scrutinised_by,
        "scrutinised_at": marked.scrutinised_at,
        "why": marked.why,
    }


def receipt(kept: Kept) -> dict[str, Any]:
    """What never changes about a record; what of it counts is asked at its own address."""
    return {
        "record": kept.record,
        "teacher": kept.teacher,
        "year": kept.year,
        "source_rule": kept.rule,
        "category": kept.category,
        **told_amounts(kept.hours, kept.credits),
        "reason": kept.reason,
        "event": kept.entry,
        "recorded_at": kept.recorded_at.isoformat(),
        "href": address(kept.record),
    }


def shown(kept: Kept, entry: Entry, standing: Standing, language: Language) -> dict[str, Any]:
    """A record as it stands now: what was handed in, what of it counts, and where to ask why."""
    fact = entry.parse(RecordRegistered)
    reason = standing.reason
    why = standing.posting or kept.reversal or kept.entry
    return {
        **receipt(kept),
        "activity": fact.activity,
        "provider": fact.provider,
        "from": fact.first.isoformat(),
        "to": fact.last.isoformat(),
        "evidence": fact.evidence,
        "details": fact.details,
        "files": fact.files,
        "anomalies": [shown_anomaly(one) for one in fact.anomalies],
        "registrar": fact.registrar,
        "recogniser": fact.recogniser or None,
        "matter": fact.matter or None,
        "corrects": fact.corrects or None,
        "restores": fact.restores or None,
        "state": kept.state,
        "replacement": kept.replacement or None,
        "counted": f"{standing.counted:.2f}",
        "over_cap": f"{standing.over_cap:.2f}",
        "reason": reason,
        "reason_words": reason_words(reason, language) if reason else "",
        "posting": standing.posting,
        "why": f"/v1/entries/{why.partition('/')[2]}/why",
    }


_COLUMNS: Mapping[str, Head] = {
    "record": ("record", "登记编号"),
    "teacher": ("teacher", "教师编号"),
    "source_rule": ("rule", "规则"),
    "category": ("category", "科目类别"),
    "hours": ("hours", "登记学时"),
    "credits": ("{amounts}", "折算{amounts}"),
    "counted": ("{amounts} counted", "计入{amounts}"),
    "over_cap": ("{amounts} over the cap", "超限{amounts}"),
    "activity": ("activity", "活动"),
    "provider": ("provider", "施教机构"),
    "from": ("from", "开始日期"),
    "to": ("to", "结束日期"),
    "evidence": ("evidence", "佐证材料"),
    "files": ("files", "佐证文件"),
    "registrar": ("registrar", "登记人"),
    "recogniser": ("recogniser", "认定人"),
    "matter": ("matter", "来源事项"),
    "recorded_at": ("recorded at", "记录时间"),
    "state": ("state", "状态"),
    "corrects": ("corrects", "更正自"),
    "replacement": ("replaced by", "更正为"),
    "why": ("why", "说明"),
}
"""Columns of a school's ledger as a table, and their heads in English and in Chinese; `credits` only where
these are counted."""

_AMOUNTS = ("hours", "credits", "counted", "over_cap")
_STATES = {"registered": ("registered", "已登记"), "reversed": ("reversed", "已冲正")}


def table(
    rows: Iterable[Mapping[str, Any]], categories: Mapping[str, Named], pack: Pack, language: Language
) -> Iterator[list[Cell]]:
    """A ledger (台帐) as the rows of a table, the head first; amounts are numbers, all else is text.

    `categories` are those of the records, by record.
    """
    words = int(language == "zh")
    columns = [name for name in _COLUMNS if name != "credits" or pack.counts_credits]
    amounts = amount_name(pack).names[language]
    yield [_COLUMNS[name][words].format(amounts=amounts) for name in columns]
    for row in rows:
        cells = {
            **row,
            **{name: Decimal(row[name]) for name in _AMOUNTS if name in row},
            "category": categories[row["record"]].names[language],
            "files": " ".join(f"/v1/evidence/{digest}" for digest in row["files"]),
            "state": _STATES[row["state"]][words],
        }
        yield [cells.get(column) for column in columns]
