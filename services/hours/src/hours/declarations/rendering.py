"""Declarations for people: a receipt, a declaration as it stands with its history, and why of each entry."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from hours.declarations.domain.declaration import Declaration
from hours.declarations.domain.entries import Act, Ended
from hours.declarations.store import ENDINGS, TYPES
from hours.records.domain.explanation import told_amounts
from hours.records.domain.numbers import address
from shared.policy.explain import Explanation, Language
from shared.policy.pack import Pack
from shared.runtime.journal import Entry

_SAID = {
    "declaration.drafted.v1": ("{by} wrote down {declaration}", "{by} 填写申报 {declaration}"),
    "declaration.declared.v1": ("{by} declared {declaration}", "{by} 提交申报 {declaration}"),
    "declaration.reviewed.v1": ("{by} agreed to {declaration}", "{by} 审核通过申报 {declaration}"),
    "declaration.recognised.v1": ("{by} recognised {declaration}", "{by} 认定申报 {declaration}"),
    "declaration.returned.v1": ("{by} returned {declaration}", "{by} 退回申报 {declaration}"),
    "declaration.refused.v1": ("{by} refused {declaration}", "{by} 不予认定申报 {declaration}"),
    "declaration.withdrawn.v1": ("{by} withdrew {declaration}", "{by} 撤回申报 {declaration}"),
}
"""What each entry says, in English and in Chinese."""


def explain(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Who did what to a declaration, and their reason where they had to give one."""
    fact, reason = entry.parse(Act), _reason(entry)
    said = _SAID[entry.type][language == "zh"].format(by=fact.by, declaration=fact.declaration)
    colon, stop = (":", "。") if language == "zh" else (": ", ".")
    return Explanation(
        rules=[fact.rule],
        words=f"{said}{colon}{reason}{stop}" if reason else f"{said}{stop}",
        inputs={"declaration": fact.declaration, "by": fact.by, "reason": reason or None},
    )


def _reason(entry: Entry) -> str:
    return entry.parse(Ended).reason if entry.type in ENDINGS.values() else ""


EXPLAINED = dict.fromkeys(TYPES, explain)


def receipt(one: Declaration) -> dict[str, Any]:
    """How far a declaration is."""
    return {
        "declaration": one.declaration,
        "teacher": one.teacher,
        "year": one.registration.year,
        "source_rule": one.registration.rule,
        "state": one.state,
        "awaits": one.awaits,
        **told_amounts(one.hours, one.credits),
        "event": one.entry,
        "record": address(one.record) if one.state == "posted" else None,
        "href": f"/v1/declarations/{quote(one.declaration)}",
    }


def queued(one: Declaration, since: datetime) -> dict[str, Any]:
    """A declaration in a list."""
    content = one.registration
    return {
        **receipt(one),
        "since": since.isoformat(),
        "handed_in": one.handed_in.isoformat() if one.handed_in else None,
        "declarant": one.declarant,
        "category": content.category,
        "activity": content.activity,
        "provider": content.provider,
        "from": content.first.isoformat(),
        "to": content.last.isoformat(),
        "evidence": content.evidence,
        "files": [f"/v1/evidence/{digest}" for digest in content.files],
        "details": content.told,
        "override": one.override or None,
    }


def history(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Who did what when; accounts are for the journal alone."""
    return [
        {
            "event": entry.id,
            "type": entry.type,
            "by": entry.parse(Act).by,
            "at": entry.recorded_at.isoformat(),
            "reason": _reason(entry) or None,
        }
        for entry in entries
    ]
