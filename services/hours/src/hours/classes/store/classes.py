"""SQL of the classes themselves: by natural key, as a list, and the projection of what was decided."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Row,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from hours.annual_plans.operations import ADMITTED_ENTRIES
from hours.classes import entries, tables
from hours.classes.domain.outline import Outline
from hours.classes.domain.training_class import TrainingClass
from shared.policy.categories import Category
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical
from shared.runtime.pages import narrowed

_CLASS = tables.training_class
_TRAINING = select(
    func.jsonb_array_elements_text(cast(_CLASS.c.outline, JSONB)["trainers"], type_=Text).label("teacher")
).subquery("training")
TRAINERS = select(_TRAINING.c.teacher)
"""Who holds a class, for the statement of a room below."""

_PLANNED = ADMITTED_ENTRIES.c
_ENTRY_ADMITTED = exists().where(_PLANNED.entry == _CLASS.c.annual_plan, _PLANNED.rule == _CLASS.c.rule)
_WHOLE = select(_CLASS, and_(_CLASS.c.held, ~_ENTRY_ADMITTED).label("waits"))
"""A class, and whether its hours still wait."""


async def load(tx: Transaction, number: str) -> TrainingClass | None:
    """One class."""
    row = (await tx.execute(_WHOLE.where(_CLASS.c["class"] == number))).one_or_none()
    return None if row is None else _training_class(row)


@dataclass(frozen=True, slots=True)
class Form:
    """How a class is held (培训形式), and at which level its organiser stands."""

    mode: str
    level: str


async def load_forms(tx: Transaction, numbers: Collection[str]) -> dict[str, Form]:
    """How some classes are held, by number."""
    wanted = bindparam("numbers", sorted(numbers), ARRAY(Text))
    mode = cast(_CLASS.c.outline, JSONB)["format"].astext.label("mode")
    query = select(_CLASS.c["class"], mode, _CLASS.c.level).where(_CLASS.c["class"] == wanted.any_())
    return {row[0]: Form(row.mode, row.level) for row in await tx.execute(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Which classes somebody sees: all of organisers below, and what is offered by organisers above.

    And wherever somebody within reach has or had a seat, since seats change hands and teachers move: those
    classes are seen without being offered.
    """

    below: Collection[str] | None
    """None for everything."""
    above: Collection[str]
    seated: ColumnElement[bool]
    """Of a seat: whether its holder lies within reach."""

    def offers(self, one: TrainingClass) -> bool:
        """Whether teachers within reach may enrol in a class that is seen."""
        return self.below is None or one.organiser in self.below or one.organiser in self.above

    def told(self, one: TrainingClass) -> TrainingClass:
        """A class as it is seen: what offices write to each other is not told from below."""
        is_below = self.below is None or one.organiser in self.below
        return one if is_below or one.state == "cancelled" else replace(one, reason="")


async def load_seen(tx: Transaction, number: str, seen: Seen) -> TrainingClass | None:
    """One class, if it is among those seen."""
    row = (
        await tx.execute(narrowed(_WHOLE, _CLASS.c["class"], None, {"class": number}, _seen(seen)))
    ).one_or_none()
    return None if row is None else _training_class(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which classes are asked for: those seen, `of` a column's value, open for enrolment on a day."""

    seen: Seen
    of: Mapping[str, str | None]
    open_on: date | None


@dataclass(frozen=True, slots=True)
class Enrolling:
    """Classes of a category that give seats, and when the first of them ends doing so."""

    category: Category
    classes: int
    first: date


async def page(tx: Transaction, wanted: Wanted, *, after: str | None, limit: int) -> list[TrainingClass]:
    """Classes in order of their key, at most `limit`."""
    query = narrowed(_WHOLE, _CLASS.c["class"], after, wanted.of, _seen(wanted.seen))
    if wanted.open_on is not None:
        query = query.where(
            *_offered(wanted.seen), _CLASS.c.state == "approved", _CLASS.c.enrol_by >= wanted.open_on
        )
    return [_training_class(row) for row in await tx.execute(query.limit(limit))]


def _gives_seats(year: int, on: date) -> ColumnElement[bool]:
    """Approved classes of a year that take enrolments on a day, and in which not everybody would wait."""
    seat = tables.seat.c
    taken = select(func.count()).where(seat["class"] == _CLASS.c["class"], seat.state == "enrolled")
    has_seat = or_(_CLASS.c.capacity.is_(None), taken.scalar_subquery() < _CLASS.c.capacity)
    return and_(_CLASS.c.state == "approved", _CLASS.c.year == year, _CLASS.c.enrol_by >= on, has_seat)


async def page_open(tx: Transaction, organisers: Collection[str], year: int, on: date) -> list[TrainingClass]:
    """Classes of some organisers and a year that give seats on a day, those first that end doing so."""
    wanted = bindparam("organisers", sorted(organisers), ARRAY(Text))
    query = _WHOLE.where(_gives_seats(year, on), _CLASS.c.organiser == wanted.any_())
    rows = await tx.execute(query.order_by(_CLASS.c.enrol_by, _CLASS.c["class"]))
    return [_training_class(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Under:
    """An approved class under an entry of an annual plan, and how many take part."""

    annual_plan: str
    number: str
    rule: str
    seats: int


async def load_under(tx: Transaction, entries: Iterable[str], until: date) -> list[Under]:
    """Approved classes under some entries of annual plans that closed by a day."""
    seat, named = tables.seat.c, bindparam("entries", sorted(entries), ARRAY(Text))
    taken = select(func.count()).where(seat["class"] == _CLASS.c["class"], seat.state == "enrolled")
    outline = cast(_CLASS.c.outline, JSONB)
    closes, rule = cast(outline["closes"].astext, Date), outline["rule"].astext
    columns = (_CLASS.c.annual_plan, _CLASS.c["class"], rule.label("rule"))
    query = select(*columns, taken.scalar_subquery().label("seats")).where(
        _CLASS.c.annual_plan == named.any_(),
        _CLASS.c.annual_plan != "",
        _CLASS.c.state == "approved",
        closes <= until,
    )
    rows = (await tx.execute(query)).mappings()
    return [Under(row["annual_plan"], row["class"], row["rule"], row["seats"]) for row in rows]


async def load_awaited(tx: Transaction, teacher: str, year: int) -> list[TrainingClass]:
    """Approved classes of a year in which a teacher sits, with no result of failure."""
    of, seat, result = _CLASS.c["class"], tables.seat.c, tables.result.c
    same = (result["class"] == of) & (result.teacher == seat.teacher)
    query = (
        _WHOLE.join(tables.seat, seat["class"] == of)
        .join(tables.result, same, isouter=True)
        .where(_CLASS.c.state == "approved", _CLASS.c.year == year)
        .where(seat.teacher == teacher, seat.state == "enrolled")
        .where(result.outcome.is_distinct_from("failed"))
    )
    return [_training_class(row) for row in await tx.execute(query.order_by(_CLASS.c.enrol_by, of))]


async def count_open(tx: Transaction, seen: Seen, year: int, on: date) -> list[Enrolling]:
    """How many classes of a year give seats by category, and the first day on which one ends doing so."""
    enrol_by = _CLASS.c.enrol_by
    query = select(_CLASS.c.category, func.count().label("classes"), func.min(enrol_by).label("first"))
    query = query.where(_gives_seats(year, on))
    rows = await tx.execute(
        query.where(*_offered(seen)).group_by(_CLASS.c.category).order_by(_CLASS.c.category)
    )
    return [Enrolling(row.category, row.classes, row.first) for row in rows]


def _offered(seen: Seen) -> list[ColumnElement[bool]]:
    if seen.below is None:
        return []
    below = bindparam("below", sorted(seen.below), ARRAY(Text))
    above = bindparam("above", sorted(seen.above), ARRAY(Text))
    is_above = and_(_CLASS.c.organiser == above.any_(), _CLASS.c.state == "approved")
    return [or_(_CLASS.c.organiser == below.any_(), is_above)]


def _seen(seen: Seen) -> ColumnElement[bool] | None:
    if seen.below is None:
        return None
    had = exists().where(tables.seat.c["class"] == _CLASS.c["class"], seen.seated)
    return or_(*_offered(seen), and_(_CLASS.c.state.in_(("approved", "cancelled")), had))


def _training_class(row: Row[Any]) -> TrainingClass:
    return TrainingClass(
        number=row[0],
        outline=msgspec.json.decode(row.outline, type=Outline),
        organiser=row.organiser,
        level=row.level,
        state=row.state,
        proposed_by=row.proposed_by,
        accounts=frozenset(msgspec.json.decode(row.accounts, type=list[str])),
        late=row.late,
        held=row.waits,
        reason=row.reason,
        year=row.year,
        awaits=row.awaits,
    )


async def project(tx: Transaction, entry: Entry) -> None:
    """Bring a class up to an entry, where it is about the class itself."""
    match entry.type:
        case entries.PROPOSED:
            await _put(tx, entry.parse(entries.ClassProposed))
        case entries.DECIDED:
            decided = entry.parse(entries.ClassDecided)
            await _change(tx, decided.class_, state=decided.decision, reason=decided.reason)
        case entries.CALLED_OFF:
            called_off = entry.parse(entries.ClassCalledOff)
            await _change(tx, called_off.class_, state="cancelled", reason=called_off.reason, awaits=None)
        case entries.ADMITTED:
            await _change(tx, entry.parse(entries.ClassAdmitted).class_, held=False)
        case entries.ASSESSED:
            await _assessed(tx, entry.parse(entries.ClassAssessed))
        case entries.RETURNED:
            back = entry.parse(entries.ResultsReturned)
            await _change(tx, back.class_, awaits=back.awaits, reason=back.reason)
        case entries.REGISTERED:
            registered = entry.parse(entries.ClassRegistered)
            if not registered.refused:
                await _change(tx, registered.class_, awaits=None)
        case _:
            pass


async def _put(tx: Transaction, fact: entries.ClassProposed) -> None:
    outline, known = fact.outline, await load(tx, fact.class_)
    accounts = {fact.account} | (known.accounts if known else set())
    row = {
        "class": fact.class_,
        "organiser": fact.organiser,
        "level": fact.level,
        "rule": outline.rule,
        "category": outline.category,
        "enrol_by": outline.enrol_by,
        "year": outline.closes.year if fact.year is None else fact.year,
        "capacity": outline.capacity,
        "outline": canonical(outline),
        "state": "proposed",
        "proposed_by": fact.by,
        "accounts": canonical(sorted(accounts)),
        "late": fact.late,
        "annual_plan": outline.annual_plan,
        "held": fact.held,
        "reason": "",
        "awaits": None,
    }
    await tx.execute(insert(_CLASS).values(row).on_conflict_do_update(index_elements=["class"], set_=row))


async def _assessed(tx: Transaction, fact: entries.ClassAssessed) -> None:
    known = await load(tx, fact.class_)
    assert known is not None, "a class is proposed first"
    accounts = canonical(sorted(known.accounts | {fact.account}))
    await _change(tx, fact.class_, awaits=fact.awaits, accounts=accounts)


async def _change(tx: Transaction, number: str, **columns: object) -> None:
    await tx.execute(update(_CLASS).where(_CLASS.c["class"] == number).values(columns))
