"""SQL of the records: by number, by matter, by school, what they claim, the data of their proofs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    bindparam,
    collate,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert

from hours.ledger.domain.amount import in_unit
from hours.records import tables
from hours.records.domain.registration import Claimed
from hours.roster.operations.rows import LISTED
from shared.policy.categories import Category
from shared.runtime.database import Transaction
from shared.runtime.journal import canonical, place_of
from shared.runtime.pages import narrowed

TEACHER = tables.record.c.teacher
"""Whose a record is."""

ON_FILE = select(
    *(tables.record.c[name] for name in ("record", "teacher", "year", "state", "replacement", "accounts")),
    literal_column(tables.ANSWERABLE, Text).label("answerable"),
).subquery("on_file")
"""Every record and who answers for it, for the statement of a room above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record on file."""

    record: str
    teacher: str
    year: int
    rule: str
    category: Category
    programme: str
    hours: Decimal
    credits: Decimal | None
    reason: str
    digest: str
    registrar: str
    recogniser: str
    accounts: Sequence[str]
    """Of everybody who had a hand in it."""
    matter: str
    state: str
    entry: str
    recorded_at: datetime
    reversal: str | None
    replacement: str

    @property
    def amount(self) -> Decimal:
        """What it gives before any cap, in the unit of the rules that decided."""
        return in_unit(self.hours, self.credits)


async def load(tx: Transaction, records: Iterable[str]) -> dict[str, Kept]:
    """Records by natural key."""
    wanted = bindparam("records", type_=ARRAY(Text))
    rows = await tx.execute(
        select(tables.record).where(tables.record.c.record == wanted.any_()), {"records": list(records)}
    )
    return {row.record: Kept(**row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


async def load_standing(
    tx: Transaction, matters: Iterable[str], teachers: Iterable[str]
) -> dict[tuple[str, str], Kept]:
    """The record that stands for each (matter, teacher)."""
    columns = tables.record.c
    wanted = bindparam("matters", sorted(set(matters)), ARRAY(Text))
    among = bindparam("teachers", sorted(set(teachers)), ARRAY(Text))
    query = select(tables.record).where(
        columns.matter == wanted.any_(),
        columns.matter != "",
        columns.teacher == among.any_(),
        columns.state == "registered",
    )
    return {(row.matter, row.teacher): Kept(**row) for row in (await tx.execute(query)).mappings()}


async def load_firsts(tx: Transaction, came_from: Mapping[str, str]) -> dict[str, str]:
    """The record with which each began of which another one came, by correction or out of one matter."""
    rows = await tx.execute(_FIRSTS, {"records": list(came_from), "from": list(came_from.values())})
    return {row.record: row.first for row in rows}


_FIRSTS = text(
    """
    with recursive came as (
        select record, old from unnest(cast(:records as text[]), cast(:from as text[])) as given (record, old)
        union
        select came.record, earlier.record from came
        join record now on now.record = came.old
        join record earlier on earlier.teacher = now.teacher
            and (earlier.replacement = now.record or (now.matter <> '' and earlier.matter = now.matter))
    )
    select distinct on (came.record) came.record, came.old as first from came
    join record on record.record = came.old
    order by came.record, record.recorded_at, record.entry
    """
)
"""Whatever leads to a record: of those that are its teacher's, the earliest."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What came out of a matter: records that stand, and their hours."""

    records: int
    hours: Decimal


async def sum_by_matter(tx: Transaction, matters: Iterable[str]) -> dict[str, Sum]:
    """Of each matter that has records that stand, how many and of how many hours."""
    columns = tables.record.c
    wanted = bindparam("matters", sorted(set(matters)), ARRAY(Text))
    query = select(columns.matter, func.count().label("records"), func.sum(columns.hours).label("hours"))
    query = query.where(columns.matter == wanted.any_(), columns.matter != "", columns.state == "registered")
    rows = await tx.execute(query.group_by(columns.matter))
    return {row.matter: Sum(row.records, row.hours) for row in rows}


async def load_claims(
    tx: Transaction, teachers: Iterable[str], programmes: Iterable[str]
) -> dict[tuple[str, str], set[Claimed]]:
    """Where each (teacher, programme), folded, is claimed by a record that stands."""
    wanted, among = bindparam("teachers", type_=ARRAY(Text)), bindparam("programmes", type_=ARRAY(Text))
    columns = tables.record.c
    query = select(columns.teacher, columns.programme, columns.rule, columns.year).where(
        columns.teacher == wanted.any_(), columns.programme == among.any_(), columns.state == "registered"
    )
    claims: dict[tuple[str, str], set[Claimed]] = {}
    for row in await tx.execute(query, {"teachers": list(teachers), "programmes": list(programmes)}):
        claims.setdefault((row.teacher, row.programme), set()).add(Claimed(row.rule, row.year))
    return claims


async def load_places(
    tx: Transaction, teachers: Iterable[str], rules: Iterable[str]
) -> list[tuple[int, int]]:
    """Partition and number of the entries of teachers' records under some rules that stand."""
    wanted, among = bindparam("teachers", type_=ARRAY(Text)), bindparam("rules", type_=ARRAY(Text))
    columns = tables.record.c
    query = select(columns.entry).where(
        columns.teacher == wanted.any_(), columns.rule == among.any_(), columns.state == "registered"
    )
    rows = await tx.execute(query, {"teachers": list(teachers), "rules": list(rules)})
    return [place_of(row.entry) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSchool:
    """Which records of a school's year are asked for: those within a reach, and `of` a teacher or state."""

    within: ColumnElement[bool]
    school: str
    year: int
    of: Mapping[str, str | None]


async def page_of_school(
    tx: Transaction, wanted: OfSchool, *, after: str | None, limit: int | None
) -> list[Kept]:
    """What a school registered, wherever the teachers are now, and all of who teaches there now (台帐).

    In order of record, at most `limit`.
    """
    columns = tables.record.c
    of_year = select(columns.record).where(columns.year == wanted.year)
    here = select(collate(LISTED.c.teacher, "default")).where(LISTED.c.school == wanted.school)
    own = of_year.where(columns.registrar == f"school:{wanted.school}")
    either = own.union(of_year.where(columns.teacher.in_(here)))
    query = narrowed(select(tables.record), columns.record, after, wanted.of, wanted.within)
    rows = await tx.execute(query.where(columns.record.in_(either)).limit(limit))
    return [Kept(**row) for row in rows.mappings()]


async def save_proofs(tx: Transaction, proofs: Mapping[str, Mapping[str, str]]) -> None:
    """Keep the data of stamped proofs by record."""
    if proofs:
        rows = [{"record": record, "data": canonical(data)} for record, data in proofs.items()]
        await tx.execute(insert(tables.proof), rows)


async def load_proof(tx: Transaction, record: str) -> dict[str, str] | None:
    """The data of the stamped proof of a record."""
    data = (
        await tx.execute(select(tables.proof.c.data).where(tables.proof.c.record == record))
    ).scalar_one_or_none()
    return None if data is None else msgspec.json.decode(data, type=dict[str, str])
