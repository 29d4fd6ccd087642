"""What every kind of matter offers to appeals: whose it is, what was decided on it, and granting it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hours.appeals.domain.appeal import Appeal, Matter
from hours.declarations.domain.declaration import Actor
from hours.settings import Context
from shared.runtime.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A matter is to be decided in the teacher's favour after all."""

    appeal: Appeal
    actor: Actor
    reason: str
    override: str
    """Why evidence that stands for something else by now may stand for this too."""
    at: datetime


class Kind(Protocol):
    """One kind of matter; a module each."""

    async def teacher_of(self, tx: Transaction, name: str) -> str | None:
        """Whose a matter is; None where there is none of that name."""

    async def find(self, tx: Transaction, context: Context, name: str) -> Matter | None:
        """The matter, while what was decided on it can be appealed against."""

    async def grant(self, tx: Transaction, context: Context, wanted: Grant, name: str) -> str:
        """Undo the decision, under the locks that the matter names; the record of its hours, or empty."""
