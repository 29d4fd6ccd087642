"""SQL of the province's verdicts and of discrepancies."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import Column, DateTime, Row, Select, Text, bindparam, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from shared.access import Reach
from shared.contracts.verification import DiscrepancyClosed, DiscrepancyOpened
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Projection, canonical
from shared.runtime.listed import listed
from shared.runtime.unnest import arrays, insert_rows, looked_up, unnested
from verification.figures.domain.hours import TeacherYear, by_column
from verification.verdicts import tables
from verification.verdicts.domain.discrepancy import Discrepancy
from verification.verdicts.domain.verdict import ProvinceVerdict, State
from verification.verdicts.entries import (
    CLOSED,
    OPENED,
    VERDICT_RECEIVED,
    VERDICT_UNPARKED,
    VerdictReceived,
    VerdictUnparked,
)

_v, _x = tables.verdict.c, tables.discrepancy.c
_STANDING = looked_up(
    "select verdict.* from verdict where verdict.teacher = rows.teacher and verdict.year = rows.year"
    " and verdict.state = 'standing'",
    [_v.teacher, _v.year],
)
_OPEN = looked_up(
    "select discrepancy.* from discrepancy where discrepancy.teacher = rows.teacher"
    " and discrepancy.year = rows.year and discrepancy.closed is null",
    [_x.teacher, _x.year],
)
_INSERT_OPENED = insert_rows(tables.discrepancy)
_CLOSING = [_x.teacher, _x.year, Column("by", Text), Column("at", DateTime(timezone=True))]
_CLOSE = unnested(
    "update discrepancy set closed = rows.by, closed_at = rows.at from {rows}"
    " where discrepancy.teacher = rows.teacher and discrepancy.year = rows.year"
    " and discrepancy.closed is null",
    _CLOSING,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A verdict that was received, with its receipt."""

    verdict: ProvinceVerdict
    arrived: State
    state: State
    entry: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A discrepancy with its history."""

    key: TeacherYear
    discrepancy: Discrepancy
    entry: str
    opened_at: datetime
    closed: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which discrepancies a list shows."""

    year: int | None = None
    open: bool | None = None
    teachers: Sequence[Select[tuple[str]]] = ()
    """Only teachers whom every one of these queries names."""


async def load_verdicts(tx: Transaction, ids: Iterable[str]) -> dict[str, Kept]:
    """Verdicts by the identity that the province gave them."""
    wanted = listed("wanted", ("verdict", Text, sorted(set(ids))))
    rows = await tx.execute(select(tables.verdict).join(wanted, wanted.c.verdict == _v.verdict))
    return {row.verdict: _kept(row) for row in rows}


async def load_standing(tx: Transaction, keys: Collection[TeacherYear]) -> dict[TeacherYear, ProvinceVerdict]:
    """The province's standing verdicts of those keys."""
    rows = await tx.fetch(_STANDING, by_column(keys))
    return {TeacherYear(row.teacher, row.year): _kept(row).verdict for row in rows}


async def load_parked(tx: Transaction, teachers: Iterable[str]) -> list[ProvinceVerdict]:
    """Verdicts that wait for one of these teachers to become known."""
    wanted = listed("wanted", ("teacher", Text, sorted(set(teachers))))
    rows = await tx.execute(
        select(tables.verdict)
        .join(wanted, wanted.c.teacher == _v.teacher)
        .where(_v.state == "parked")
        .order_by(_v.teacher, _v.year, _v.decided_at, _v.verdict)
    )
    return [_kept(row).verdict for row in rows]


async def load_open(tx: Transaction, keys: Collection[TeacherYear]) -> dict[TeacherYear, Discrepancy]:
    """The open discrepancies of those keys."""
    rows = await tx.fetch(_OPEN, by_column(keys))
    return {TeacherYear(row.teacher, row.year): _difference(row).discrepancy for row in rows}


async def list_differences(
    tx: Transaction, reach: Reach, wanted: Wanted, after: Sequence[Any] | None, limit: int
) -> list[Difference]:
    """One more than `limit` discrepancies within a reach in order of year, teacher and time of opening."""
    order = (_x.year, _x.teacher, _x.opened_at, _x.entry)
    query = select(tables.discrepancy).order_by(*order).limit(limit + 1)
    query = query.where(await reach.within(tx, _x.teacher))
    if wanted.year is not None:
        query = query.where(_x.year == wanted.year)
    if wanted.open is not None:
        query = query.where(_x.closed.is_(None) if wanted.open else _x.closed.is_not(None))
    for teachers in wanted.teachers:
        query = query.where(_x.teacher.in_(teachers))
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return [_difference(row) for row in await tx.execute(query)]


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write what entries say, folded in their order, with one statement for each kind of change."""
    await _project_verdicts(tx, entries)
    await _project_discrepancies(tx, entries)


PROJECTION = Projection(tables=[tables.verdict, tables.discrepancy], project=project)


async def _project_verdicts(tx: Transaction, entries: Sequence[Entry]) -> None:
    """A verdict that comes to stand replaces the one that stood, in this batch or before it."""
    received: dict[str, dict[str, Any]] = {}
    states: dict[str, str] = {}
    standing: dict[TeacherYear, str] = {}
    for entry in entries:
        if entry.type == VERDICT_RECEIVED:
            said: VerdictReceived | VerdictUnparked = entry.parse(VerdictReceived)
            received[said.verdict] = _row(entry, entry.parse(VerdictReceived))
        elif entry.type == VERDICT_UNPARKED:
            said = entry.parse(VerdictUnparked)
        else:
            continue
        states[said.verdict] = said.state
        if said.state == "standing":
            key = TeacherYear(said.teacher, said.year)
            if key in standing:
                states[standing[key]] = "replaced"
            standing[key] = said.verdict
    if standing:
        replaced = update(tables.verdict).where(
            _v.teacher == bindparam("of_teacher"), _v.year == bindparam("of_year"), _v.state == "standing"
        )
        keys = [{"of_teacher": key.teacher, "of_year": key.year} for key in standing]
        await tx.execute(replaced.values(state="replaced"), keys)
    moved = [{"of": verdict, "now": state} for verdict, state in states.items() if verdict not in received]
    if moved:
        known = update(tables.verdict).where(_v.verdict == bindparam("of"))
        await tx.execute(known.values(state=bindparam("now")), moved)
    if received:
        rows = [row | {"state": states[verdict]} for verdict, row in received.items()]
        await tx.execute(insert(tables.verdict), rows)


async def _project_discrepancies(tx: Transaction, entries: Sequence[Entry]) -> None:
    """A closing entry closes the one open discrepancy of its teacher's year."""
    opened: dict[str, dict[str, Any]] = {}
    open_now: dict[TeacherYear, dict[str, Any]] = {}
    closing: list[dict[str, Any]] = []
    for entry in entries:
        if entry.type == OPENED:
            found = entry.parse(DiscrepancyOpened)
            opened[entry.id] = open_now[TeacherYear(found.teacher, found.year)] = _opened_row(entry, found)
        elif entry.type == CLOSED:
            gone = entry.parse(DiscrepancyClosed)
            key = TeacherYear(gone.teacher, gone.year)
            if key in open_now:
                open_now.pop(key).update(closed=entry.id, closed_at=entry.recorded_at)
            else:
                closing.append(key._asdict() | {"by": entry.id, "at": entry.recorded_at})
    if closing:
        await tx.fetch(_CLOSE, arrays(_CLOSING, closing))
    if opened:
        await tx.fetch(_INSERT_OPENED, arrays(list(_x), list(opened.values())))


def _kept(row: Row[Any]) -> Kept:
    verdict = ProvinceVerdict(
        verdict=row.verdict,
        teacher=row.teacher,
        year=row.year,
        outcome=row.outcome,
        decided_at=row.decided_at,
        totals=None if row.totals is None else _hours(row.totals),
        certificate_reference=row.certificate_reference,
    )
    return Kept(
        verdict=verdict,
        arrived=row.arrived,
        state=row.state,
        entry=row.entry,
        recorded_at=row.recorded_at,
    )


def _difference(row: Row[Any]) -> Difference:
    discrepancy = Discrepancy(
        verdict=row.verdict,
        predicted=row.predicted,
        decided=row.decided,
        difference=_hours(row.difference),
    )
    return Difference(
        key=TeacherYear(row.teacher, row.year),
        discrepancy=discrepancy,
        entry=row.entry,
        opened_at=row.opened_at,
        closed=row.closed,
        closed_at=row.closed_at,
    )


def _hours(stored: Mapping[str, str] | str) -> dict[Any, Decimal]:
    """Hours by category; SQLAlchemy has read the JSON already, the driver leaves it as it is."""
    texts = msgspec.json.decode(stored) if isinstance(stored, str) else stored
    return {category: Decimal(hours) for category, hours in texts.items()}


def _texts(hours: Mapping[str, Decimal]) -> dict[str, str]:
    return {category: str(value) for category, value in hours.items()}


def _row(entry: Entry, said: VerdictReceived) -> dict[str, Any]:
    return {
        "verdict": said.verdict,
        "teacher": said.teacher,
        "year": said.year,
        "outcome": said.outcome,
        "decided_at": said.decided_at,
        "totals": None if said.totals is None else _texts(said.totals),
        "certificate_reference": said.certificate_reference,
        "arrived": said.state,
        "entry": entry.id,
        "recorded_at": entry.recorded_at,
    }


def _opened_row(entry: Entry, found: DiscrepancyOpened) -> dict[str, Any]:
    return {
        "entry": entry.id,
        "teacher": found.teacher,
        "year": found.year,
        "verdict": found.verdict,
        "predicted": found.predicted,
        "decided": found.decided,
        "difference": canonical(found.difference),
        "opened_at": entry.recorded_at,
        "closed": None,
        "closed_at": None,
    }
