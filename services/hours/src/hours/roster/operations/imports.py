"""Imports of files (批量导入): rows are taken by difference, and it stays known which entries they made.

A dry run judges by the same desk and writes nothing. It leaves no trace, and so does not say that somebody
beyond the caller's reach has a number. A file moves nobody between schools of the tree, whoever sends it: one
that is older than a transfer would take the teacher back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from hours.roster import store
from hours.roster.domain import ImportApplied, ImportedRow, Row
from hours.roster.operations.rows import TAKEN, Batch, Desk, Outcome, Taken, desk_of, save
from hours.settings import Context
from shared.access import Caller
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError, Fault
from shared.runtime.journal import Draft

SHOWN = 20
"""Rows that a refusal of the whole file names at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file of rows, each with its number in the file."""

    number: str
    """The key of the request, by which the import is known."""
    caller: Caller
    within: Collection[str] | None
    """Organisations whose roster the caller keeps; None for all."""
    rows: Sequence[tuple[int, Row]]
    refused: int
    """Rows that could not be read."""


async def apply(
    tx: Transaction, context: Context, wanted: Import, now: datetime, *, dry: bool
) -> list[Outcome]:
    """Take the rows of a file, a refused one alone; a dry run says what would happen.

    Raises:
        DomainError: `import.other_school`; `idempotency.conflict` for a number that somebody else has taken.
    """
    _check_school(wanted)
    await context.journal.lock(tx, [subject(wanted.number)])
    if await store.load_import(tx, wanted.number) is not None:
        raise DomainError("idempotency.conflict", key=wanted.number)
    rows = [row for _, row in wanted.rows]
    desk = await desk_of(tx, context, Batch(rows=rows, within=wanted.within, moves=False, at=now, dry=dry))
    known = dict(desk.people)
    outcomes = _judge(desk, wanted)
    if not dry:
        await _write(tx, desk, wanted, outcomes)
        former = {teacher: known[teacher] for teacher in desk.changed if teacher in known}
        await store.keep_former(tx, wanted.number, former)
    return outcomes


def _check_school(wanted: Import) -> None:
    """A school hands in its own rows; a file with those of another one is not taken at all."""
    caller = wanted.caller
    if caller.kind != "school":
        return
    others = [
        Fault(f"/{line}/school", "import.other_school")
        for line, row in wanted.rows
        if row.school != caller.id
    ]
    if others:
        raise DomainError("import.other_school", faults=others[:SHOWN])


def _judge(desk: Desk, wanted: Import) -> list[Outcome]:
    seen: set[str] = set()
    outcomes: list[Outcome] = []
    for _, row in wanted.rows:
        if row.teacher in seen:
            outcomes.append(DomainError.at("/teacher", "import.teacher_twice", teacher=row.teacher))
            continue
        seen.add(row.teacher)
        outcomes.append(desk.take(row))
    return outcomes


async def _write(tx: Transaction, desk: Desk, wanted: Import, outcomes: Sequence[Outcome]) -> None:
    made = iter(await save(tx, desk))
    rows = [
        ImportedRow(teacher=row.teacher, outcome=outcome.outcome, entry=next(made).id)
        for (_, row), outcome in zip(wanted.rows, outcomes, strict=True)
        if not isinstance(outcome, DomainError) and outcome.outcome != "unchanged"
    ]
    refused = [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
    fact = ImportApplied(
        import_=wanted.number,
        by=wanted.caller.name,
        rows=rows,
        unchanged=outcomes.count(Taken("unchanged")),
        refused=wanted.refused + len(refused),
        numbers_taken=sum(one.code == TAKEN for one in refused),
    )
    draft = Draft(
        type=store.IMPORTED,
        subject=subject(wanted.number),
        effective_at=desk.batch.at,
        policy=desk.context.pack.reference,
        data=fact,
    )
    await store.project(tx, await desk.context.journal.append(tx, [draft]))


def subject(number: str) -> str:
    """The journal's subject of an import."""
    return f"import:{number}"
