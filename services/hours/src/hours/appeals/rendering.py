"""Appeals for people: one as it stands with its due day, what happened to it, and why of each entry."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from hours.appeals.domain.appeal import SEES_SEALED, Appeal, is_sealed
from hours.appeals.domain.clock import due
from hours.appeals.domain.entries import Act
from hours.appeals.store import FILED, GRANTED, REJECTED, TYPES, WITHDRAWN, Said
from hours.records.domain.numbers import address
from hours.settings import Context
from hours.waivers.domain import Ground
from shared.policy.explain import Explanation, Language
from shared.policy.pack import Pack
from shared.runtime.journal import Entry

_SAID = {
    FILED: ("{by} appealed about {matter}.", "{by} 就 {matter} 提出申诉。"),
    GRANTED: (
        "{by} granted the appeal about {matter}, and undid what was decided.",
        "{by} 认定就 {matter} 提出的申诉成立,原处理已更正。",
    ),
    REJECTED: (
        "{by} rejected the appeal about {matter}; the reason is with the appeal.",
        "{by} 驳回就 {matter} 提出的申诉,理由见申诉本身。",
    ),
    WITHDRAWN: ("{by} withdrew the appeal about {matter}.", "{by} 撤回就 {matter} 提出的申诉。"),
}
"""What each entry says, in English and in Chinese."""


def explain(entry: Entry, _pack: Pack, language: Language) -> Explanation:
    """Who did what about an appeal; what people wrote stays with the appeal."""
    fact = entry.parse(Act)
    return Explanation(
        rules=[fact.rule] if fact.rule else [],
        words=_SAID[entry.type][language == "zh"].format(by=fact.by, matter=fact.matter),
        inputs={"appeal": fact.appeal, "matter": fact.matter, "by": fact.by},
        because=[fact.because],
        acts=SEES_SEALED if is_sealed(fact.matter) else (),
    )


EXPLAINED = dict.fromkeys(TYPES, explain)


def shown(one: Appeal, context: Context) -> dict[str, Any]:
    """An appeal in a list: without what anybody wrote."""
    return {
        "appeal": one.appeal,
        "teacher": one.teacher,
        "matter": one.matter,
        "source_rule": one.rule or None,
        "against": one.against,
        "filed_by": one.by,
        "filed_at": one.filed_at,
        "due": due(one.filed_at, context.appeals.answer_days, context.pack.pack.timezone),
        "state": one.state,
        "over_at": one.over_at,
        "decided_by": one.decided_by,
        "record": None if one.record is None else address(one.record),
        "href": _address(one),
    }


def words(one: Appeal, said: Mapping[Said, str]) -> dict[str, Any]:
    """What its parties and those who decide see beside it."""
    return {
        "grounds": said["grounds"],
        "files": [_file(one, digest) for digest in one.files],
        "reason": said.get("reason"),
    }


def ground(one: Appeal, asked: Ground) -> dict[str, Any]:
    """Why a waiver was asked for, and why it was refused, for who may decide."""
    files = [_file(one, digest) for digest in asked.files]
    return {"kind": asked.kind, "statement": asked.statement, "files": files, "reason": asked.reason}


HIDDEN = {"grounds": None, "files": None, "reason": None}
"""The same for everybody else."""


def history(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Who did what when; accounts are for the journal alone."""
    return [
        {"event": entry.id, "type": entry.type, "by": entry.parse(Act).by, "at": entry.recorded_at}
        for entry in entries
    ]


def _file(one: Appeal, digest: str) -> str:
    return f"{_address(one)}/files/{digest}"


def _address(one: Appeal) -> str:
    return f"/v1/appeals/{quote(one.appeal)}"
