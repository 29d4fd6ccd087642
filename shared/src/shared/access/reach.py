"""How far a caller reaches (管辖范围): to whom and what lies below the place where the role is bound.

Whoever lies elsewhere is answered like somebody who does not exist: nobody learns who there is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import ColumnElement, true

from shared.access.caller import Caller
from shared.places.store import Places
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True)
class Reach:
    """The reach of one caller, by the places that a service knows."""

    caller: Caller
    places: Places
    _shown: set[str]
    """Of whom the answer is, as far as it is known."""

    @property
    def is_everything(self) -> bool:
        """Whether the role is bound to the whole deployment."""
        return self.caller.binding.level == "deployment"

    async def covered(self, tx: Transaction, teachers: Collection[str]) -> set[str]:
        """Those of the teachers to whom the caller reaches."""
        if self.is_everything or not teachers:
            return set(teachers)
        if self.caller.binding.level == "person":
            return {self.caller.id} & set(teachers)
        return await self.places.lies_below(tx, teachers, self.caller.id)

    async def refused(self, tx: Transaction, teachers: Collection[str]) -> dict[str, DomainError]:
        """The refusal of each row about one of the teachers to whom the caller does not reach."""
        outside = set(teachers) - await self.covered(tx, teachers)
        return {one: DomainError.at("/teacher", "teacher.out_of_reach", teacher=one) for one in outside}

    async def hold(self, tx: Transaction, teacher: str | None, otherwise: DomainError | None = None) -> None:
        """Go on where the caller reaches to a teacher; to what is of no teacher, who reaches everything.

        Raises:
            DomainError: `otherwise`, as it is said of what does not exist; else `teacher.out_of_reach`, 404.
        """
        teachers = [] if teacher is None else [teacher]
        if not self.is_everything and not await self.covered(tx, teachers):
            raise otherwise or DomainError("teacher.out_of_reach", teacher=teacher)
        self.show(teachers)

    def show(self, teachers: Collection[str]) -> None:
        """Say of whom an answer is that may name nobody: the log of reads hears of it."""
        self._shown.update(teachers)

    async def within(self, tx: Transaction, column: ColumnElement[str]) -> ColumnElement[bool]:
        """For the rows of a list: the caller reaches to the teacher in `column`."""
        if self.is_everything:
            return true()
        if self.caller.binding.level == "person":
            return column == self.caller.id
        return self.places.within(column, await self.places.below(tx, self.caller.id))

    def own(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """For the rows of a queue: the teacher in `column` works at the caller's place or just below it."""
        return self.places.directly_below(column, self.caller.id)

    async def organisations(self, tx: Transaction) -> set[str] | None:
        """The caller's own organisation and all below it; None for everything."""
        if self.is_everything:
            return None
        if self.caller.binding.level == "person":
            return set()
        return await self.places.below(tx, self.caller.id)

    async def below(self, tx: Transaction, organisation: str) -> set[str]:
        """An organisation within the reach, and all below it; nothing where it lies elsewhere."""
        return await self.places.below(tx, organisation) if await self.holds(tx, organisation) else set()

    async def holds(self, tx: Transaction, organisation: str) -> bool:
        """Whether an organisation is the caller's own or lies below it."""
        held = await self.organisations(tx)
        return held is None or organisation in held


def reach_of(request: Request) -> Reach:
    """The reach of the caller of this request."""
    return Reach(request.state.caller, request.app.state.service.places, request.state.shown)


async def _reach(request: Request) -> Reach:
    return reach_of(request)


ReachOf = Annotated[Reach, Depends(_reach)]
"""The caller's reach, for routes that show or do something about a teacher."""
