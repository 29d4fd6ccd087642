"""SQL of the roster: who is listed, under which name, and the projection of the teacher events."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    LargeBinary,
    Row,
    RowMapping,
    Select,
    Text,
    bindparam,
    delete,
    func,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from hours.roster import tables
from hours.roster.domain import ImportApplied, ImportedRow, ImportReversed, Person, Teacher
from shared.contracts.hours import TeacherRegistered, TeacherRemoved
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.pages import narrowed

REGISTERED, CHANGED = "teacher.registered.v1", "teacher.changed.v1"
REMOVED, TRANSFERRED = "teacher.removed.v1", "teacher.transferred.v1"
LISTINGS = (REGISTERED, CHANGED, TRANSFERRED)
"""Entries that say who somebody is on the roster, and where."""
IMPORTED, REVERSED = "import.applied.v1", "import.reversed.v1"

_IMPORT = tables.roster_import
_FORMER = ("name", "joined_on", "title", "citizen_id", "identity")

_COLUMNS = [tables.teacher.c[field.name] for field in fields(Teacher)]
_TEACHERS = bindparam("teachers", type_=ARRAY(Text))
_IDENTITIES = bindparam("identities", type_=ARRAY(LargeBinary))


async def load(tx: Transaction, teachers: Iterable[str]) -> dict[str, Teacher]:
    """Teachers by id; those not on the roster are not among them."""
    query = select(*_COLUMNS).where(tables.teacher.c.teacher == _TEACHERS.any_())
    rows = await tx.execute(query, {"teachers": list(teachers)})
    return {row.teacher: Teacher(**row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


async def load_people(tx: Transaction, teachers: Iterable[str]) -> dict[str, Person]:
    """What is known of each person."""
    query = select(tables.person).where(tables.person.c.teacher == _TEACHERS.any_())
    rows = await tx.execute(query, {"teachers": list(teachers)})
    return {
        row.teacher: Person(
            name=row.name,
            joined_on=row.joined_on or "",
            title=row.title,
            citizen_id=row.citizen_id,
            identity=row.identity,
            salt=row.salt,
        )
        for row in rows
    }


async def load_holders(tx: Transaction, identities: Iterable[bytes]) -> dict[bytes, str]:
    """Whose some identities are."""
    person = tables.person.c
    query = select(person.identity, person.teacher).where(person.identity == _IDENTITIES.any_())
    rows = await tx.execute(query, {"identities": list(identities)})
    return {row.identity: row.teacher for row in rows}


async def load_shown(tx: Transaction, teachers: Iterable[str]) -> dict[str, RowMapping]:
    """What may be shown of each person: `name`, `title`, `joined_on`; empty where it is not known."""
    person = tables.person.c
    joined_on = func.coalesce(person.joined_on, "").label("joined_on")
    query = select(person.teacher, person.name, person.title, joined_on)
    rows = await tx.execute(query.where(person.teacher == _TEACHERS.any_()), {"teachers": list(teachers)})
    return {row["teacher"]: row for row in rows.mappings()}


WHO = tables.teacher.c.teacher
"""Who is listed."""

LISTED = select(*_COLUMNS).subquery("listed")
"""Who is listed, for the statement of a room above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Who is asked for: those within a reach, and `of` a teacher, school or district where one is named."""

    within: ColumnElement[bool]
    of: Mapping[str, str | None]


async def page(tx: Transaction, wanted: Wanted, *, after: str | None, limit: int) -> list[RowMapping]:
    """Teachers in order of id, at most `limit`, as the fields of `Teacher`."""
    query = narrowed(select(*_COLUMNS), WHO, after, wanted.of, wanted.within).limit(limit)
    return list((await tx.execute(query)).mappings())


async def load_held(
    tx: Transaction, held: Sequence[Select[tuple[str]]], teachers: Collection[str]
) -> set[str]:
    """Those of the teachers whom one of the statements names."""
    if not held:
        return set()
    named = [one.where(one.selected_columns["teacher"] == _TEACHERS.any_()) for one in held]
    return set((await tx.execute(union_all(*named), {"teachers": list(teachers)})).scalars())


async def save_people(tx: Transaction, people: Mapping[str, Person]) -> None:
    """Keep what is known of persons; a salt once made stays."""
    if not people:
        return
    taken = [person.identity for person in people.values() if person.identity is not None]
    if taken:  # numbers may change hands among them, in any order
        parting = (tables.person.c.teacher == _TEACHERS.any_()) & (
            tables.person.c.identity == _IDENTITIES.any_()
        )
        free = update(tables.person).where(parting).values(citizen_id=None, identity=None)
        await tx.execute(free, {"teachers": list(people), "identities": taken})
    statement = insert(tables.person)
    kept = {
        column.name: statement.excluded[column.name]
        for column in tables.person.columns
        if column.name not in {"teacher", "salt"}
    }
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["teacher"], set_=kept),
        [{"teacher": teacher, **asdict(person)} for teacher, person in people.items()],
    )


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the list of teachers up to these entries."""
    rows: dict[str, dict[str, Any]] = {}
    removed: set[str] = set()
    for entry in entries:
        if entry.type in LISTINGS:
            fact = entry.parse(TeacherRegistered)
            rows[fact.teacher] = {
                **{field.name: getattr(fact, field.name) for field in fields(Teacher)},
                "entry": entry.id,
            }
            removed.discard(fact.teacher)
        elif entry.type == REMOVED:
            removed.add(gone := entry.parse(TeacherRemoved).teacher)
            rows.pop(gone, None)
    await _project_imports(tx, entries)
    if removed:
        await tx.execute(delete(tables.teacher).where(tables.teacher.c.teacher.in_(removed)))
    if not rows:
        return
    statement = insert(tables.teacher)
    names = [column.name for column in tables.teacher.columns if not column.primary_key]
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["teacher"], set_={name: statement.excluded[name] for name in names}
        ),
        list(rows.values()),
    )


async def load_import(tx: Transaction, number: str) -> Row[Any] | None:
    """An import as it stands; its columns are those of the table."""
    return (await tx.execute(select(_IMPORT).where(_IMPORT.c["import"] == number))).one_or_none()


async def load_imported(tx: Transaction, number: str) -> dict[ImportedRow, str | None]:
    """What an import changed, in order of teacher, and what its reversal did about it."""
    row = tables.imported_row
    rows = await tx.execute(select(row).where(row.c["import"] == number).order_by(row.c.teacher))
    return {
        ImportedRow(teacher=one.teacher, outcome=one.outcome, entry=one.entry): one.taken_back for one in rows
    }


async def keep_former(tx: Transaction, number: str, people: Mapping[str, Person]) -> None:
    """Keep what was known of persons before an import, for its reversal."""
    if people:
        kept = [
            {"import": number, "teacher": teacher, **{name: getattr(person, name) for name in _FORMER}}
            for teacher, person in people.items()
        ]
        await tx.execute(insert(tables.former_person), kept)


async def load_former(tx: Transaction, number: str, salts: Mapping[str, bytes]) -> dict[str, Person]:
    """What was known of persons before an import, under the salts that they have."""
    former = tables.former_person
    rows = await tx.execute(select(former).where(former.c["import"] == number))
    return {
        row.teacher: Person(salt=salts[row.teacher], **{name: getattr(row, name) for name in _FORMER})
        for row in rows
        if row.teacher in salts
    }


async def forget_former(tx: Transaction, number: str) -> None:
    """Forget what was known before an import that was taken back."""
    await tx.execute(delete(tables.former_person).where(tables.former_person.c["import"] == number))


async def forget_people(tx: Transaction, teachers: Collection[str]) -> None:
    """Erase persons; digests of them in the journal tell nothing from now on."""
    if teachers:
        await tx.execute(delete(tables.person).where(tables.person.c.teacher.in_(teachers)))


async def _project_imports(tx: Transaction, entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.type == IMPORTED:
            await _project_import(tx, entry)
        elif entry.type == REVERSED:
            fact = entry.parse(ImportReversed)
            here = _IMPORT.c["import"] == fact.import_
            await tx.execute(update(_IMPORT).where(here).values(reversal=entry.id))
            row = tables.imported_row
            one = (row.c["import"] == fact.import_) & (row.c.teacher == bindparam("of"))
            changed = [{"of": found.teacher, "to": found.outcome} for found in fact.rows]
            if changed:
                await tx.execute(update(row).where(one).values(taken_back=bindparam("to")), changed)


async def _project_import(tx: Transaction, entry: Entry) -> None:
    fact = entry.parse(ImportApplied)
    statement = insert(_IMPORT).values(
        {
            "import": fact.import_,
            "by": fact.by,
            "at": entry.recorded_at,
            "unchanged": fact.unchanged,
            "refused": fact.refused,
            "entry": entry.id,
        }
    )
    await tx.execute(statement)
    if fact.rows:
        rows = [{"import": fact.import_, **msgspec.structs.asdict(row)} for row in fact.rows]
        await tx.execute(insert(tables.imported_row), rows)
