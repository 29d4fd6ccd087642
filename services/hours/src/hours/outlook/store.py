"""SQL of the outlook: who misses what, largest gap first or in order of teacher; what expires, of whom.

Each list is one statement over what the rooms below show of theirs, narrowed before anything is counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Numeric,
    Select,
    Subquery,
    and_,
    case,
    cast,
    collate,
    func,
    literal,
    or_,
    select,
)

from hours.exchanges.operations import LOTS
from hours.ledger.operations import SUMS
from hours.roster.operations.rows import LISTED
from hours.waivers.operations import WAIVED
from shared.policy.categories import CARRIED_IN, TOTAL, ZERO, Category, Item
from shared.policy.requirement import Asked
from shared.runtime.database import Transaction

Order = Literal["gap", "teacher"]

WHO = LISTED.c.teacher
"""Whom a list is about."""

_HOURS = Numeric(10, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose gap is asked for, and against what."""

    within: ColumnElement[bool]
    school: str | None
    year: int
    asked: Asked
    categories: Sequence[Category]
    """Those into which hours are posted."""
    category: Category | None = None
    """Only who misses this one."""

    @property
    def measure(self) -> str:
        """The column by which one is behind."""
        return self.category or "hours"


def _people(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    """Who is looked at."""
    return [wanted.within, *([] if wanted.school is None else [LISTED.c.school == wanted.school])]


def _of_year(year: int) -> ColumnElement[bool]:
    """The sums of a listed teacher's year."""
    return and_(SUMS.c.teacher == collate(WHO, "default"), SUMS.c.year == year)


def _waived(year: int) -> ColumnElement[bool]:
    """What is waived of a listed teacher's year."""
    named = WAIVED.c.teacher == collate(WHO, "default")
    return and_(named, literal(year).between(WAIVED.c.first, WAIVED.c.last))


def _of(hours: ColumnElement[Any], category: Category) -> ColumnElement[Decimal]:
    """The hours of a category in a column that has them by category, or may be missing."""
    return func.coalesce(cast(hours[category].astext, _HOURS), 0)


def _off(waived: ColumnElement[Decimal], minimum: ColumnElement[Decimal] | None) -> ColumnElement[Decimal]:
    """What a waiver takes off: of a category that has a minimum never more than that."""
    return waived if minimum is None else func.least(waived, minimum)


def _required(wanted: Wanted) -> dict[Item, ColumnElement[Decimal]]:
    """What is required of somebody beside whom a waiver stands, or none: `Asked.of` in rows."""
    full = {item: literal(hours, _HOURS) for item, hours in wanted.asked.minima.items()}
    nothing = literal(ZERO, _HOURS)
    off = {name: _off(_of(WAIVED.c.hours, name), full.get(name)) for name in wanted.categories}
    rest: dict[Item, ColumnElement[Decimal]] = {
        name: full[name] - off[name] if name in full else nothing for name in wanted.categories
    }
    rest[TOTAL] = func.greatest(full[TOTAL] - _sum(off), 0)
    return {item: case((WAIVED.c.whole, 0), else_=hours) for item, hours in rest.items()}


def _missing(wanted: Wanted) -> Subquery:
    """Everybody who is looked at, with what is missing: of each category, and the fewest hours in all."""
    required = _required(wanted)
    have: dict[Category, ColumnElement[Decimal]] = {}
    for name in wanted.categories:
        have[name] = _of(SUMS.c.hours, name) - _of(SUMS.c.deducted, name)
        if CARRIED_IN in wanted.asked.parts[name]:
            have[name] += func.coalesce(SUMS.c.carried_in, 0)
    lacking = {name: func.greatest(required[name] - hours, 0) for name, hours in have.items()}
    in_all = required[TOTAL] - _sum(have)
    columns = [hours.label(category) for category, hours in lacking.items()]
    return (
        select(WHO, LISTED.c.school, *columns, func.greatest(_sum(lacking), in_all).label("hours"))
        .join(SUMS, _of_year(wanted.year), isouter=True)
        .join(WAIVED, _waived(wanted.year), isouter=True)
        .where(*_people(wanted))
        .subquery("missing")
    )


def _sum(hours: Mapping[Category, ColumnElement[Decimal]]) -> ColumnElement[Decimal]:
    first, *rest = hours.values()
    for more in rest:
        first += more
    return first


async def page(
    tx: Transaction, wanted: Wanted, order: Order, *, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Who is behind, at most `limit`; `after` holds the hours and the teacher of the last one seen."""
    missing = _missing(wanted)
    measure, teacher = missing.c[wanted.measure], missing.c.teacher
    query = select(missing).where(measure > 0)
    if after is not None:
        further = teacher > after[-1]
        if order == "gap":
            further = or_(measure < after[0], and_(measure == after[0], further))
        query = query.where(further)
    query = query.order_by(*([measure.desc()] if order == "gap" else []), teacher).limit(limit)
    return await _rows(tx, query)


async def summary(tx: Transaction, wanted: Wanted) -> dict[str, Any]:
    """How many are looked at, how many miss something, and of each category how many and how much."""
    missing = _missing(wanted)
    columns: list[ColumnElement[Any]] = [func.count().label("teachers")]
    for name in ("hours", *wanted.categories):
        lacking = missing.c[name]
        columns.append(func.count().filter(lacking > 0).label(f"{name}_teachers"))
        columns.append(func.coalesce(func.sum(lacking), 0).label(f"{name}_hours"))
    [row] = await _rows(tx, select(*columns).select_from(missing))
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Whose points and carried hours are asked for, and until when they end."""

    within: ColumnElement[bool]
    school: str | None
    year: int
    since: datetime
    until: datetime


async def page_expiring(
    tx: Transaction, wanted: Ending, *, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """Who has points or carried hours that end, in order of teacher; a verdict has used its year's hours."""
    lot = LOTS.c
    alive = and_(lot.points > 0, lot.expires_at > wanted.since, lot.expires_at <= wanted.until)
    ending = select(func.sum(lot.points)).where(lot.teacher == WHO, alive).scalar_subquery()
    unused = func.coalesce(SUMS.c.carried_in - SUMS.c.used_carried - SUMS.c.expired, 0)
    narrowed = [wanted.within]
    narrowed += [] if wanted.school is None else [LISTED.c.school == wanted.school]
    narrowed += [] if after is None else [after < WHO]
    query = (
        select(WHO, LISTED.c.school, unused.label("carried_in"))
        .join(SUMS, _of_year(wanted.year), isouter=True)
        .where(*narrowed, or_(unused > 0, ending > 0))
        .order_by(WHO)
    )
    return await _rows(tx, query.limit(limit))


async def _rows(tx: Transaction, query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in (await tx.execute(query)).mappings()]
