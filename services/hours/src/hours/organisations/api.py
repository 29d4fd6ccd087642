"""HTTP of the organisations: take rows by difference, end one, list them, show one and those above it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from itertools import zip_longest
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from hours.organisations import operations, store
from hours.organisations.domain import Level, Organisation, Wanted
from hours.settings import ContextOf
from shared.access import ReachOf
from shared.access.ids import Id
from shared.identifiers import credit_code
from shared.policy.calendar import day_of
from shared.runtime import bulk, clock
from shared.runtime.bulk import Outcome
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError, ProblemWords
from shared.runtime.fields import Day, OptionalText, Text
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/organisations", tags=["organisations"], route_class=TransactionalRoute)


def _row(organisation: str, level: str, name: str, **more: JsonValue) -> dict[str, JsonValue]:
    return {"organisation": organisation, "level": level, "name": name, **more}


EXAMPLE: list[JsonValue] = [
    _row("P11", "province", "北京市", division="110000"),
    _row("D01", "district", "东城区", parent="P11", division="110101", division_since="2010-07-01"),
    _row("S11", "school", "东城区第一小学", parent="D01", school_code="2111000001"),
]


class OrganisationRow(BaseModel):
    """One organisation. It has to stand below one that is in the tree, or earlier in the same request."""

    organisation: Id
    level: Level
    name: Text
    parent: OptionalText = ""
    division: OptionalText = ""
    """GB/T 2260, of the organisation's own level; a school has none."""
    division_since: Day | None = None
    """Since when the division has this code; another day than before corrects it. Where nothing is said, a
    code that stays keeps its day, and a new one begins today."""
    school_code: OptionalText = ""
    credit_code: OptionalText = ""

    def wanted(self, today: date) -> Wanted:
        """The row as the tree knows it."""
        return Wanted(
            organisation=Organisation(
                organisation=self.organisation,
                level=self.level,
                name=self.name,
                parent=self.parent,
                division=self.division,
                school_code=self.school_code,
                credit_code=credit_code.normalise(self.credit_code),
            ),
            since=self.division_since,
            today=today,
        )


class Organisations(BaseModel):
    """Rows are read one by one: a bad one is reported by its index and the others are kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"organisations": EXAMPLE}]})

    organisations: bulk.Rows = Field(json_schema_extra=bulk.rows_of(OrganisationRow))


class AbolitionBody(BaseModel):
    """From which day on an organisation is no more, and which one does its work from then on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"day": "2025-08-31", "successor": "S11"}]})

    day: Day
    """One that has come."""
    successor: OptionalText = ""
    """Of the same level; none is named without it."""


class ListedOrganisation(BaseModel):
    """An organisation of the tree; codes that it does not have are empty."""

    organisation: str
    level: Level
    name: str
    parent: str
    division: str
    school_code: str
    credit_code: str
    until: date | None
    """The first day on which it is no more; null where it stands."""
    successor: str
    """Which one does its work from then on; empty where none is named."""


class HeldDivision(BaseModel):
    """A code that a division had, with its first day and the first day of the next one."""

    division: str
    since: date
    until: date | None


class ShownOrganisation(ListedOrganisation):
    """An organisation, what it stands below from the nearest up, and the codes of its division."""

    above: list[ListedOrganisation]
    divisions: list[HeldDivision]


_SHAPE = TypeAdapter(OrganisationRow)
_STATUS = {"registered": 201, "changed": 200, "unchanged": 200}


@router.post(
    "",
    summary="Register organisations: provinces, cities, districts, schools",
    description="A new row registers, a changed one changes, an unchanged one does nothing.",
)
async def register(
    body: Organisations,
    tx: Tx,
    context: ContextOf,
    reach: ReachOf,
    key: IdempotencyKey,
    problems: ProblemWords,
) -> JSONResponse:
    async def act() -> Answer:
        now = clock.now()
        read = [bulk.parse(_SHAPE, row) for row in body.organisations]
        rows = [row.wanted(day_of(now)) for row in read if isinstance(row, OrganisationRow)]
        within = await reach.organisations(tx)
        done = map(_answer, rows, await operations.register(tx, context, rows, within, now))
        return Answer(200, bulk.results(bulk.merged(read, done), problems))

    return (await once(tx, key, act)).response()


def _answer(row: Wanted, outcome: operations.Outcome | DomainError) -> Outcome:
    if isinstance(outcome, DomainError):
        return outcome
    return Answer(_STATUS[outcome], {"organisation": row.organisation.organisation, "outcome": outcome})


@router.get("", summary="Organisations in order of id", response_model=Page[ListedOrganisation])
async def list_organisations(
    tx: Read,
    level: Annotated[Level | None, Query()] = None,
    parent: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    rows = await store.page(
        tx, after=after[0] if after else None, limit=limit + 1, level=level, parent=parent
    )
    return page(await _listed(tx, rows), limit, [[row.organisation] for row in rows])


async def _listed(tx: Tx, organisations: Sequence[Organisation]) -> list[dict[str, Any]]:
    """Organisations as they are shown in lists, with the end of those that are no more."""
    gone = await store.abolished(tx, [one.organisation for one in organisations])
    ends = {name: {"until": one.until, "successor": one.successor} for name, one in gone.items()}
    stands = {"until": None, "successor": ""}
    return [{**asdict(one), **ends.get(one.organisation, stands)} for one in organisations]


@router.post(
    "/{organisation:path}/abolition",
    summary="Say that an organisation is no more",
    description="From that day on it takes no teachers, transfers, plans, annual plans or classes. What was"
    " recorded of it stays, and its codes are given to nobody else. By who keeps what it stands below.",
    response_model=ListedOrganisation,
    responses={
        403: {"description": "`organisation.out_of_reach`"},
        404: {"description": "`organisation.unknown`"},
        409: {
            "description": "`organisation.abolished`, `organisation.has_below`, `organisation.has_teachers`,"
            " `organisation.is_awaited`"
        },
        422: {"description": "`abolition.in_future`, `organisation.successor_unknown`"},
    },
)
async def abolish(
    organisation: str, body: AbolitionBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    async def act() -> Answer:
        wanted = operations.Abolition(
            organisation=organisation,
            until=body.day,
            successor=body.successor,
            by=reach.caller.name,
            within=await reach.organisations(tx),
            at=clock.now(),
        )
        await operations.abolish(tx, context, wanted)
        found = await store.load(tx, [organisation])
        (shown,) = await _listed(tx, list(found.values()))
        return Answer(200, ListedOrganisation(**shown).model_dump(mode="json"))

    return (await once(tx, key, act)).response()


@router.get(
    "/{organisation:path}",
    summary="One organisation, what it stands below, and the codes of its division",
    response_model=ShownOrganisation,
    responses={404: {"description": "`organisation.unknown`"}},
)
async def show(organisation: str, tx: Tx) -> dict[str, Any]:
    found = (await store.load(tx, [organisation])).get(organisation)
    if found is None:
        raise DomainError("organisation.unknown", organisation=organisation)
    held = (await store.load_divisions(tx, [organisation])).get(organisation, [])
    ends = [code.since for code in held[1:]]
    shown, *above = await _listed(tx, [found, *await operations.above(tx, found)])
    return {
        **shown,
        "above": above,
        "divisions": [{**asdict(code), "until": until} for code, until in zip_longest(held, ends)],
    }
