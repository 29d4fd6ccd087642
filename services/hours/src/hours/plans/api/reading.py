"""Looking at plans: lists that are somebody's queue, and one plan with its results and its history."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hours.plans import rendering, store
from hours.plans.domain.plan import Plan, State
from hours.plans.operations import results as operations
from hours.plans.operations.steps import subject
from hours.settings import Context, ContextOf
from shared.access import Reach, ReachOf
from shared.policy.calendar import day_of
from shared.runtime import clock
from shared.runtime.database import Transaction, TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import HoursField, Year
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/plans", tags=["plans"], route_class=TransactionalRoute)


class ShownTheme(BaseModel):
    """One theme of a plan."""

    title: str
    hours: HoursField
    first: date = Field(alias="from")
    last: date = Field(alias="to")


class ShownPlan(BaseModel):
    """A plan as it stands; `awaits` is who is to act, `latest` the last day to submit it in time."""

    plan: str
    school: str
    year: int
    rule: str
    title: str
    themes: list[ShownTheme]
    hours: HoursField
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    state: State
    awaits: str | None
    authority: str | None
    latest: date | None
    submitted_at: datetime | None
    approved_at: datetime | None


class ShownResult(BaseModel):
    """A teacher's result, and the record that stands for it."""

    teacher: str
    hours: HoursField
    grade: Literal["passed", "failed"]
    record: str | None


class ShownStep(BaseModel):
    """What was done to a plan, by whom; `at` is when it holds, `recorded_at` when it was written down."""

    did: str
    by: str
    at: datetime
    recorded_at: datetime
    reason: str


class WholePlan(ShownPlan):
    """A plan with its results in order of teacher, and everything that was done to it."""

    results: list[ShownResult]
    history: list[ShownStep]


@router.get(
    "",
    summary="Plans in order of id",
    description="`awaits=district:D01` is the queue of a district's centre, `awaits=school:S01` of a school.",
    response_model=Page[ShownPlan],
)
async def list_plans(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    school: Annotated[str | None, Query(max_length=200)] = None,
    year: Annotated[Year | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
    awaits: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after, today = decode_keys(cursor, str), today_of(context)
    wanted = store.Wanted(
        within=await reach.organisations(tx),
        of={"school": school, "awaits": awaits},
        year=year,
        state=state,
        today=today,
    )
    rows = await store.page(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    return page([rendering.shown(row, today) for row in rows], limit, [[row.plan] for row in rows])


@router.get(
    "/{plan:path}",
    summary="How far a plan is, its results, and who did what",
    response_model=WholePlan,
    responses={404: {"description": "`plan.unknown`"}},
)
async def show(plan: str, tx: Tx, context: ContextOf, reach: ReachOf) -> dict[str, Any]:
    found = await reached(tx, reach, plan)
    assessed = await operations.results(tx, found)
    entries = await context.journal.read_subject(tx, subject(plan))
    return {
        **rendering.shown(found, today_of(context)),
        "results": rendering.results(assessed),
        "history": rendering.history(entries),
    }


async def reached(tx: Transaction, reach: Reach, number: str) -> Plan:
    """A plan of a school to which the caller reaches.

    Raises: DomainError `plan.unknown`.
    """
    found = await store.load(tx, number)
    if found is None or not await reach.holds(tx, found.school):
        raise DomainError("plan.unknown", plan=number)
    return found


def today_of(context: Context) -> date:
    """The day that it is where the rules apply."""
    return day_of(clock.now(), context.pack.pack.timezone)
