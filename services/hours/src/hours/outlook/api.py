"""HTTP of the outlook: what a teacher's year still asks, who is behind in a school, what expires."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from hours.classes.operations import offered
from hours.exchanges import operations as exchanges
from hours.outlook import operations, store
from hours.outlook.domain.gap import Gap
from hours.outlook.domain.offer import Offer, ending
from hours.outlook.domain.plan import plan
from hours.outlook.rendering import teacher as rendering
from hours.settings import Context, ContextOf
from shared.access import Reach, ReachOf
from shared.policy.calendar import day_of
from shared.policy.categories import Category
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import DomainError, language_of
from shared.runtime.fields import CategoryName, HoursField, Instant, Year
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["outlook"], route_class=TransactionalRoute)

_SUM = r"^\d+\.\d{2}$"
"""Hours of many teachers: no bound of a single one's holds."""

OfYear = Annotated[Year, Query()]
At = Annotated[Instant | None, Query(description="By when it is asked; now where nothing is said.")]
School = Annotated[str | None, Query(max_length=200)]


class Behind(BaseModel):
    """A teacher who is behind, and how much of it points that are there would make up for."""

    teacher: str
    school: str
    missing: dict[str, HoursField]
    """By category, and as `hours` the fewest that close the gap."""
    points: int
    by_points: HoursField


class Count(BaseModel):
    """How many teachers miss something, and how many hours together."""

    teachers: int
    hours: Annotated[str, Field(pattern=_SUM)]


class Enrolment(BaseModel):
    """Classes of the year that have a seat, and the first last day to enrol."""

    classes: int
    enrol_by: date


class Summary(BaseModel):
    """How a school, a district or a city stands."""

    year: int
    teachers: int
    """All who were looked at."""
    behind: Count
    categories: dict[str, Count]
    enrolment: dict[str, Enrolment]
    """By category, as far as there are classes that the caller sees."""


class ExpiringLot(BaseModel):
    """Points that expire at the same instant."""

    expires_at: datetime
    points: int


class Expiring(BaseModel):
    """What of a teacher ends with the year, if nothing happens."""

    teacher: str
    school: str
    points: list[ExpiringLot]
    carried_in: HoursField
    """Carried hours that no verdict has used yet; they end with the year."""


@router.get(
    "/teachers/{teacher:path}/outlook",
    summary="What a year and its cycles still ask of a teacher, and the cheapest ways there",
    description="What is required, what counts, what is missing, the ways that are open, those first that"
    " cost least, a plan that closes the gap, what cannot be reached any more, what goes into the next year,"
    " and how each cycle stands in which the year lies. Where only cycles ask for something, `required`,"
    " `missing` and `plan` are null and the ways are those that are of use to a cycle.",
    responses={
        404: {"description": "`teacher.out_of_reach`, `teacher.not_listed`"},
        422: {"description": "`year.without_requirement`"},
    },
)
async def show(
    request: Request, teacher: str, tx: Read, context: ContextOf, reach: ReachOf, year: OfYear, at: At = None
) -> dict[str, Any]:
    await reach.hold(tx, teacher)
    found = await operations.look(tx, context, teacher, year, at or clock.now())
    return rendering.shown(found, context.pack, language_of(request))


@router.get(
    "/outlook",
    summary="Who will miss what, by how much",
    description="Largest gap first, or in order of teacher. `category` narrows to those who miss it.",
    response_model=Page[Behind],
    responses={422: {"description": "`year.without_requirement`, `category.unknown`"}},
)
async def list_behind(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: OfYear,
    school: School = None,
    category: Annotated[CategoryName | None, Query()] = None,
    order: Annotated[store.Order, Query()] = "gap",
    at: At = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    if category is not None and category not in context.pack.posted:
        raise DomainError.at("/category", "category.unknown", category=category)
    wanted = replace(await _wanted(tx, context, reach, year, school), category=category)
    after = decode_keys(cursor, *([int] if order == "gap" else []), str)
    if after is not None and order == "gap":
        after[0] = Decimal(after[0]).scaleb(-2)
    rows = await store.page(tx, wanted, order, after=after, limit=limit + 1)
    offers = await operations.offers(
        tx, context, [row["teacher"] for row in rows[:limit]], year, at or clock.now()
    )
    keys = [
        [int(row[wanted.measure] * 100), row["teacher"]] if order == "gap" else [row["teacher"]]
        for row in rows
    ]
    listed = page(rows, limit, keys)
    shown = [_behind(row, wanted.categories, offers[row["teacher"]]) for row in listed["items"]]
    return {**listed, "items": shown}


@router.get(
    "/outlook/summary",
    summary="How many will miss what, in all",
    response_model=Summary,
    responses={422: {"description": "`year.without_requirement`"}},
)
async def summarise(
    tx: Read, context: ContextOf, reach: ReachOf, year: OfYear, school: School = None, at: At = None
) -> dict[str, Any]:
    wanted = await _wanted(tx, context, reach, year, school)
    row = await store.summary(tx, wanted)
    counts = {
        name: {"teachers": row[f"{name}_teachers"], "hours": f"{row[f'{name}_hours']:.2f}"}
        for name in ("hours", *wanted.categories)
    }
    on = day_of(at or clock.now(), context.pack.pack.timezone)
    open_classes = await offered.deadlines(tx, reach, year, on)
    return {
        "year": year,
        "teachers": row["teachers"],
        "behind": counts.pop("hours"),
        "categories": counts,
        "enrolment": {one.category: {"classes": one.classes, "enrol_by": one.first} for one in open_classes},
    }


@router.get(
    "/expiring",
    summary="Points and carried hours that end with a year, teacher by teacher",
    response_model=Page[Expiring],
)
async def list_expiring(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: OfYear,
    school: School = None,
    at: At = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    wanted = store.Ending(
        within=await reach.within(tx, store.WHO),
        school=school,
        year=year,
        since=at or clock.now(),
        until=context.pack.years.end(year),
    )
    rows = await store.page_expiring(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    lots = await exchanges.lots_of(tx, [row["teacher"] for row in rows])
    shown = [
        {
            **row,
            "points": rendering.expiring(ending(lots.get(row["teacher"], ()), wanted.since, wanted.until)),
        }
        for row in rows
    ]
    return page(shown, limit, [[row["teacher"]] for row in rows])


async def _wanted(tx: Read, context: Context, reach: Reach, year: int, school: str | None) -> store.Wanted:
    return store.Wanted(
        within=await reach.within(tx, store.WHO),
        school=school,
        year=year,
        asked=operations.asked_of(context.pack, year),
        categories=context.pack.posted,
    )


def _behind(row: dict[str, Any], categories: Sequence[Category], offer: Offer) -> dict[str, Any]:
    by_category = {category: row[category] for category in categories}
    gap = Gap(missing=by_category, anywhere=row["hours"] - sum(by_category.values()))
    left = plan(gap, offer.ways, offer.hours).left
    return {
        "teacher": row["teacher"],
        "school": row["school"],
        "missing": {**by_category, "hours": row["hours"]},
        "points": offer.points,
        "by_points": gap.hours - left.hours,
    }
