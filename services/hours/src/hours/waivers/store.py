"""SQL of the waivers: by number, those that hold, the sealed grounds, and the projection of their entries."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, and_, bindparam, cast, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from hours.waivers import tables
from hours.waivers.domain import Kept, Scope, WaiverApplied, WaiverDecided
from shared.policy.categories import Category, from_texts
from shared.policy.requirement import NOTHING_WAIVED, Waived
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical
from shared.runtime.pages import narrowed

APPLIED, DECIDED = "waiver.applied.v1", "waiver.decided.v1"

_WAIVER = tables.waiver.c
_HOLDS = and_(_WAIVER.state.in_(("approved", "ended")), _WAIVER.last >= _WAIVER.first)
"""Whether it was granted, and not ended before its first year."""

WAIVED = (
    select(
        *(_WAIVER.teacher, _WAIVER.first, _WAIVER.last, _WAIVER.whole),
        cast(_WAIVER.hours, JSONB).label("hours"),
    )
    .where(_HOLDS)
    .subquery("waived")
)
"""What is waived of teachers from a year to another, one a year at most: rows for a room above; `hours` are
JSON by category."""


async def load(tx: Transaction, number: str) -> Kept | None:
    """A waiver by its number."""
    row = (await tx.execute(select(tables.waiver).where(tables.waiver.c.waiver == number))).one_or_none()
    return None if row is None else _kept(row)


async def holding(tx: Transaction, teacher: str, first: int, last: int) -> str | None:
    """A waiver of a teacher that holds for one of the years, if there is one."""
    query = select(_WAIVER.waiver).where(
        _WAIVER.teacher == teacher, _HOLDS, _WAIVER.first <= last, _WAIVER.last >= first
    )
    found: str | None = (await tx.execute(query.limit(1))).scalar()
    return found


async def load_waived(tx: Transaction, teacher: str, year: int) -> Waived:
    """What is waived of a teacher's year."""
    query = select(WAIVED.c.hours, WAIVED.c.whole).where(
        WAIVED.c.teacher == teacher, literal(year).between(WAIVED.c.first, WAIVED.c.last)
    )
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return NOTHING_WAIVED
    return Waived(from_texts(row.hours), row.whole)


async def page(
    tx: Transaction,
    within: ColumnElement[bool],
    of: Mapping[str, str | None],
    *,
    after: str | None,
    limit: int,
) -> list[Kept]:
    """Waivers in order of number, at most `limit`."""
    query = narrowed(select(tables.waiver), tables.waiver.c.waiver, after, of, within).limit(limit)
    return [_kept(row) for row in await tx.execute(query)]


async def save_ground(tx: Transaction, number: str, sealed: bytes) -> None:
    """Keep the ground of a waiver, in place of what was kept."""
    statement = insert(tables.waiver_ground).values(waiver=number, sealed=sealed)
    await tx.execute(statement.on_conflict_do_update(index_elements=["waiver"], set_={"sealed": sealed}))


async def load_ground(tx: Transaction, number: str) -> bytes:
    """The sealed ground of a waiver on file."""
    query = select(tables.waiver_ground.c.sealed).where(tables.waiver_ground.c.waiver == number)
    return bytes((await tx.execute(query)).scalar_one())


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the waivers up to these entries."""
    for entry in entries:
        if entry.type == APPLIED:
            await tx.execute(insert(tables.waiver).values(_row(entry)))
        elif entry.type == DECIDED:
            fact = entry.parse(WaiverDecided)
            of = tables.waiver.c.waiver == bindparam("of")
            changed = {"state": fact.state, "last": fact.last, "decided_by": fact.by, "entry": entry.id}
            await tx.execute(update(tables.waiver).where(of).values(changed), {"of": fact.waiver})


def _row(entry: Entry) -> dict[str, Any]:
    fact = entry.parse(WaiverApplied)
    return {
        "waiver": fact.waiver,
        "teacher": fact.teacher,
        "first": fact.first,
        "last": fact.last,
        "hours": canonical(fact.hours),
        "whole": fact.whole,
        "state": "pending",
        "by": fact.by,
        "subject": fact.subject,
        "decided_by": "",
        "entry": entry.id,
    }


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        waiver=row.waiver,
        teacher=row.teacher,
        scope=Scope(
            first=row.first,
            last=row.last,
            hours=msgspec.json.decode(row.hours, type=dict[Category, Decimal]),
            whole=row.whole,
        ),
        state=row.state,
        by=row.by,
        subject=row.subject,
        decided_by=row.decided_by,
        entry=row.entry,
    )
