"""SQL of the records: by natural key, by programme of study, and the projection of their entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Text,
    bindparam,
    collate,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from hours.records import tables
from hours.records.domain.anomaly import Anomaly, Completion, is_completion
from hours.records.domain.entries import AnomalyScrutinised, Conclusion, RecordRegistered, RecordReversed
from hours.records.domain.registration import Claimed, folded
from hours.roster.operations.rows import LISTED
from shared.policy.categories import Category
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical
from shared.runtime.pages import narrowed

REGISTERED, REVERSED = "record.registered.v1", "record.reversed.v1"
SCRUTINISED = "anomaly.scrutinised.v1"

TEACHER = tables.record.c.teacher
"""Whose a record is."""

ON_FILE = select(
    *(tables.record.c[name] for name in ("record", "teacher", "year", "state", "replacement", "account")),
    literal_column(tables.ANSWERABLE, Text).label("answerable"),
).subquery("on_file")
"""Every record and who answers for it, for the statement of a room above."""

_COMPLETION = tables.completion
WHO = _COMPLETION.c.teacher
"""Who completed a course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record on file."""

    record: str
    teacher: str
    year: int
    rule: str
    category: Category
    programme: str
    hours: Decimal
    reason: str
    digest: str
    registrar: str
    recogniser: str
    account: str
    matter: str
    state: str
    entry: str
    recorded_at: datetime
    reversal: str | None
    replacement: str


async def load(tx: Transaction, records: Iterable[str]) -> dict[str, Kept]:
    """Records by natural key."""
    wanted = bindparam("records", type_=ARRAY(Text))
    rows = await tx.execute(
        select(tables.record).where(tables.record.c.record == wanted.any_()), {"records": list(records)}
    )
    return {row.record: Kept(**row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


async def load_standing(
    tx: Transaction, matters: Iterable[str], teachers: Iterable[str]
) -> dict[tuple[str, str], Kept]:
    """The record that stands for each (matter, teacher)."""
    columns = tables.record.c
    wanted = bindparam("matters", sorted(set(matters)), ARRAY(Text))
    among = bindparam("teachers", sorted(set(teachers)), ARRAY(Text))
    query = select(tables.record).where(
        columns.matter == wanted.any_(),
        columns.matter != "",
        columns.teacher == among.any_(),
        columns.state == "registered",
    )
    return {(row.matter, row.teacher): Kept(**row) for row in (await tx.execute(query)).mappings()}


@dataclass(frozen=True, slots=True)
class Sum:
    """What came out of a matter: records that stand, and their hours."""

    records: int
    hours: Decimal


async def sum_by_matter(tx: Transaction, matters: Iterable[str]) -> dict[str, Sum]:
    """Of each matter that has records that stand, how many and of how many hours."""
    columns = tables.record.c
    wanted = bindparam("matters", sorted(set(matters)), ARRAY(Text))
    query = select(columns.matter, func.count().label("records"), func.sum(columns.hours).label("hours"))
    query = query.where(columns.matter == wanted.any_(), columns.matter != "", columns.state == "registered")
    rows = await tx.execute(query.group_by(columns.matter))
    return {row.matter: Sum(row.records, row.hours) for row in rows}


async def load_claims(
    tx: Transaction, teachers: Iterable[str], programmes: Iterable[str]
) -> dict[tuple[str, str], set[Claimed]]:
    """Where each (teacher, programme), folded, is claimed by a record that stands."""
    wanted, among = bindparam("teachers", type_=ARRAY(Text)), bindparam("programmes", type_=ARRAY(Text))
    columns = tables.record.c
    query = select(columns.teacher, columns.programme, columns.rule, columns.year).where(
        columns.teacher == wanted.any_(), columns.programme == among.any_(), columns.state == "registered"
    )
    claims: dict[tuple[str, str], set[Claimed]] = {}
    for row in await tx.execute(query, {"teachers": list(teachers), "programmes": list(programmes)}):
        claims.setdefault((row.teacher, row.programme), set()).add(Claimed(row.rule, row.year))
    return claims


async def load_places(
    tx: Transaction, teachers: Iterable[str], rules: Iterable[str]
) -> list[tuple[int, int]]:
    """Partition and number of the entries of teachers' records under some rules that stand."""
    wanted, among = bindparam("teachers", type_=ARRAY(Text)), bindparam("rules", type_=ARRAY(Text))
    columns = tables.record.c
    query = select(columns.entry).where(
        columns.teacher == wanted.any_(), columns.rule == among.any_(), columns.state == "registered"
    )
    rows = await tx.execute(query, {"teachers": list(teachers), "rules": list(rules)})
    return [place_of(row.entry) for row in rows]


def place_of(event: str) -> tuple[int, int]:
    """Partition and number of an entry of ours, by its event id."""
    _, partition, seq = event.split("/")
    return int(partition), int(seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSchool:
    """Which records of a school's year are asked for: those within a reach, and `of` a teacher or state."""

    within: ColumnElement[bool]
    school: str
    year: int
    of: Mapping[str, str | None]


async def page_of_school(
    tx: Transaction, wanted: OfSchool, *, after: str | None, limit: int | None
) -> list[Kept]:
    """What a school registered, wherever the teachers are now, and all of who teaches there now (台帐).

    In order of record, at most `limit`.
    """
    columns = tables.record.c
    of_year = select(columns.record).where(columns.year == wanted.year)
    here = select(collate(LISTED.c.teacher, "default")).where(LISTED.c.school == wanted.school)
    own = of_year.where(columns.registrar == f"school:{wanted.school}")
    either = own.union(of_year.where(columns.teacher.in_(here)))
    query = narrowed(select(tables.record), columns.record, after, wanted.of, wanted.within)
    rows = await tx.execute(query.where(columns.record.in_(either)).limit(limit))
    return [Kept(**row) for row in rows.mappings()]


async def load_completions(tx: Transaction, teachers: Iterable[str]) -> dict[str, list[Completion]]:
    """The courses of each teacher whose records stand."""
    wanted = bindparam("teachers", list(teachers), ARRAY(Text))
    own = [_COMPLETION.c[field.name] for field in fields(Completion)]
    query = select(WHO, *own).where(wanted.any_() == WHO)
    found: dict[str, list[Completion]] = {}
    for row in (await tx.execute(query)).mappings():
        said = dict(row)
        found.setdefault(said.pop("teacher"), []).append(Completion(**said))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A course whose record is marked."""

    record: str
    teacher: str
    year: int
    hours: Decimal
    anomalies: Sequence[Anomaly]
    conclusion: Conclusion | None
    """What somebody found who looked into it."""
    scrutinised_by: str | None
    scrutinised_at: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which marked courses are asked for: those within a reach, of a teacher or year where one is named."""

    is_open: bool | None = None
    """Whether nobody looked into them; None for any."""

    within: ColumnElement[bool]
    teacher: str | None
    year: int | None


async def page_marked(tx: Transaction, wanted: Wanted, *, after: str | None, limit: int) -> list[Marked]:
    """Marked courses in order of record, at most `limit`."""
    query = narrowed(
        select(_COMPLETION), _COMPLETION.c.record, after, {"teacher": wanted.teacher}, wanted.within
    ).where(_COMPLETION.c.anomalies != "[]")
    if wanted.year is not None:
        query = query.where(_COMPLETION.c.year == wanted.year)
    if wanted.is_open is not None:
        query = query.where(_COMPLETION.c.conclusion.is_(None) == wanted.is_open)
    return [_marked(row) for row in await tx.execute(query.limit(limit))]


async def load_marked(tx: Transaction, record: str) -> Marked | None:
    """A marked course by its record, which stands."""
    query = select(_COMPLETION).where(_COMPLETION.c.record == record, _COMPLETION.c.anomalies != "[]")
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _marked(row)


def _marked(row: Row[Any]) -> Marked:
    own = {field.name: getattr(row, field.name) for field in fields(Marked)}
    return Marked(**{**own, "anomalies": msgspec.json.decode(row.anomalies, type=list[Anomaly])})


async def save_proofs(tx: Transaction, proofs: Mapping[str, Mapping[str, str]]) -> None:
    """Keep the data of stamped proofs by record."""
    if proofs:
        rows = [{"record": record, "data": canonical(data)} for record, data in proofs.items()]
        await tx.execute(insert(tables.proof), rows)


async def load_proof(tx: Transaction, record: str) -> dict[str, str] | None:
    """The data of the stamped proof of a record."""
    data = (
        await tx.execute(select(tables.proof.c.data).where(tables.proof.c.record == record))
    ).scalar_one_or_none()
    return None if data is None else msgspec.json.decode(data, type=dict[str, str])


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the records up to these entries."""
    registered = [_row(entry) for entry in entries if entry.type == REGISTERED]
    if registered:
        await tx.execute(insert(tables.record), registered)
    completed = [row for entry in entries if (row := _completion(entry)) is not None]
    if completed:
        await tx.execute(insert(_COMPLETION), completed)
    taken = [(entry, entry.parse(RecordReversed)) for entry in entries if entry.type == REVERSED]
    reversals = [{"of": fact.record, "by": entry.id, "instead": fact.replacement} for entry, fact in taken]
    if reversals:
        taken_back = update(tables.record).where(tables.record.c.record == bindparam("of"))
        now = {"state": "reversed", "reversal": bindparam("by"), "replacement": bindparam("instead")}
        await tx.execute(taken_back.values(now), reversals)
        await tx.execute(delete(_COMPLETION).where(_COMPLETION.c.record == bindparam("of")), reversals)
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
        "reason": fact.reason,
        "digest": fact.digest,
        "registrar": fact.registrar,
        "recogniser": fact.recogniser,
        "account": fact.account,
        "matter": fact.matter,
        "state": "registered",
        "entry": entry.id,
        "recorded_at": entry.recorded_at,
        "reversal": None,
        "replacement": "",
    }
