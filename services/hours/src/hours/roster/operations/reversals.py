"""Taking an import back (撤回导入): by entries of its own, and only what nothing was built on since.

Whom the import put on the roster is removed and forgotten, whom it changed is as before. A teacher whom
somebody changed later, or of whom anything else was recorded here or above, is left alone and named. Rooms
above lock a teacher before they look for them here, so that nothing is written about whom this removes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from hours.organisations import operations as organisations
from hours.roster import store
from hours.roster.domain import ImportedRow, ImportReversed, Person, ReversedRow
from hours.roster.operations import rows as roster
from hours.roster.operations.imports import subject
from hours.settings import Context
from shared.access import Caller
from shared.contracts.hours import TeacherChanged, TeacherRegistered, TeacherRemoved
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, Entry

LISTING = frozenset({store.REGISTERED, store.CHANGED, store.TRANSFERRED, store.REMOVED})
REASON = "import.reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """An import is to be taken back."""

    number: str
    caller: Caller
    reason: str
    at: datetime


async def reverse(tx: Transaction, context: Context, wanted: Reversal) -> list[ReversedRow]:
    """Take back what an import changed; what was done about each teacher, in order.

    Raises:
        DomainError: `import.unknown`, also to whom it is not theirs; `import.reversed`.
    """
    rows = list(await store.load_imported(tx, wanted.number))
    await context.journal.lock(tx, [subject(wanted.number)])
    await _check(tx, wanted)
    subjects = {roster.subject(row.teacher): 0 for row in rows}
    await context.journal.lock(tx, subjects)
    histories: dict[str, list[Entry]] = defaultdict(list)
    for entry in await context.journal.read_subjects(tx, subjects):
        histories[entry.subject].append(entry)
    people = await store.load_people(tx, [row.teacher for row in rows])
    former = await store.load_former(tx, wanted.number, {one: person.salt for one, person in people.items()})
    holders = await store.load_holders(tx, [one.identity for one in former.values() if one.identity])
    held = await store.load_held(tx, context.held, [row.teacher for row in rows])
    done = {
        row.teacher: _undone(row, histories[roster.subject(row.teacher)], is_held=row.teacher in held)
        for row in rows
    }
    await _leave_abolished(tx, done)
    for teacher in _blocked(done, former, holders):
        done[teacher] = _left(teacher, "citizen_id.taken")
    await _write(tx, context, wanted, list(done.values()), former)
    return [row for row, _ in done.values()]


async def _check(tx: Transaction, wanted: Reversal) -> None:
    found, caller = await store.load_import(tx, wanted.number), wanted.caller
    if found is None or not (caller.is_operator or found.by == caller.name):
        raise DomainError("import.unknown", number=wanted.number)
    if found.reversal is not None:
        raise DomainError("import.reversed", number=wanted.number, reversal=found.reversal)


Undone = tuple[ReversedRow, TeacherChanged | TeacherRemoved | None]
"""What is done about a row, and the fact that says so; None where it is left."""


def _undone(row: ImportedRow, history: Sequence[Entry], *, is_held: bool) -> Undone:
    """Judge by everything that was recorded about the teacher, and by whether a room above holds anything."""
    listing = [entry for entry in history if entry.type in LISTING]
    at = next(place for place, entry in enumerate(listing) if entry.id == row.entry)
    if listing[-1].id != row.entry:
        return _left(row.teacher, "teacher.changed_since")
    if row.outcome == "changed":
        return ReversedRow(teacher=row.teacher, outcome="restored"), _as_before(listing[at - 1])
    if is_held or history[-1].id != row.entry:
        return _left(row.teacher, "teacher.has_history")
    fact = TeacherRemoved(teacher=row.teacher, reason=REASON)
    return ReversedRow(teacher=row.teacher, outcome="removed"), fact


async def _leave_abolished(tx: Transaction, done: dict[str, Undone]) -> None:
    """Leave whom it would put back to a school that is no more."""
    former = {teacher: fact.school for teacher, (_, fact) in done.items() if isinstance(fact, TeacherChanged)}
    places = await organisations.places(tx, set(former.values()))
    for teacher, school in former.items():
        if school in places and places[school].abolished is not None:
            done[teacher] = _left(teacher, "organisation.abolished")


def _blocked(
    done: Mapping[str, Undone], former: Mapping[str, Person], holders: Mapping[bytes, str]
) -> set[str]:
    """Whose former number belongs to somebody who keeps it; whoever is blocked keeps one as well."""
    wanted = {teacher: former[teacher].identity for teacher in former}
    undone = {teacher for teacher, (_, fact) in done.items() if fact is not None}
    blocked: set[str] = set()
    while more := {
        teacher
        for teacher, identity in wanted.items()
        if teacher in undone - blocked and identity is not None
        if holders.get(identity, teacher) not in undone - blocked
    }:
        blocked |= more
    return blocked


def _as_before(entry: Entry) -> TeacherChanged:
    fact = entry.parse(TeacherRegistered)
    return TeacherChanged(
        teacher=fact.teacher,
        school=fact.school,
        district=fact.district,
        stage=fact.stage,
        role=fact.role,
        vocational=fact.vocational,
        digest=fact.digest,
    )


def _left(teacher: str, code: str) -> Undone:
    return ReversedRow(teacher=teacher, outcome=code), None


async def _write(
    tx: Transaction,
    context: Context,
    wanted: Reversal,
    done: Sequence[Undone],
    former: Mapping[str, Person],
) -> None:
    facts = [fact for _, fact in done if fact is not None]
    restored = [fact.teacher for fact in facts if isinstance(fact, TeacherChanged)]
    await store.forget_people(tx, [fact.teacher for fact in facts if isinstance(fact, TeacherRemoved)])
    await store.save_people(tx, {teacher: former[teacher] for teacher in restored})
    await store.forget_former(tx, wanted.number)
    caller = wanted.caller
    reversed_ = ImportReversed(
        import_=wanted.number,
        by=caller.name,
        reason=wanted.reason,
        rows=[row for row, _ in done],
    )
    about: list[tuple[str, str, Struct]] = [(store.REVERSED, subject(wanted.number), reversed_)]
    for fact in facts:
        kind = store.CHANGED if isinstance(fact, TeacherChanged) else store.REMOVED
        about.append((kind, roster.subject(fact.teacher), fact))
    drafts = [
        Draft(type=kind, subject=of, effective_at=wanted.at, policy=context.pack.reference, data=data)
        for kind, of, data in about
    ]
    await store.project(tx, await context.journal.append(tx, drafts))
