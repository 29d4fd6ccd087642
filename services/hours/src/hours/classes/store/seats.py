"""SQL of the seats: how full a class is, who waits first, and the projection of who takes part."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Row, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from hours.classes import entries, tables
from hours.classes.domain.seats import SeatState, Taken
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry

_SEAT = tables.seat
_IS_HELD = _SEAT.c.state.in_(("enrolled", "waiting"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A teacher's seat in a class."""

    teacher: str
    turn: int
    state: SeatState

    @property
    def is_held(self) -> bool:
        """Whether the teacher takes part or waits."""
        return self.state in {"enrolled", "waiting"}


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


async def held_by(tx: Transaction, teacher: str) -> set[str]:
    """The classes in which a teacher takes part."""
    query = select(_SEAT.c["class"]).where(_SEAT.c.teacher == teacher, _SEAT.c.state == "enrolled")
    return set((await tx.execute(query)).scalars())


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


def _seat(row: Row[Any]) -> Seat:
    return Seat(teacher=row.teacher, turn=row.turn, state=row.state)


async def project(tx: Transaction, entry: Entry) -> None:
    """Bring a seat up to an entry, where it is about one."""
    match entry.type:
        case entries.ENROLLED:
            enrolled = entry.parse(entries.SeatEnrolled)
            await _put(tx, _row(enrolled, enrolled.teacher, enrolled.state))
        case entries.WITHDRAWN:
            withdrawn = entry.parse(entries.SeatWithdrawn)
            await _change(tx, withdrawn.class_, withdrawn.teacher, "withdrawn")
        case entries.MOVED_UP:
            moved = entry.parse(entries.SeatMovedUp)
            await _change(tx, moved.class_, moved.teacher, "enrolled")
        case entries.CALLED_OFF:
            held = (_SEAT.c["class"] == entry.parse(entries.ClassCalledOff).class_) & _IS_HELD
            await tx.execute(update(_SEAT).where(held).values(state="cancelled"))
        case entries.SWAPPED:
            swapped = entry.parse(entries.SeatSwapped)
            await _change(tx, swapped.class_, swapped.leaving, "swapped")
            await _put(tx, _row(swapped, swapped.replacement, "enrolled"))
        case _:
            pass


def _row(
    fact: entries.SeatEnrolled | entries.SeatSwapped, teacher: str, state: SeatState
) -> dict[str, object]:
    return {"class": fact.class_, "teacher": teacher, "turn": fact.turn, "state": state, "by": fact.by}


async def _put(tx: Transaction, row: dict[str, object]) -> None:
    """A teacher is enrolled, also again."""
    keys = ["class", "teacher"]
    await tx.execute(insert(_SEAT).values(row).on_conflict_do_update(index_elements=keys, set_=row))


async def _change(tx: Transaction, number: str, teacher: str, state: SeatState) -> None:
    one = (_SEAT.c["class"] == number) & (_SEAT.c.teacher == teacher)
    await tx.execute(update(_SEAT).where(one).values(state=state))
