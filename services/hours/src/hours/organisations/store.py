"""SQL of the organisations: the tree, the codes that were ever given, and the projection of its entries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import (
    ARRAY,
    Row,
    Select,
    SelectBase,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from hours.organisations import tables
from hours.organisations.domain import Abolished, Held, Organisation, Tree, with_code
from shared.contracts.hours import OrganisationAbolished, OrganisationRegistered
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.pages import narrowed

REGISTERED, CHANGED = "organisation.registered.v1", "organisation.changed.v1"
ABOLISHED = "organisation.abolished.v1"

_IDS = bindparam("ids", type_=ARRAY(Text))
_CODES = bindparam("codes", type_=ARRAY(Text))
_COLUMNS = [tables.organisation.c[field.name] for field in fields(Organisation)]


async def load(tx: Transaction, organisations: Iterable[str]) -> dict[str, Organisation]:
    """Organisations by id; those that are not in the tree are not among them."""
    query = select(*_COLUMNS).where(tables.organisation.c.organisation == _IDS.any_())
    rows = await tx.execute(query, {"ids": sorted(set(organisations))})
    return {row.organisation: _organisation(row) for row in rows}


async def load_tree(tx: Transaction, wanted: Collection[Organisation]) -> Tree:
    """What some organisations are judged by: they, those directly above and below, their codes."""
    ids = {one.organisation for one in wanted} | {one.parent for one in wanted}
    organisation, given = tables.organisation.c, tables.given_school_code.c
    near = select(*_COLUMNS).where(
        or_(
            organisation.organisation == _IDS.any_(),
            (organisation.parent == _IDS.any_()) & organisation.division.is_not(None),
        )
    )
    schools = select(given.school_code.label("code"), given.organisation).where(
        given.school_code == _CODES.any_()
    )
    credit = select(organisation.credit_code.label("code"), organisation.organisation).where(
        organisation.credit_code == _CODES.any_()
    )
    codes = sorted({code for one in wanted for code in (one.school_code, one.credit_code)})
    rows = await tx.execute(near, {"ids": sorted(ids)})
    organisations = {row.organisation: _organisation(row) for row in rows}
    return Tree(
        organisations=organisations,
        held=await load_divisions(tx, ids),
        school_codes={row.code: row.organisation for row in await tx.execute(schools, {"codes": codes})},
        credit_codes={row.code: row.organisation for row in await tx.execute(credit, {"codes": codes})},
        abolished=await abolished(tx, ids | set(organisations)),
    )


async def abolished(tx: Transaction, organisations: Iterable[str]) -> dict[str, Abolished]:
    """Those of the organisations that are no more."""
    table = tables.abolished_organisation
    query = select(table).where(table.c.organisation == _IDS.any_())
    rows = await tx.execute(query, {"ids": sorted(set(organisations))})
    return {row.organisation: Abolished(**row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


async def below(tx: Transaction, organisation: str) -> list[str]:
    """What stands directly below an organisation, in order of id, without what is no more."""
    one, gone = tables.organisation.c, tables.abolished_organisation.c
    query = select(one.organisation).where(
        one.parent == organisation, ~exists().where(gone.organisation == one.organisation)
    )
    return list((await tx.execute(query.order_by(one.organisation))).scalars())


async def count(tx: Transaction, organisation: str, schools: Iterable[Select[tuple[str]]]) -> int:
    """How many of the schools that are named, one by one, are this organisation."""
    total = 0
    for named in schools:
        of = named.subquery()
        query = select(func.count()).where(of.c[0] == organisation)
        total += (await tx.execute(query)).scalar_one()
    return total


async def awaiting(tx: Transaction, organisation: str, awaited: Mapping[str, SelectBase]) -> dict[str, int]:
    """How many matters await a body at an organisation, by kind; without those of which there are none."""
    found: dict[str, int] = {}
    for kind, named in awaited.items():
        by, matter = named.subquery().c
        here = and_(func.split_part(by, ":", 1) != "teacher", func.split_part(by, ":", 2) == organisation)
        count = (await tx.execute(select(func.count(matter.distinct())).where(here))).scalar_one()
        found |= {kind: count} if count else {}
    return found


async def load_divisions(tx: Transaction, organisations: Iterable[str]) -> dict[str, list[Held]]:
    """The codes that divisions have and had, in order."""
    held = tables.held_division.c
    query = select(tables.held_division).where(held.organisation == _IDS.any_()).order_by(held.since)
    found: dict[str, list[Held]] = defaultdict(list)
    for row in await tx.execute(query, {"ids": sorted(set(organisations))}):
        found[row.organisation].append(Held(row.division, row.since))
    return found


async def page(tx: Transaction, *, after: str | None, limit: int, **of: str | None) -> list[Organisation]:
    """Organisations in order of id, at most `limit`; `of` narrows to a level or to a parent."""
    query = narrowed(select(*_COLUMNS), tables.organisation.c.organisation, after, of).limit(limit)
    return [_organisation(row) for row in await tx.execute(query)]


def _organisation(row: Row[Any]) -> Organisation:
    return Organisation(
        organisation=row.organisation,
        level=row.level,
        name=row.name,
        parent=row.parent or "",
        division=row.division or "",
        school_code=row.school_code or "",
        credit_code=row.credit_code or "",
    )


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the tree up to these entries."""
    organisations: dict[str, dict[str, Any]] = {}
    codes: dict[str, dict[str, Any]] = {}
    facts = [
        (one.id, one.parse(OrganisationRegistered)) for one in entries if one.type in {REGISTERED, CHANGED}
    ]
    names = [field.name for field in fields(Organisation)]
    for entry, fact in facts:
        row = {name: getattr(fact, name) or None for name in names}
        organisations[fact.organisation] = {**row, "entry": entry}
        if fact.school_code:
            codes[fact.school_code] = {"school_code": fact.school_code, "organisation": fact.organisation}
    await _put(tx, tables.organisation, organisations.values())
    await _put(tx, tables.given_school_code, codes.values())
    gone = [one.parse(OrganisationAbolished) for one in entries if one.type == ABOLISHED]
    columns = [column.name for column in tables.abolished_organisation.columns]
    await _put(
        tx,
        tables.abolished_organisation,
        [{name: getattr(fact, name) for name in columns} for fact in gone],
    )
    await _hold(tx, [fact for _, fact in facts if fact.division])


async def _hold(tx: Transaction, facts: Sequence[OrganisationRegistered]) -> None:
    """Bring the codes of divisions up to what was said of them."""
    if not facts:
        return
    held = await load_divisions(tx, [fact.organisation for fact in facts])
    for fact in facts:
        code = Held(fact.division, fact.division_since)
        held[fact.organisation] = with_code(held.get(fact.organisation, []), code)
    table = tables.held_division
    await tx.execute(delete(table).where(table.c.organisation == _IDS.any_()), {"ids": sorted(held)})
    rows = [{"organisation": name, **asdict(code)} for name, codes in held.items() for code in codes]
    await tx.execute(insert(table), rows)


async def _put(tx: Transaction, table: Table, rows: Collection[dict[str, Any]]) -> None:
    """Insert rows, or let them replace those with the same key."""
    if not rows:
        return
    statement = insert(table)
    changed = {column.name: statement.excluded[column.name] for column in table.columns}
    await tx.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changed),
        list(rows),
    )
