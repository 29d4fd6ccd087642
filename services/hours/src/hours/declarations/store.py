"""SQL of the declarations: by number, as a queue, and the projection of their entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Row, Text, bindparam, cast, delete, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB, insert

from hours.declarations import tables
from hours.declarations.domain.declaration import PENDING, Declaration, State
from hours.declarations.domain.entries import Act, Declared, Drafted
from hours.records.domain.registration import Registration
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical

DRAFTED, DECLARED = "declaration.drafted.v1", "declaration.declared.v1"
REVIEWED, RECOGNISED = "declaration.reviewed.v1", "declaration.recognised.v1"
ENDINGS: Mapping[State, str] = {
    "returned": "declaration.returned.v1",
    "refused": "declaration.refused.v1",
    "withdrawn": "declaration.withdrawn.v1",
}
"""The entry behind each end without hours."""
_END: Mapping[str, State] = {entry: state for state, entry in ENDINGS.items()}
TYPES = (DRAFTED, DECLARED, REVIEWED, RECOGNISED, *ENDINGS.values())

TEACHER = tables.declaration.c.teacher
"""Whose a declaration is."""

AWAITED = select(tables.declaration.c.declarant, tables.declaration.c.declaration).where(
    tables.declaration.c.state == "returned"
)
"""Who is to declare which declaration again; reviewers are found by where the teacher works now."""

ATTACHED = select(
    func.jsonb_array_elements_text(cast(tables.declaration.c.registration, JSONB)["files"])
).where(tables.declaration.c.state.in_(("draft", "returned")))
"""The files of what is not declared yet, or has to be declared again."""


async def load(tx: Transaction, declarations: Iterable[str]) -> dict[str, Declaration]:
    """Declarations by number."""
    wanted = bindparam("declarations", sorted(set(declarations)), ARRAY(Text))
    query = select(tables.declaration).where(tables.declaration.c.declaration == wanted.any_())
    return {row.declaration: _declaration(row) for row in await tx.execute(query)}


async def load_pending(tx: Transaction, teacher: str, year: int) -> list[Declaration]:
    """What of a teacher's year awaits a review, in order of number."""
    one = tables.declaration.c
    query = select(tables.declaration).where(
        one.teacher == teacher, one.year == year, one.state.in_(sorted(PENDING))
    )
    return [_declaration(row) for row in await tx.execute(query.order_by(one.declaration))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which declarations are asked for."""

    within: Sequence[ColumnElement[bool]]
    """Reach, and whose turn it is."""
    of: Mapping[str, object]
    """Values of columns; None is any."""


def turn_of(kind: str, level: str, own: ColumnElement[bool]) -> ColumnElement[bool]:
    """What awaits a kind of caller bound at a level; of what any of the kind may review, only their `own`."""
    awaits = tables.declaration.c.awaits
    return or_(awaits == f"{kind}@{level}", (awaits == kind) & own)


@dataclass(frozen=True, slots=True)
class Queued:
    """A declaration, and since when it is as it is."""

    declaration: Declaration
    since: datetime


async def page(tx: Transaction, wanted: Wanted, *, after: Sequence[Any] | None, limit: int) -> list[Queued]:
    """Declarations, those first that have waited longest, at most `limit`."""
    columns = tables.declaration.c
    query = select(tables.declaration).where(*wanted.within)
    query = query.where(*(columns[name] == value for name, value in wanted.of.items() if value is not None))
    if after is not None:
        query = query.where(tuple_(columns.since, columns.declaration) > tuple_(*after))
    rows = await tx.execute(query.order_by(columns.since, columns.declaration).limit(limit))
    return [Queued(_declaration(row), row.since) for row in rows]


async def save_proofs(tx: Transaction, proofs: Mapping[str, Mapping[str, str] | None]) -> None:
    """Keep the data of stamped proofs by declaration, in place of what was kept before."""
    gone = bindparam("declarations", sorted(proofs), ARRAY(Text))
    await tx.execute(delete(tables.declared_proof).where(tables.declared_proof.c.declaration == gone.any_()))
    rows = [{"declaration": name, "data": canonical(data)} for name, data in proofs.items() if data]
    if rows:
        await tx.execute(insert(tables.declared_proof), rows)


async def load_proofs(tx: Transaction, declarations: Iterable[str]) -> dict[str, dict[str, str]]:
    """The data of stamped proofs by declaration."""
    wanted = bindparam("declarations", sorted(set(declarations)), ARRAY(Text))
    query = select(tables.declared_proof).where(tables.declared_proof.c.declaration == wanted.any_())
    return {row.declaration: msgspec.json.decode(row.data) for row in await tx.execute(query)}


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the declarations up to these entries."""
    those = [entry for entry in entries if entry.type in TYPES]
    if not those:
        return
    standing = await load(tx, {entry.parse(Act).declaration for entry in those})
    since: dict[str, datetime] = {}
    for entry in those:
        name = entry.parse(Act).declaration
        standing[name] = _after(standing.get(name), entry)
        since[name] = entry.recorded_at
    statement = insert(tables.declaration)
    changed = {column.name: statement.excluded[column.name] for column in tables.declaration.columns}
    rows = [_row(standing[name], moment) for name, moment in since.items()]
    await tx.execute(statement.on_conflict_do_update(index_elements=["declaration"], set_=changed), rows)


def _after(before: Declaration | None, entry: Entry) -> Declaration:
    """A declaration once an entry holds."""
    if entry.type == DRAFTED:
        return _drafted(before, entry)
    assert before is not None, "a declaration is drafted first"
    match entry.type:
        case "declaration.declared.v1":
            fact = entry.parse(Declared)
            after = replace(
                before,
                state="declared" if fact.reviewers else "posted",
                hours=fact.hours,
                credits=fact.credits,
                handed_in=entry.effective_at,
                override=fact.override,
                reviewers=fact.reviewers,
                accounts=[fact.account],
                authors=before.authors | {fact.account},
            )
        case "declaration.reviewed.v1":
            after = replace(before, state="reviewed", accounts=[*before.accounts, entry.parse(Act).account])
        case "declaration.recognised.v1":
            after = replace(before, state="posted", accounts=[*before.accounts, entry.parse(Act).account])
        case _:
            after = replace(before, state=_END[entry.type])
    return replace(after, entry=entry.id)


def _drafted(before: Declaration | None, entry: Entry) -> Declaration:
    fact = entry.parse(Drafted)
    earlier = before.authors if before else frozenset[str]()
    return Declaration(
        declaration=fact.declaration,
        teacher=fact.teacher,
        registration=fact.registration,
        declarant=fact.by,
        digest=fact.digest,
        state="draft",
        hours=None,
        credits=None,
        handed_in=None,
        override="",
        reviewers=[],
        accounts=[],
        authors=earlier | {fact.account},
        entry=entry.id,
    )


def _row(one: Declaration, since: datetime) -> dict[str, Any]:
    return {
        "declaration": one.declaration,
        "teacher": one.teacher,
        "year": one.registration.year,
        "rule": one.registration.rule,
        "registration": canonical(one.registration),
        "declarant": one.declarant,
        "digest": one.digest,
        "state": one.state,
        "hours": one.hours,
        "credits": one.credits,
        "handed_in": one.handed_in,
        "override": one.override,
        "reviewers": canonical(list(one.reviewers)),
        "accounts": canonical(list(one.accounts)),
        "authors": canonical(sorted(one.authors)),
        "awaits": one.awaits,
        "entry": one.entry,
        "since": since,
    }


def _declaration(row: Row[Any]) -> Declaration:
    return Declaration(
        declaration=row.declaration,
        teacher=row.teacher,
        registration=msgspec.json.decode(row.registration, type=Registration),
        declarant=row.declarant,
        digest=row.digest,
        state=row.state,
        hours=row.hours,
        credits=row.credits,
        handed_in=row.handed_in,
        override=row.override,
        reviewers=msgspec.json.decode(row.reviewers, type=list[str]),
        accounts=msgspec.json.decode(row.accounts, type=list[str]),
        authors=frozenset(msgspec.json.decode(row.authors, type=list[str])),
        entry=row.entry,
    )
