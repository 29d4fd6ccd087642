"""HTTP of what came of an annual plan, entry by entry, for its organiser and the authority."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from hours.annual_plans.domain import AnnualPlan, State
from hours.annual_plans.operations import reached
from hours.classes.operations import fulfilments
from hours.classes.operations.fulfilments import Fulfilment
from hours.settings import ContextOf
from shared.access import ReachOf
from shared.policy.calendar import day_of
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute
from shared.runtime.fields import HoursField, Year
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/annual-plans", tags=["annual plans"], route_class=TransactionalRoute)


class ShownPlanned(BaseModel):
    """What was planned: hours of each who passes, and how many people."""

    hours: HoursField
    people: int


class ShownHappened(BaseModel):
    """Approved classes that are over, and how many took part."""

    classes: int
    seats: int


class ShownRegistered(BaseModel):
    """Classes out of which hours stand, of how many people, and all those hours together."""

    classes: int
    seats: int
    hours: HoursField


class EntryFulfilment(BaseModel):
    """What came of an entry."""

    number: str
    name: str
    source_rule: str
    state: State
    planned: ShownPlanned
    took_place: ShownHappened
    registered: ShownRegistered


class PlanFulfilment(BaseModel):
    """What came of an annual plan, in order of its entries."""

    organiser: str
    year: int
    entries: list[EntryFulfilment]


@router.get(
    "/{organiser:path}/{year}/fulfilment",
    summary="What came of an annual plan: planned, held, registered, by entry",
    response_model=PlanFulfilment,
    responses={404: {"description": "`annual_plan.unknown`"}},
)
async def show(organiser: str, year: Year, tx: Read, context: ContextOf, reach: ReachOf) -> dict[str, Any]:
    plan = await reached(tx, reach, organiser, year)
    came = await fulfilments.of_plan(tx, plan, day_of(clock.now(), context.pack.pack.timezone))
    entries = [_shown(plan, number, came.get(number, Fulfilment())) for number in plan.entries]
    return {"organiser": organiser, "year": year, "entries": entries}


def _shown(plan: AnnualPlan, number: str, came: Fulfilment) -> dict[str, Any]:
    entry = plan.entries[number]
    return {
        "number": number,
        "name": entry.planned.name,
        "source_rule": entry.planned.rule,
        "state": entry.state,
        "planned": {"hours": f"{entry.planned.hours:.2f}", "people": entry.planned.people},
        "took_place": {"classes": came.classes, "seats": came.seats},
        "registered": {
            "classes": came.registered_classes,
            "seats": came.registered_seats,
            "hours": f"{came.hours:.2f}",
        },
    }
