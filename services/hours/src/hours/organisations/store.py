"""SQL of the organisations: the tree, the codes that were ever given, and the projection of its entries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Row, Table, Text, bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert

from hours.organisations import tables
from hours.organisations.domain import Organisation, Tree
from shared.contracts.hours import OrganisationRegistered
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.pages import narrowed

REGISTERED, CHANGED = "organisation.registered.v1", "organisation.changed.v1"

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
    organisation, held, given = tables.organisation.c, tables.held_division.c, tables.given_school_code.c
    near = select(*_COLUMNS).where(
        or_(
            organisation.organisation == _IDS.any_(),
            (organisation.parent == _IDS.any_()) & organisation.division.is_not(None),
        )
    )
    since = select(held.organisation, held.since).where(held.organisation == _IDS.any_()).order_by(held.since)
    schools = select(given.school_code.label("code"), given.organisation).where(
        given.school_code == _CODES.any_()
    )
    credit = select(organisation.credit_code.label("code"), organisation.organisation).where(
        organisation.credit_code == _CODES.any_()
    )
    here = {"ids": sorted(ids)}
    codes = sorted({code for one in wanted for code in (one.school_code, one.credit_code)})
    return Tree(
        organisations={row.organisation: _organisation(row) for row in await tx.execute(near, here)},
        since={row.organisation: row.since for row in await tx.execute(since, here)},
        school_codes={row.code: row.organisation for row in await tx.execute(schools, {"codes": codes})},
        credit_codes={row.code: row.organisation for row in await tx.execute(credit, {"codes": codes})},
    )


async def load_divisions(tx: Transaction, organisation: str) -> list[tuple[str, date]]:
    """The codes that a division had, in order, each with its first day."""
    held = tables.held_division.c
    query = select(held.division, held.since).where(held.organisation == organisation).order_by(held.since)
    return [(row.division, row.since) for row in await tx.execute(query)]


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
    divisions: dict[tuple[str, date], dict[str, Any]] = {}
    codes: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if entry.type not in {REGISTERED, CHANGED}:
            continue
        fact = entry.parse(OrganisationRegistered)
        names = [field.name for field in fields(Organisation)]
        row = {name: getattr(fact, name) or None for name in names}
        organisations[fact.organisation] = {**row, "entry": entry.id}
        if fact.division:
            held = {"division": fact.division, "since": fact.division_since}
            divisions[fact.organisation, fact.division_since] = {"organisation": fact.organisation, **held}
        if fact.school_code:
            codes[fact.school_code] = {"school_code": fact.school_code, "organisation": fact.organisation}
    await _put(tx, tables.organisation, organisations.values())
    await _put(tx, tables.held_division, divisions.values())
    await _put(tx, tables.given_school_code, codes.values())


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
