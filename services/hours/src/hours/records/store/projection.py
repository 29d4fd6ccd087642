"""Writing the records' tables: what entries register, take back, and say of what was marked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    bindparam,
    delete,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from hours.records import tables
from hours.records.domain.anomaly import is_completion
from hours.records.domain.entries import AnomalyScrutinised, RecordRegistered, RecordReversed
from hours.records.domain.registration import folded
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical

REGISTERED, REVERSED = "record.registered.v1", "record.reversed.v1"
SCRUTINISED = "anomaly.scrutinised.v1"

_COMPLETION = tables.completion
_TOPIC = tables.record_topic


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the records up to these entries."""
    registered = [_row(entry) for entry in entries if entry.type == REGISTERED]
    if registered:
        await tx.execute(insert(tables.record), registered)
    completed = [row for entry in entries if (row := _completion(entry)) is not None]
    if completed:
        await tx.execute(insert(_COMPLETION), completed)
    topics = [row for entry in entries if entry.type == REGISTERED for row in _topics(entry)]
    if topics:
        await tx.execute(insert(tables.record_topic), topics)
    taken = [(entry, entry.parse(RecordReversed)) for entry in entries if entry.type == REVERSED]
    reversals = [{"of": fact.record, "by": entry.id, "instead": fact.replacement} for entry, fact in taken]
    if reversals:
        taken_back = update(tables.record).where(tables.record.c.record == bindparam("of"))
        now = {"state": "reversed", "reversal": bindparam("by"), "replacement": bindparam("instead")}
        await tx.execute(taken_back.values(now), reversals)
        await tx.execute(delete(_COMPLETION).where(_COMPLETION.c.record == bindparam("of")), reversals)
        ended = update(_TOPIC).where(_TOPIC.c.record == bindparam("of")).values(reversed_at=bindparam("at"))
        await tx.execute(ended, [{"of": fact.record, "at": entry.recorded_at} for entry, fact in taken])
    for entry in entries:
        if entry.type == SCRUTINISED:
            await _look_into(tx, entry)


async def _look_into(tx: Transaction, entry: Entry) -> None:
    fact = entry.parse(AnomalyScrutinised)
    found = {
        "conclusion": fact.conclusion,
        "scrutinised_by": fact.by,
        "scrutinised_at": entry.recorded_at,
        "why": fact.reason,
    }
    await tx.execute(update(_COMPLETION).where(_COMPLETION.c.record == fact.record).values(found))


def _completion(entry: Entry) -> dict[str, object] | None:
    """The course that an entry registers, if it is one."""
    if entry.type != REGISTERED:
        return None
    fact = entry.parse(RecordRegistered)
    if not is_completion(fact.basis, fact.hours):
        return None
    told = {name: fact.details.get(name) for name in ("started_at", "ended_at")}
    return {
        "record": fact.record,
        "teacher": fact.teacher,
        "year": fact.year,
        "hours": fact.hours,
        "first": fact.first,
        "last": fact.last,
        **{name: datetime.fromisoformat(instant) if instant else None for name, instant in told.items()},
        "anomalies": canonical(fact.anomalies),
    }


def _topics(entry: Entry) -> list[dict[str, object]]:
    """What an entry registers was about."""
    fact = entry.parse(RecordRegistered)
    told = {"record": fact.record, "teacher": fact.teacher, "last": fact.last}
    return [
        {**told, "topic": topic, "registered_at": entry.recorded_at, "reversed_at": None}
        for topic in dict.fromkeys(fact.details.get("topics", ()))
    ]


def _row(entry: Entry) -> dict[str, object]:
    fact = entry.parse(RecordRegistered)
    return {
        "record": fact.record,
        "teacher": fact.teacher,
        "year": fact.year,
        "rule": fact.rule,
        "category": fact.category,
        "programme": folded(fact.programme),
        "hours": fact.hours,
        "credits": fact.credits,
        "reason": fact.reason,
        "digest": fact.digest,
        "registrar": fact.registrar,
        "recogniser": fact.recogniser,
        "accounts": sorted({fact.account, *fact.accounts} - {""}),
        "matter": fact.matter,
        "state": "registered",
        "entry": entry.id,
        "recorded_at": entry.recorded_at,
        "reversal": None,
        "replacement": "",
    }
