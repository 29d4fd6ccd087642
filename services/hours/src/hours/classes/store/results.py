"""SQL of attendance and results: how everybody stands, and the projection of what was handed in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    not_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from hours.classes import entries, tables
from hours.classes.domain.results import Standing
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry

_SEAT, _RESULT, _ABSENCE = tables.seat.c, tables.result.c, tables.absence.c
WHO = _SEAT.teacher
"""Whose a seat is."""

_NEW = insert(tables.result).excluded
_SAME = and_(
    *(
        _RESULT[name].is_not_distinct_from(_NEW[name])
        for name in ("outcome", "score", "grade", "reassessment")
    )
)
_SINCE = case((_SAME, _RESULT.handed_in), else_=_NEW.handed_in)
"""Since when a result is as it stands: handed in again with the same content, since it was first."""
_ACCOUNTS = case(
    (_RESULT.accounts.op("@>")(_NEW.accounts), _RESULT.accounts),
    else_=_RESULT.accounts + _NEW.accounts,
)
"""All accounts that ever handed it in."""


def _standings(number: str) -> Select[Any]:
    """Seats of a class with what is known of their holders, in order of enrolment."""
    missed = (
        select(_ABSENCE.teacher, func.sum(_ABSENCE.absent).label("absent"))
        .where(_ABSENCE["class"] == number)
        .group_by(_ABSENCE.teacher)
        .subquery("missed")
    )
    same = (_RESULT["class"] == number) & (_RESULT.teacher == _SEAT.teacher)
    seats = tables.seat.outerjoin(tables.result, same)
    return (
        select(
            *(_SEAT.teacher, _SEAT.turn, _SEAT.state),
            func.coalesce(missed.c.absent, Decimal(0)).label("absent"),
            *(_RESULT.outcome, _RESULT.score, _RESULT.grade, _RESULT.reassessment, _RESULT.handed_in),
            *(_RESULT.records, _RESULT.accounts, _RESULT.registrar),
        )
        .select_from(seats.outerjoin(missed, missed.c.teacher == _SEAT.teacher))
        .where(_SEAT["class"] == number)
        .order_by(_SEAT.turn)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose standing in a class is asked for: those within a reach, in a state."""

    number: str
    within: ColumnElement[bool]
    state: str | None


async def page(tx: Transaction, wanted: Wanted, *, after: int | None, limit: int) -> list[Standing]:
    """Standings in order of enrolment, at most `limit`."""
    query = _standings(wanted.number).where(wanted.within)
    if wanted.state is not None:
        query = query.where(_SEAT.state == wanted.state)
    if after is not None:
        query = query.where(_SEAT.turn > after)
    return [_standing(row) for row in await tx.execute(query.limit(limit))]


async def load(tx: Transaction, number: str, teachers: Collection[str]) -> dict[str, Standing]:
    """How some teachers stand who have or had a seat."""
    wanted = bindparam("teachers", sorted(teachers), ARRAY(Text))
    query = _standings(number).where(_SEAT.teacher == wanted.any_())
    return {row.teacher: _standing(row) for row in await tx.execute(query)}


async def enrolled(tx: Transaction, number: str) -> list[Standing]:
    """How everybody stands who takes part."""
    return [_standing(row) for row in await tx.execute(_standings(number).where(_SEAT.state == "enrolled"))]


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        teacher=row.teacher,
        turn=row.turn,
        state=row.state,
        absent=row.absent,
        outcome=row.outcome,
        score=row.score,
        grade=row.grade or "",
        reassessment=bool(row.reassessment),
        handed_in=row.handed_in,
        records=row.records or 0,
        accounts=frozenset(row.accounts or ()),
        registrar=row.registrar or "",
    )


async def project(tx: Transaction, entry: Entry) -> None:
    """Bring attendance and results up to an entry, where it is about them."""
    match entry.type:
        case entries.ATTENDED:
            attended = entry.parse(entries.AttendanceRecorded)
            await _put(tx, tables.absence, _row(tables.absence, attended))
        case entries.HANDED_IN:
            await _put_result(tx, entry.parse(entries.ResultHandedIn), entry.effective_at)
        case entries.SET_ASIDE:
            await _set_aside(tx, entry)
        case entries.ASSESSED:
            assessed = entry.parse(entries.ClassAssessed)
            those = _of(assessed.class_, assessed.teachers)
            await tx.execute(update(tables.result).where(those).values(registrar=assessed.by))
        case entries.RETURNED:
            await _await_nobody(tx, entry.parse(entries.ResultsReturned).class_)
        case entries.CALLED_OFF:
            await _await_nobody(tx, entry.parse(entries.ClassCalledOff).class_)
        case entries.REGISTERED:
            registered = entry.parse(entries.ClassRegistered)
            await _count_records(tx, registered)
            await _await_nobody(tx, registered.class_, but=registered.refused)
        case _:
            pass


async def _set_aside(tx: Transaction, entry: Entry) -> None:
    fact = entry.parse(entries.ResultSetAside)
    ordered = {"outcome": None, "score": None, "grade": "", "reassessment": True}
    new = {"class": fact.class_, "teacher": fact.teacher, **ordered, "handed_in": entry.effective_at}
    row: dict[str, Any] = {**new, "records": 0, "accounts": []}
    await _put(tx, tables.result, row, records=_RESULT.records, accounts=_RESULT.accounts)


def _row(table: Table, fact: entries.AttendanceRecorded | entries.ResultHandedIn) -> dict[str, Any]:
    """The columns that a fact has."""
    said = {"class": fact.class_, **msgspec.structs.asdict(fact)}
    return {column.name: said[column.name] for column in table.columns if column.name in said}


async def _put(tx: Transaction, table: Table, row: Mapping[str, Any], **kept: ColumnElement[Any]) -> None:
    """A row in the place of the one that has its key, from which it may have `kept` something."""
    keys = list(table.primary_key.columns)
    statement = insert(table).values(row)
    await tx.execute(statement.on_conflict_do_update(index_elements=keys, set_={**row, **kept}))


async def _put_result(tx: Transaction, fact: entries.ResultHandedIn, at: datetime) -> None:
    new = {**_row(tables.result, fact), "handed_in": at, "records": 0, "accounts": [fact.account]}
    await _put(tx, tables.result, new, handed_in=_SINCE, records=_RESULT.records, accounts=_ACCOUNTS)


def _of(number: str, teachers: Collection[str]) -> ColumnElement[bool]:
    """The results of some teachers in a class."""
    those = bindparam("teachers", sorted(teachers), ARRAY(Text))
    return (_RESULT["class"] == number) & (_RESULT.teacher == those.any_())


async def _count_records(tx: Transaction, fact: entries.ClassRegistered) -> None:
    those = _of(fact.class_, fact.teachers)
    await tx.execute(update(tables.result).where(those).values(records=_RESULT.records + 1))


async def _await_nobody(tx: Transaction, number: str, but: Collection[str] = ()) -> None:
    """Of a class no hours are registered that await recognition, but those of some teachers."""
    over = (_RESULT["class"] == number) & _RESULT.registrar.is_not(None) & not_(_of(number, but))
    await tx.execute(update(tables.result).where(over).values(registrar=None))
