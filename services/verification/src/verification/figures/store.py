"""SQL of the roster and the counted hours."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, Text, delete, exists, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from shared.access import Reach
from shared.policy.categories import Hours, to_texts
from shared.policy.requirement import Waived
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Projection
from shared.runtime.listed import listed
from shared.runtime.unnest import looked_up
from verification.figures import tables
from verification.figures.domain.hours import Deduction, HeardYear, TeacherYear, by_column
from verification.figures.domain.roster import Member, Scope
from verification.figures.entries import (
    FIGURES_HEARD,
    ROSTER_HEARD,
    ROSTER_LEFT,
    WAIVER_HEARD,
    FiguresHeard,
    RosterHeard,
    RosterLeft,
    WaiverHeard,
)

_COUNTED = looked_up(
    "select figures.teacher, figures.year, figures.hours::text, figures.deductions::text, figures.heard"
    " from figures"
    " where figures.teacher = rows.teacher and figures.year = rows.year",
    [tables.figures.c.teacher, tables.figures.c.year],
)

_WAIVED = looked_up(
    "select waived.teacher, waived.year, waived.hours::text, waived.whole, waived.heard from waived"
    " where waived.teacher = rows.teacher and waived.year = rows.year",
    [tables.waived.c.teacher, tables.waived.c.year],
)


async def load_members(tx: Transaction, teachers: Iterable[str]) -> dict[str, Member]:
    """Those of the teachers who are on the roster."""
    wanted = listed("wanted", ("teacher", Text, sorted(set(teachers))))
    rows = await tx.execute(select(tables.roster).join(wanted, wanted.c.teacher == tables.roster.c.teacher))
    return {
        row.teacher: Member(teacher=row.teacher, school=row.school, district=row.district) for row in rows
    }


async def load_years(
    tx: Transaction, keys: Collection[TeacherYear]
) -> dict[TeacherYear, tuple[HeardYear, str]]:
    """What was heard of those keys for which anything was, and the event that changed it last."""
    rows = await tx.fetch(_COUNTED, by_column(keys))
    return {
        TeacherYear(teacher, year): (HeardYear(_hours(hours), _deductions(deductions)), heard)
        for teacher, year, hours, deductions, heard in rows
    }


async def heard_of(tx: Transaction, year: int) -> bool:
    """Whether there are figures of anybody's year."""
    query = select(exists().where(tables.figures.c.year == year))
    return bool((await tx.execute(query)).scalar_one())


async def load_waived(
    tx: Transaction, keys: Collection[TeacherYear]
) -> dict[TeacherYear, tuple[Waived, str]]:
    """What is waived of those keys of which anything ever was, and the event that said so."""
    rows = await tx.fetch(_WAIVED, by_column(keys))
    return {
        TeacherYear(teacher, year): (Waived(_hours(hours), whole), heard)
        for teacher, year, hours, whole, heard in rows
    }


def members(scope: Scope) -> Select[tuple[str]]:
    """The teachers of a scope, as a query that another query may contain."""
    query = select(tables.roster.c.teacher)
    match scope.kind:
        case "everyone":
            return query
        case "district":
            return query.where(tables.roster.c.district == scope.id)
        case "school":
            return query.where(tables.roster.c.school == scope.id)
        case "teacher":
            return query.where(tables.roster.c.teacher == scope.id)


async def next_members(tx: Transaction, scope: Scope, after: str, limit: int) -> list[str]:
    """The first teachers of a scope behind `after`, in order."""
    teacher = tables.roster.c.teacher
    rows = await tx.execute(members(scope).where(teacher > after).order_by(teacher).limit(limit))
    return [row.teacher for row in rows]


async def page_members(
    tx: Transaction, reach: Reach, scopes: Sequence[Scope], after: str, limit: int
) -> list[str]:
    """The first teachers behind `after` who are in all scopes and within reach, in order."""
    teacher = tables.roster.c.teacher
    query = select(teacher).where(teacher > after, await reach.within(tx, teacher))
    for scope in scopes:
        query = query.where(teacher.in_(members(scope)))
    return [row.teacher for row in await tx.execute(query.order_by(teacher).limit(limit))]


async def count_members(tx: Transaction, scope: Scope) -> int:
    """How many teachers a scope has."""
    return int((await tx.execute(select(func.count()).select_from(members(scope).subquery()))).scalar_one())


async def reached(
    tx: Transaction, reach: Reach, kind: ColumnElement[str], name: ColumnElement[str]
) -> ColumnElement[bool]:
    """Of scopes by kind and name: somebody is in it, and the caller reaches to everybody who is.

    A scope of everyone names nobody, and is of those who reach everything.
    """
    if reach.is_everything:
        return true()
    outside = ~await reach.within(tx, tables.roster.c.teacher)
    return or_(
        *(
            (kind == of.name) & exists().where(of == name) & ~exists().where(of == name, outside)
            for of in (tables.roster.c.district, tables.roster.c.school, tables.roster.c.teacher)
        )
    )


async def reaches(tx: Transaction, reach: Reach, scope: Scope) -> bool:
    """Whether the caller reaches to everybody in a scope."""
    condition = await reached(tx, reach, literal(scope.kind, Text), literal(scope.id, Text))
    return bool((await tx.execute(select(condition))).scalar_one())


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write what entries say; the last one on a teacher, or a teacher's year, stands."""
    placed: dict[str, dict[str, Any]] = {}
    left: set[str] = set()
    counted: dict[TeacherYear, dict[str, Any]] = {}
    waived: dict[TeacherYear, dict[str, Any]] = {}
    for entry in entries:
        if entry.type == ROSTER_HEARD:
            place = entry.parse(RosterHeard)
            left.discard(place.teacher)
            placed[place.teacher] = {
                "teacher": place.teacher,
                "school": place.school,
                "district": place.district,
                "heard": place.heard,
            }
        elif entry.type == ROSTER_LEFT:
            left.add(gone := entry.parse(RosterLeft).teacher)
            placed.pop(gone, None)
        elif entry.type == FIGURES_HEARD:
            year = entry.parse(FiguresHeard)
            counted[TeacherYear(year.teacher, year.year)] = _row(year)
        elif entry.type == WAIVER_HEARD:
            said = entry.parse(WaiverHeard)
            waived[TeacherYear(said.teacher, said.year)] = _row(said)
    if placed:
        upsert = insert(tables.roster)
        changed = {name: upsert.excluded[name] for name in ("school", "district", "heard")}
        await tx.execute(
            upsert.on_conflict_do_update(index_elements=["teacher"], set_=changed), list(placed.values())
        )
    if left:
        await tx.execute(delete(tables.roster).where(tables.roster.c.teacher.in_(left)))
    if counted:
        upsert = insert(tables.figures)
        changed = {name: upsert.excluded[name] for name in ("hours", "deductions", "heard")}
        await tx.execute(
            upsert.on_conflict_do_update(index_elements=["teacher", "year"], set_=changed),
            list(counted.values()),
        )
    if waived:
        upsert = insert(tables.waived)
        changed = {name: upsert.excluded[name] for name in ("hours", "whole", "heard")}
        await tx.execute(
            upsert.on_conflict_do_update(index_elements=["teacher", "year"], set_=changed),
            list(waived.values()),
        )


PROJECTION = Projection(tables=[tables.roster, tables.figures, tables.waived], project=project)


def _row(said: FiguresHeard | WaiverHeard) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(said)
    return row | {"hours": to_texts(said.hours)}


def _hours(stored: str) -> Hours:
    return msgspec.json.decode(stored, type=dict[str, Decimal])


def _deductions(stored: str) -> dict[str, Deduction]:
    return msgspec.json.decode(stored, type=dict[str, Deduction])
