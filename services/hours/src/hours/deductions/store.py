"""SQL of the deductions: by number, in pages beside what the ledger takes for them, and their projection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from hours.deductions import tables
from hours.deductions.domain import Kept, Shown, State
from hours.deductions.entries import DeductionMade, DeductionWithdrawn
from hours.ledger.operations import DEDUCTED
from shared.policy.categories import from_texts
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.pages import narrowed

MADE, WITHDRAWN = "deduction.made.v1", "deduction.withdrawn.v1"

_MADE = tables.deduction.c
_TAKEN = ("asked", "hours", "short", "withholds", "policy")
_ALL = select(tables.deduction, *(DEDUCTED.c[name] for name in _TAKEN)).join(
    DEDUCTED, DEDUCTED.c.deduction == _MADE.deduction
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which deductions are asked for; None is any."""

    within: ColumnElement[bool]
    teacher: str | None = None
    year: int | None = None
    state: State | None = None
    short: bool | None = None
    """Whether hours were not there to be taken."""


async def load(tx: Transaction, number: str) -> Shown | None:
    """A deduction by its number, and what it takes."""
    row = (await tx.execute(_ALL.where(_MADE.deduction == number))).one_or_none()
    return None if row is None else _shown(row)


async def page(tx: Transaction, wanted: Wanted, *, after: str | None, limit: int) -> list[Shown]:
    """Deductions in order of number, at most `limit`."""
    of = {"teacher": wanted.teacher, "state": wanted.state}
    query: Select[Any] = narrowed(_ALL, _MADE.deduction, after, of, wanted.within)
    if wanted.year is not None:
        query = query.where(_MADE.year == wanted.year)
    if wanted.short is not None:
        query = query.where((DEDUCTED.c.short > 0) == wanted.short)
    return [_shown(row) for row in await tx.execute(query.limit(limit))]


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the deductions up to these entries."""
    for entry in entries:
        if entry.type == MADE:
            await tx.execute(insert(tables.deduction).values(_row(entry)))
        elif entry.type == WITHDRAWN:
            fact = entry.parse(DeductionWithdrawn)
            gone = update(tables.deduction).where(_MADE.deduction == fact.deduction)
            await tx.execute(
                gone.values(state="withdrawn", withdrawn_by=fact.by, withdrawn_because=fact.reason)
            )


def _row(entry: Entry) -> dict[str, Any]:
    fact = entry.parse(DeductionMade)
    return {
        "deduction": fact.deduction,
        "teacher": fact.teacher,
        "year": fact.year,
        "rule": fact.rule,
        "reason": fact.reason,
        "by": fact.by,
        "at": entry.effective_at,
        "state": "standing",
        "withdrawn_by": "",
        "withdrawn_because": "",
        "entry": entry.id,
    }


def _shown(row: Row[Any]) -> Shown:
    kept = Kept(**{column.name: getattr(row, column.name) for column in tables.deduction.columns})
    taken = {name: getattr(row, name) for name in _TAKEN}
    return Shown(kept=kept, **{**taken, "hours": from_texts(row.hours)})
