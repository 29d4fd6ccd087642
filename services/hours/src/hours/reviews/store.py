"""SQL of the reviews: one by its number, lists, items with what became of their records, the projection."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Row, Text, and_, bindparam, collate, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from hours.records.operations import ON_FILE
from hours.reviews import tables
from hours.reviews.domain import (
    Item,
    Looked,
    Mark,
    Review,
    ReviewAnswered,
    ReviewDrawn,
    ReviewMarked,
    ReviewOpened,
    ReviewSignedOff,
    Sample,
    State,
)
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical
from shared.runtime.pages import narrowed

OPENED, DRAWN, MARKED = "review.opened.v1", "review.drawn.v1", "review.marked.v1"
ANSWERED, SIGNED_OFF = "review.answered.v1", "review.signed_off.v1"

_REVIEW, _ITEM = tables.review.c, tables.review_item.c
_ITEMS = select(
    tables.review_item, ON_FILE.c.teacher, ON_FILE.c.state, ON_FILE.c.replacement, ON_FILE.c.accounts
).join(ON_FILE, ON_FILE.c.record == collate(_ITEM.record, "default"))
_OBJECTED = _ITEM.mark == "objected"
_WAITS = and_(_OBJECTED, _ITEM.answer == "", ON_FILE.c.state == "registered")
"""Whether who answers for a record has neither changed it nor said anything."""


async def load(tx: Transaction, number: str) -> Review | None:
    """A review by its number."""
    return (await load_many(tx, [number])).get(number)


async def load_many(tx: Transaction, numbers: Iterable[str]) -> dict[str, Review]:
    """Reviews by their numbers."""
    query = select(tables.review).where(_REVIEW.review.in_(set(numbers)))
    return {row.review: _review(row) for row in await tx.execute(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which reviews are asked for: of places within a reach, `of` a place or in a state, of a year."""

    within: Collection[str] | None
    """Organisations; None for all."""
    of: Mapping[str, str | None]
    year: int | None


async def page(tx: Transaction, wanted: Wanted, *, after: str | None, limit: int) -> list[Review]:
    """Reviews in order of number, at most `limit`."""
    within = None if wanted.within is None else _REVIEW.place == _among(wanted.within)
    query = narrowed(select(tables.review), tables.review.c.review, after, wanted.of, within)
    if wanted.year is not None:
        query = query.where(_REVIEW.year == wanted.year)
    return [_review(row) for row in await tx.execute(query.limit(limit))]


class Counts(NamedTuple):
    """How many records are to be marked, in order, objected to; how many objections wait, and are upheld."""

    open: int = 0
    in_order: int = 0
    objected: int = 0
    awaiting: int = 0
    upheld: int = 0


async def count(tx: Transaction, reviews: Iterable[str]) -> dict[str, Counts]:
    """How far some reviews are."""
    marked = [
        func.count().filter(_ITEM.mark == mark).label(mark) for mark in ("open", "in_order", "objected")
    ]
    more = (
        func.count().filter(_WAITS).label("awaiting"),
        func.count().filter(_ITEM.upheld).label("upheld"),
    )
    counted = select(_ITEM.review, *marked, *more)
    joined = counted.join(ON_FILE, ON_FILE.c.record == collate(_ITEM.record, "default"))
    query = joined.where(_ITEM.review.in_(set(reviews))).group_by(_ITEM.review)
    return {row.review: Counts(*row[1:]) for row in await tx.execute(query)}


async def page_items(
    tx: Transaction, review: str, mark: Mark | None, *, after: str | None, limit: int | None
) -> list[Item]:
    """What a review is of, in order of record, at most `limit`."""
    query = narrowed(_ITEMS, tables.review_item.c.record, after, {"review": review, "mark": mark})
    return [Item(**row) for row in (await tx.execute(query.limit(limit))).mappings()]


async def load_items(tx: Transaction, named: Collection[tuple[str, str]]) -> dict[tuple[str, str], Item]:
    """Items by review and record."""
    reviews, records = (sorted({pair[place] for pair in named}) for place in (0, 1))
    query = _ITEMS.where(
        _ITEM.review == bindparam("reviews", reviews, ARRAY(Text)).any_(),
        _ITEM.record == bindparam("records", records, ARRAY(Text)).any_(),
    )
    return {(row.review, row.record): Item(**row) for row in (await tx.execute(query)).mappings()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Objections:
    """Which objections are asked for: to records of places within a reach, `of` a review or a body."""

    within: Collection[str] | None
    own: str | None
    """Who answers for all of them, where the caller sees no others."""
    of: Mapping[str, str | None]
    awaiting: bool
    """Only those that nobody has answered, and whose record stands as it did, in reviews that are open."""


async def page_objections(
    tx: Transaction, wanted: Objections, *, after: Sequence[str] | None, limit: int
) -> list[Item]:
    """Objections in order of review and record, at most `limit`."""
    query = _ITEMS.where(_OBJECTED, *_held(wanted))
    if after is not None:
        query = query.where(tuple_(_ITEM.review, _ITEM.record) > tuple_(*after))
    if wanted.awaiting:
        still = select(_REVIEW.review).where(_REVIEW.state == "open")
        query = query.where(_WAITS, _ITEM.review.in_(still))
    rows = await tx.execute(query.order_by(_ITEM.review, _ITEM.record).limit(limit))
    return [Item(**row) for row in rows.mappings()]


def _held(wanted: Objections) -> Iterable[ColumnElement[bool]]:
    if wanted.within is not None:
        yield func.split_part(_ITEM.answerable, ":", 2) == _among(wanted.within)
    for name, value in (("answerable", wanted.own), *wanted.of.items()):
        if value is not None:
            yield _ITEM[name] == value


def _among(organisations: Collection[str]) -> ColumnElement[str]:
    """One parameter, however many they are."""
    return bindparam("within", sorted(organisations), ARRAY(Text)).any_()


class Registered(NamedTuple):
    """A record that stands, who answers for it, and the accounts that had a hand in it."""

    record: str
    answerable: str
    accounts: Sequence[str]


async def load_registered(tx: Transaction, names: Collection[str], year: int) -> list[Registered]:
    """The records of a year that stand and for which one of some bodies answers."""
    columns = ON_FILE.c
    query = select(*(columns[name] for name in Registered._fields)).where(
        columns.answerable == bindparam("names", sorted(names), ARRAY(Text)).any_(),
        columns.year == year,
        columns.state == "registered",
    )
    return [Registered(**row) for row in (await tx.execute(query)).mappings()]


async def load_looked(tx: Transaction, records: Collection[str]) -> list[Looked]:
    """What reviews that are over said of some records, in order of their end."""
    query = (
        select(_ITEM.record, _ITEM.mark, _ITEM.upheld, tables.review)
        .join(tables.review, _REVIEW.review == _ITEM.review)
        .where(_ITEM.record == bindparam("records", sorted(records), ARRAY(Text)).any_())
        .where(_REVIEW.state == "signed_off")
        .order_by(_REVIEW.signed_off_at, _REVIEW.review)
    )
    return [
        Looked(record=row.record, review=_review(row), mark=row.mark, upheld=row.upheld)
        for row in await tx.execute(query)
    ]


def _review(row: Row[Any]) -> Review:
    state: State = row.state
    return Review(
        review=row.review,
        place=row.place,
        year=row.year,
        sample=None if row.sample is None else msgspec.json.decode(row.sample, type=Sample),
        seed=row.seed,
        registered=row.registered,
        items=row.items,
        by=row.by,
        state=state,
        override=row.override,
        opened_at=row.opened_at,
        signed_off_at=row.signed_off_at,
    )


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the reviews up to these entries, stretch by stretch of one type."""
    for kind, stretch in groupby(entries, lambda entry: entry.type):
        if kind in _PROJECTED:
            await _PROJECTED[kind](tx, list(stretch))


async def _open(tx: Transaction, entries: Sequence[Entry]) -> None:
    rows = [
        {
            "review": fact.review,
            "place": fact.place,
            "year": fact.year,
            "sample": None if fact.sample is None else canonical(fact.sample),
            "seed": fact.seed,
            "registered": fact.registered,
            "items": fact.items,
            "by": fact.by,
            "state": "open",
            "override": "",
            "opened_at": entry.recorded_at,
            "signed_off_at": None,
        }
        for entry in entries
        for fact in [entry.parse(ReviewOpened)]
    ]
    await tx.execute(insert(tables.review), rows)


async def _draw(tx: Transaction, entries: Sequence[Entry]) -> None:
    new = {"mark": "open", "reason": "", "answer": "", "upheld": False}
    rows = [
        {"review": fact.review, "record": item.record, "answerable": item.answerable, **new}
        for fact in (entry.parse(ReviewDrawn) for entry in entries)
        for item in fact.items
    ]
    await tx.execute(insert(tables.review_item), rows)


_OF = and_(_ITEM.review == bindparam("of"), _ITEM.record == bindparam("one"))


async def _mark(tx: Transaction, entries: Sequence[Entry]) -> None:
    facts = [entry.parse(ReviewMarked) for entry in entries]
    now = {"mark": bindparam("now"), "reason": bindparam("why"), "answer": ""}
    rows = [{"of": fact.review, "one": fact.record, "now": fact.mark, "why": fact.reason} for fact in facts]
    await tx.execute(update(tables.review_item).where(_OF).values(now), rows)


async def _answer(tx: Transaction, entries: Sequence[Entry]) -> None:
    facts = [entry.parse(ReviewAnswered) for entry in entries]
    rows = [{"of": fact.review, "one": fact.record, "said": fact.words} for fact in facts]
    await tx.execute(update(tables.review_item).where(_OF).values(answer=bindparam("said")), rows)


async def _sign_off(tx: Transaction, entries: Sequence[Entry]) -> None:
    for entry in entries:
        fact = entry.parse(ReviewSignedOff)
        over = {"state": "signed_off", "override": fact.override, "signed_off_at": entry.recorded_at}
        await tx.execute(update(tables.review).where(_REVIEW.review == fact.review).values(over))
        named = _ITEM.record == bindparam("records", fact.upheld, ARRAY(Text)).any_()
        kept = update(tables.review_item).where(_ITEM.review == fact.review, named)
        await tx.execute(kept.values(upheld=True))


_PROJECTED = {OPENED: _open, DRAWN: _draw, MARKED: _mark, ANSWERED: _answer, SIGNED_OFF: _sign_off}
