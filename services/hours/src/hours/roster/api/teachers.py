"""HTTP of the roster: import, lists, names for who asks in batches, and the sums of those listed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from hours.ledger import operations as ledger
from hours.ledger.domain.amount import ZERO
from hours.ledger.domain.total import Total
from hours.roster import store
from hours.roster.api.rows import ROW, SHAPE, RosterRow, answer
from hours.roster.domain import Row, masked
from hours.roster.operations import rows as operations
from hours.settings import ContextOf
from shared.access import Caller, CallerOf, ReachOf
from shared.runtime import bulk, clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError, ProblemWords
from shared.runtime.fields import HoursField, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, Key, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["roster"], route_class=TransactionalRoute)

LOOKUP_LIMIT = 1000


class Roster(BaseModel):
    """Rows are read one by one: a bad one is reported by its index and the others are kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"teachers": [ROW]}]})

    teachers: bulk.Rows = Field(json_schema_extra=bulk.rows_of(RosterRow))


class NamedTeacher(BaseModel):
    """A teacher on the roster, as whoever prints the name is told."""

    teacher: str
    school: str
    district: str
    stage: str
    role: str
    """The post."""
    vocational: bool
    name: str


class ListedTeacher(NamedTeacher):
    """A teacher as the roster knows them. What is not known is empty.

    To a role that does not see who a person is, the name is masked, title and day of joining are empty.
    """

    title: str
    """Professional title."""
    joined_on: str
    """The day, such as 2015-09-01."""


class Lookup(BaseModel):
    """Whose names are asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"teachers": ["T0360"]}]})

    teachers: list[Text] = Field(max_length=LOOKUP_LIMIT)


class Names(BaseModel):
    """Those asked for who are on the roster, in order of id."""

    items: list[NamedTeacher]


class TotalOfYear(BaseModel):
    """Sums of a teacher's year. Exchanged hours are in `hours`, carried-in ones apart."""

    teacher: str
    year: int
    hours: dict[str, HoursField]
    """What counts, by category of the rules in force."""
    deducted: HoursField
    """What inspections took of the year, in all categories."""
    carried_in: HoursField
    used_carried: HoursField
    used_fresh: HoursField
    expired: HoursField
    carry_out: HoursField
    over_cap: HoursField


@router.post(
    "/roster",
    summary="Import teachers",
    description="A new row registers a teacher, a changed one changes it, an unchanged one does nothing."
    " Nobody but the operator moves a teacher between schools of the tree by a row: that is a transfer.",
)
async def import_roster(
    body: Roster, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey, problems: ProblemWords
) -> JSONResponse:
    read = [bulk.parse(SHAPE, row) for row in body.teachers]
    rows = [row.row() for row in read if isinstance(row, RosterRow)]

    async def act() -> Answer:
        within, moves = await reach.organisations(tx), reach.caller.is_operator
        batch = operations.Batch(rows=rows, within=within, moves=moves, at=clock.now())
        done = map(answer, rows, await operations.import_rows(tx, context, batch))
        return Answer(200, bulk.results(bulk.merged(read, done), problems))

    return (await once(tx, _private(key, context, rows), act)).response()


def _private(key: Key, context: ContextOf, rows: Sequence[Row]) -> Key:
    """A body that holds citizens' numbers is remembered by a keyed digest: a plain one could be searched."""
    if context.vault is None or not any(row.citizen_id for row in rows):
        return key
    return replace(key, digest=context.vault.digest(key.digest))


@router.get("/teachers", summary="Teachers in order of id", response_model=Page[ListedTeacher])
async def list_teachers(
    tx: Read,
    reach: ReachOf,
    school: Annotated[str | None, Query(max_length=200)] = None,
    district: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    wanted = store.Wanted(
        within=await reach.within(tx, store.WHO), of={"school": school, "district": district}
    )
    rows = await store.page(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    listed = page(rows, limit, [[row["teacher"]] for row in rows])
    return {**listed, "items": await _shown(tx, reach.caller, listed["items"])}


@router.post("/teachers/lookup", summary="Names of some teachers, for who prints them", response_model=Names)
async def look_up(body: Lookup, tx: Tx, caller: CallerOf) -> dict[str, Any]:
    return {"items": await _found(tx, caller, body.teachers)}


@router.get(
    "/teachers/{teacher:path}",
    summary="One teacher",
    response_model=ListedTeacher,
    responses={404: {"description": "`teacher.not_listed`"}},
)
async def show_teacher(teacher: str, tx: Tx, reach: ReachOf) -> dict[str, Any]:
    found = await _found(tx, reach.caller, await reach.covered(tx, [teacher]))
    if not found:
        raise DomainError("teacher.not_listed", teacher=teacher)
    return found[0]


@router.get(
    "/totals",
    summary="Sums of a year, teacher by teacher",
    description="Everyone on the roster, or of one school; zero where nothing was posted.",
    response_model=Page[TotalOfYear],
    tags=["ledger"],
)
async def list_totals(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: Annotated[Year, Query()],
    school: Annotated[str | None, Query(max_length=200)] = None,
    teacher: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    wanted = store.Wanted(within=await reach.within(tx, store.WHO), of={"school": school, "teacher": teacher})
    rows = await store.page(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    sums: dict[str, Total] = await ledger.totals(tx, year, [row["teacher"] for row in rows])
    nothing = dict.fromkeys(context.pack.posted, ZERO)
    shown = [
        {**asdict(one), "hours": {**nothing, **one.hours}, "deducted": one.deducted_in_all}
        for one in (sums[row["teacher"]] for row in rows)
    ]
    return page(shown, limit, [[row["teacher"]] for row in rows])


async def _found(tx: Tx, caller: Caller, teachers: Collection[str]) -> list[dict[str, Any]]:
    """Those who are on the roster, in order of id."""
    known = await store.load(tx, teachers)
    return await _shown(tx, caller, [asdict(known[teacher]) for teacher in sorted(known)])


async def _shown(tx: Tx, caller: Caller, teachers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Teachers with what the caller is told of the persons; whoever was erased is left out."""
    people = await store.load_shown(tx, [one["teacher"] for one in teachers])
    shown = [{**one, **people[one["teacher"]]} for one in teachers if one["teacher"] in people]
    return [{**one, **masked(one["name"])} for one in shown] if caller.sees_masked else shown
