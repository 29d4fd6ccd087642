"""SQL of the seats: how full a class is, who waits first, the list of who takes part."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Row, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from hours.classes import tables
from hours.classes.domain.seats import SeatState, Taken
from hours.classes.entries import SeatEnrolled, SeatMovedUp, SeatWithdrawn
from shared.runtime.database import Transaction

_SEAT = tables.seat
WHO = _SEAT.c.teacher
"""Whose a seat is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A teacher's seat in a class."""

    teacher: str
    turn: int
    state: SeatState


async def taken(tx: Transaction, number: str) -> Taken:
    """How full a class is."""
    state = _SEAT.c.state
    query = select(
        func.count().filter(state == "enrolled").label("enrolled"),
        func.count().filter(state == "waiting").label("waiting"),
        func.coalesce(func.max(_SEAT.c.turn), 0).label("last"),
    ).where(_SEAT.c["class"] == number)
    row = (await tx.execute(query)).one()
    return Taken(enrolled=row.enrolled, waiting=row.waiting, last=row.last)


async def load(tx: Transaction, number: str, teachers: Collection[str]) -> dict[str, Seat]:
    """The seats of some teachers in a class."""
    wanted = bindparam("teachers", sorted(teachers), ARRAY(Text))
    query = select(_SEAT).where(_SEAT.c["class"] == number, _SEAT.c.teacher == wanted.any_())
    return {row.teacher: _seat(row) for row in await tx.execute(query)}


async def first_waiting(tx: Transaction, number: str) -> str | None:
    """Who waits first."""
    waiting = select(_SEAT.c.teacher).where(_SEAT.c["class"] == number, _SEAT.c.state == "waiting")
    found: str | None = (await tx.execute(waiting.order_by(_SEAT.c.turn).limit(1))).scalar()
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose seats of a class are asked for: those within a reach, in a state."""

    number: str
    within: ColumnElement[bool]
    state: str | None


async def page(tx: Transaction, wanted: Wanted, *, after: int | None, limit: int) -> list[Seat]:
    """Seats in order of enrolment, at most `limit`."""
    query = select(_SEAT).where(_SEAT.c["class"] == wanted.number, wanted.within)
    if wanted.state is not None:
        query = query.where(_SEAT.c.state == wanted.state)
    if after is not None:
        query = query.where(_SEAT.c.turn > after)
    return [_seat(row) for row in await tx.execute(query.order_by(_SEAT.c.turn).limit(limit))]


def _seat(row: Row[Any]) -> Seat:
    return Seat(teacher=row.teacher, turn=row.turn, state=row.state)


async def put_enrolled(tx: Transaction, fact: SeatEnrolled) -> None:
    """A teacher is enrolled, also again."""
    row = {
        "class": fact.class_,
        "teacher": fact.teacher,
        "turn": fact.turn,
        "state": fact.state,
        "by": fact.by,
    }
    await tx.execute(
        insert(_SEAT).values(row).on_conflict_do_update(index_elements=["class", "teacher"], set_=row)
    )


async def put_state(tx: Transaction, fact: SeatWithdrawn | SeatMovedUp, state: SeatState) -> None:
    """A seat is given up, or given to who waited."""
    one = (_SEAT.c["class"] == fact.class_) & (_SEAT.c.teacher == fact.teacher)
    await tx.execute(update(_SEAT).where(one).values(state=state))
