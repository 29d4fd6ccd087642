"""HTTP of the roster: import, lists, names for who asks in batches, and the sums of those listed."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, TypeAdapter, WithJsonSchema
from pydantic_core import PydanticCustomError

from hours.ledger import operations as ledger
from hours.ledger.domain.total import Total
from hours.roster import operations, store
from hours.roster.domain import Row
from hours.settings import ContextOf
from shared.identifiers import citizen_id
from shared.identifiers.citizen_id import NotACitizenId
from shared.policy.calendar import day_of
from shared.runtime import bulk, clock
from shared.runtime.bulk import Outcome
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError, ProblemWords
from shared.runtime.fields import Day, HoursField, OptionalText, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, Key, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["roster"], route_class=TransactionalRoute)

ROW: dict[str, JsonValue] = {
    "teacher": "T0360",
    "name": "阿卜杜拉·买买提",
    "school": "S01",
    "district": "越秀区",
    "stage": "小学",
    "role": "教师",
    "title": "一级教师",
    "joined_on": "2015-09-01",
    "vocational": False,
}

LOOKUP_LIMIT = 1000


def _blank(value: object) -> object:
    return None if value == "" else value


def _citizen_number(value: object) -> str:
    """The number that a text holds. What is refused is not repeated: it may be a person's but for a digit."""
    read = citizen_id.read(value) if isinstance(value, str) else NotACitizenId(fault="form")
    if isinstance(read, NotACitizenId):
        raise PydanticCustomError("citizen_id.invalid", "not a citizen's number")
    if not citizen_id.plausible(read, day_of(clock.now())):
        raise PydanticCustomError("citizen_id.implausible", "nobody alive was born then")
    return read.number


CitizenNumber = Annotated[str, BeforeValidator(_citizen_number), WithJsonSchema({"type": "string"})]


class RosterRow(BaseModel):
    """One teacher. Other columns of a roster are passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [ROW]})

    teacher: Text
    name: Text
    school: Text
    district: OptionalText = ""
    """Without it the one that the school lies in."""
    stage: OptionalText = ""
    role: OptionalText = ""
    """The post."""
    title: OptionalText = ""
    joined_on: Annotated[Day | None, BeforeValidator(_blank)] = None
    vocational: Annotated[bool | None, BeforeValidator(_blank)] = None
    """Without it the stage decides."""
    citizen_id: Annotated[CitizenNumber | None, BeforeValidator(_blank)] = None
    """GB 11643. Sealed at once and never shown again; without it what is known stays."""

    def row(self) -> Row:
        """The row as the roster knows it."""
        return Row(
            teacher=self.teacher,
            school=self.school,
            district=self.district,
            stage=self.stage,
            role=self.role,
            vocational=self.vocational,
            name=self.name,
            joined_on=self.joined_on.isoformat() if self.joined_on else "",
            title=self.title,
            citizen_id=self.citizen_id or "",
        )


class Roster(BaseModel):
    """Rows are read one by one: a bad one is reported by its index and the others are kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"teachers": [ROW]}]})

    teachers: list[Any] = Field(json_schema_extra={"items": RosterRow.model_json_schema()})


class ListedTeacher(BaseModel):
    """A teacher on the roster, without the name."""

    teacher: str
    school: str
    district: str
    stage: str
    role: str
    vocational: bool


class NamedTeacher(ListedTeacher):
    """A teacher on the roster, with the name."""

    name: str


class Lookup(BaseModel):
    """Whose names are asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"teachers": ["T0360"]}]})

    teachers: list[Text] = Field(max_length=LOOKUP_LIMIT)


class Names(BaseModel):
    """Those asked for who are on the roster, in order of id."""

    items: list[NamedTeacher]


class TotalOfYear(BaseModel):
    """Sums of a teacher's year. Exchanged hours are in the categories, carried-in ones apart."""

    teacher: str
    year: int
    public: HoursField
    professional: HoursField
    elective: HoursField
    carried_in: HoursField
    used_carried: HoursField
    used_fresh: HoursField
    expired: HoursField
    carry_out: HoursField
    over_cap: HoursField


_SHAPE = TypeAdapter(RosterRow)
_STATUS = {"registered": 201, "changed": 200, "unchanged": 200}


@router.post(
    "/roster",
    summary="Import teachers",
    description="A new row registers a teacher, a changed one changes it, an unchanged one does nothing.",
)
async def import_roster(
    body: Roster, tx: Tx, context: ContextOf, key: IdempotencyKey, problems: ProblemWords
) -> JSONResponse:
    read = [bulk.parse(_SHAPE, row) for row in body.teachers]
    rows = [row.row() for row in read if isinstance(row, RosterRow)]

    async def act() -> Answer:
        done = iter(zip(rows, await operations.import_rows(tx, context, rows, clock.now()), strict=True))
        outcomes = [row if isinstance(row, DomainError) else _answer(*next(done)) for row in read]
        return Answer(200, bulk.results(outcomes, problems))

    return (await once(tx, _private(key, context, rows), act)).response()


def _answer(row: Row, outcome: operations.Outcome | DomainError) -> Outcome:
    if isinstance(outcome, DomainError):
        return outcome
    return Answer(_STATUS[outcome], {"teacher": row.teacher, "outcome": outcome})


def _private(key: Key, context: ContextOf, rows: Sequence[Row]) -> Key:
    """A body that holds citizens' numbers is remembered by a keyed digest: a plain one could be searched."""
    if context.vault is None or not any(row.citizen_id for row in rows):
        return key
    return replace(key, digest=context.vault.digest(key.digest))


@router.get("/teachers", summary="Teachers in order of id", response_model=Page[ListedTeacher])
async def list_teachers(
    tx: Read,
    school: Annotated[str | None, Query(max_length=200)] = None,
    district: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    rows = await store.page(
        tx, after=after[0] if after else None, limit=limit + 1, school=school, district=district
    )
    return page([asdict(row) for row in rows], limit, [[row.teacher] for row in rows])


@router.post("/teachers/lookup", summary="Names of some teachers, for who prints them", response_model=Names)
async def look_up(body: Lookup, tx: Tx) -> dict[str, Any]:
    return {"items": await _named(tx, body.teachers)}


@router.get(
    "/teachers/{teacher:path}",
    summary="One teacher",
    response_model=NamedTeacher,
    responses={404: {"description": "`teacher.not_listed`"}},
)
async def show_teacher(teacher: str, tx: Tx) -> dict[str, Any]:
    named = await _named(tx, [teacher])
    if not named:
        raise DomainError("teacher.not_listed", teacher=teacher)
    return named[0]


@router.get(
    "/totals",
    summary="Sums of a year, teacher by teacher",
    description="Everyone on the roster, or of one school; zero where nothing was posted.",
    response_model=Page[TotalOfYear],
    tags=["ledger"],
)
async def list_totals(
    tx: Read,
    year: Annotated[Year, Query()],
    school: Annotated[str | None, Query(max_length=200)] = None,
    teacher: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    rows = await store.page(
        tx, after=after[0] if after else None, limit=limit + 1, school=school, teacher=teacher
    )
    sums: dict[str, Total] = await ledger.totals(tx, year, [row.teacher for row in rows])
    return page([asdict(sums[row.teacher]) for row in rows], limit, [[row.teacher] for row in rows])


async def _named(tx: Tx, teachers: Sequence[str]) -> list[dict[str, Any]]:
    known, names = await store.load(tx, teachers), await store.load_names(tx, teachers)
    return [{**asdict(known[teacher]), "name": names[teacher]} for teacher in sorted(known)]
