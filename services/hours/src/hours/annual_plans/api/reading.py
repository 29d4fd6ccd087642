"""Looking at annual plans: lists, one with its entries, what its organiser reported and the files of that."""

from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import AfterValidator, BaseModel, Field

from hours.annual_plans import operations, store
from hours.annual_plans.domain import AnnualPlan, Planned, Reported, State, key_of
from hours.annual_plans.operations import reached
from hours.evidence import operations as evidence
from hours.evidence.bodies import SHOWS, Digest, sent
from hours.settings import ContextOf
from shared.access import ReachOf
from shared.runtime import clock
from shared.runtime.database import Database, TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import Day, HoursField, Reason, Text, Year, clean
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, YearKey, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/annual-plans", tags=["annual plans"], route_class=TransactionalRoute)

Number = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^\s/]+$"), AfterValidator(clean)]


class EntryBody(BaseModel):
    """What is to be held under a rule, in one class or several: hours of each who passes, how many people."""

    number: Number
    name: Reason
    source_rule: Text
    hours: HoursField
    people: Annotated[int, Field(ge=1, le=1_000_000)]
    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None

    def planned(self) -> Planned:
        """The entry as the rules know it."""
        return Planned(
            number=self.number,
            name=self.name,
            rule=self.source_rule,
            hours=self.hours,
            people=self.people,
            first=self.first,
            last=self.last,
        )


class ListedPlan(BaseModel):
    """A plan: how many of its entries are in each state, and when its organiser reported."""

    organiser: str
    year: int
    entries: dict[State, int]
    reported_at: datetime | None


class ShownEntry(EntryBody):
    """An entry as it stands; `entry` is what classes call it by."""

    entry: str
    state: State
    added_later: bool
    declared_at: datetime
    reason: str


class ShownPlan(BaseModel):
    """A plan with its entries, in order of their first declaration."""

    organiser: str
    year: int
    entries: list[ShownEntry]
    reported_at: datetime | None


class ShownReport(BaseModel):
    """What an organiser reported, with the addresses of its files; null where it has not."""

    organiser: str
    year: int
    words: str | None
    files: list[str]
    reported_at: datetime | None
    by: str | None


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _reported_at(reported: Reported | None) -> str | None:
    return None if reported is None else reported.at.isoformat()


def shown(plan: AnnualPlan) -> dict[str, Any]:
    """The plan as JSON."""
    return {
        "organiser": plan.organiser,
        "year": plan.year,
        "entries": [
            {
                "entry": key_of(plan.organiser, plan.year, number),
                "number": number,
                "name": one.planned.name,
                "source_rule": one.planned.rule,
                "hours": f"{one.planned.hours:.2f}",
                "people": one.planned.people,
                "from": _day(one.planned.first),
                "to": _day(one.planned.last),
                "state": one.state,
                "added_later": one.added_later,
                "declared_at": one.declared_at.isoformat(),
                "reason": one.reason,
            }
            for number, one in plan.entries.items()
        ],
        "reported_at": _reported_at(plan.reported),
    }


@router.get(
    "",
    summary="Annual plans in order of organiser and year",
    description="`state=declared` is the queue of those with entries to decide on, `reported=false` are those"
    " of years that are over without a report.",
    response_model=Page[ListedPlan],
)
async def list_plans(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    organiser: Annotated[str | None, Query(max_length=200)] = None,
    year: Annotated[Year | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
    reported: Annotated[bool | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str, YearKey)
    wanted = store.Wanted(
        within=await reach.organisations(tx),
        organiser=organiser,
        year=year,
        state=state,
        reported=reported,
        this_year=operations.this_year(context, clock.now()),
    )
    rows = await store.page(tx, wanted, after_keys=after, limit=limit + 1)
    items = [
        {
            "organiser": row.organiser,
            "year": row.year,
            "entries": dict(row.counts),
            "reported_at": _reported_at(row.reported),
        }
        for row in rows
    ]
    return page(items, limit, [[row.organiser, row.year] for row in rows])


@router.get(
    "/{organiser:path}/{year}/report/files/{digest}",
    summary="A file of a report",
    response_class=Response,
    responses=SHOWS,
)
async def show_file(
    organiser: str, year: Year, digest: Digest, request: Request, context: ContextOf, reach: ReachOf
) -> Response:
    database: Database = request.app.state.database
    async with database.transaction(reading=True) as tx:  # over before the file is fetched
        plan = await store.load(tx, organiser, year)
        reported = plan.reported if plan is not None and await reach.holds(tx, organiser) else None
        is_attached = reported is not None and digest in reported.files
        found = await evidence.attached(tx, digest, reach) if is_attached else None
    if found is None:
        raise DomainError("evidence.unknown", digest=digest)
    return await sent(context, found)


@router.get(
    "/{organiser:path}/{year}/report",
    summary="What an organiser reported on its plan",
    response_model=ShownReport,
    responses={404: {"description": "`annual_plan.unknown`"}},
)
async def show_report(organiser: str, year: Year, tx: Tx, reach: ReachOf) -> dict[str, Any]:
    reported = (await reached(tx, reach, organiser, year)).reported
    at = f"/v1/annual-plans/{quote(organiser, safe='')}/{year}/report/files"
    return {
        "organiser": organiser,
        "year": year,
        "words": await store.load_words(tx, organiser, year),
        "files": [f"{at}/{digest}" for digest in reported.files] if reported else [],
        "reported_at": _reported_at(reported),
        "by": reported.by if reported else None,
    }


@router.get(
    "/{organiser:path}/{year}",
    summary="An annual plan with its entries",
    response_model=ShownPlan,
    responses={404: {"description": "`annual_plan.unknown`"}},
)
async def show(organiser: str, year: Year, tx: Tx, reach: ReachOf) -> dict[str, Any]:
    return shown(await reached(tx, reach, organiser, year))
