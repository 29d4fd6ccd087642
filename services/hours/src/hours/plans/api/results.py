"""Handing in what a plan came to, teacher by teacher, and registering those who passed."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from hours.plans.api.acts import DeskOf
from hours.plans.api.reading import reached, today_of
from hours.plans.domain.entries import Result
from hours.plans.domain.results import Outcome
from hours.plans.operations import results as operations
from hours.plans.operations.steps import Step
from hours.records import operations as records
from hours.records.domain.explanation import told_amounts
from shared.runtime import bulk, clock
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import DomainError, ProblemWords
from shared.runtime.fields import HoursField, Text
from shared.runtime.idempotency import Answer, once

router = APIRouter(prefix="/v1/plans", tags=["plans"], route_class=TransactionalRoute)

EXAMPLE: dict[str, JsonValue] = {
    "results": [
        {"teacher": "T0373", "hours": "20", "grade": "passed"},
        {"teacher": "T0360", "hours": "6", "grade": "failed"},
    ]
}
_STATUS: Mapping[Outcome, int] = {"taken": 201, "changed": 200, "unchanged": 200}


class ResultBody(BaseModel):
    """What a teacher took part in, and whether the school's assessment was passed."""

    teacher: Text
    hours: HoursField
    grade: Literal["passed", "failed"]

    def result(self) -> Result:
        """The result as the rules know it."""
        return Result(teacher=self.teacher, hours=self.hours, grade=self.grade)


class ResultsBody(BaseModel):
    """Rows are read one by one: a bad one is reported by its index and the others are kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    results: bulk.Rows = Field(min_length=1, json_schema_extra=bulk.rows_of(ResultBody))


_SHAPE = TypeAdapter(ResultBody)


@router.post(
    "/{plan:path}/results",
    summary="Hand in what a plan came to, teacher by teacher",
    description="By the school, when the training is over. Results come by difference; those of teachers who"
    " are not named stay. `dry_run=true` says what would happen and keeps nothing.",
    responses={
        404: {"description": "`plan.unknown`"},
        409: {"description": "`plan.not_approved`, `plan.state_conflict`, `plan.not_over`"},
    },
)
async def assess(
    plan: str,
    body: ResultsBody,
    desk: DeskOf,
    problems: ProblemWords,
    *,
    dry_run: Annotated[bool, Query()] = False,
) -> JSONResponse:
    await reached(desk.tx, desk.reach, plan)

    async def act() -> Answer:
        read = [bulk.parse(_SHAPE, row) for row in body.results]
        rows = [row.result() for row in read if isinstance(row, ResultBody)]
        step = Step(plan=plan, caller=desk.reach.caller, now=clock.now())
        done = await operations.assess(desk.tx, desk.context, step, rows, dry=dry_run)
        outcomes = bulk.merged(read, map(_assessed, rows, done))
        return Answer(200, {"plan": plan, "dry_run": dry_run, **bulk.results(outcomes, problems)})

    if dry_run:
        return (await act()).response()
    return (await once(desk.tx, desk.key, act)).response()


def _assessed(row: Result, outcome: Outcome | DomainError) -> bulk.Outcome:
    if isinstance(outcome, DomainError):
        return outcome
    return Answer(_STATUS[outcome], {"teacher": row.teacher, "outcome": outcome})


@router.post(
    "/{plan:path}/registration",
    summary="Register the hours of those who passed",
    description="By the school; where the rule has results recognised, by the authority that they await."
    " Who has a record that stands keeps it; whose record was reversed gets another one.",
    responses={
        403: {"description": "`plan.not_awaited`, `plan.own_account`"},
        404: {"description": "`plan.unknown`"},
        409: {"description": "`plan.not_approved`, `plan.state_conflict`"},
    },
)
async def register(plan: str, desk: DeskOf, problems: ProblemWords) -> JSONResponse:
    await reached(desk.tx, desk.reach, plan)

    async def act() -> Answer:
        step = Step(plan=plan, caller=desk.reach.caller, now=clock.now())
        done = await operations.register(desk.tx, desk.context, step)
        outcomes = [_registered(outcome) for outcome in done.outcomes]
        about = [{"teacher": teacher} for teacher in done.teachers]
        state = done.plan.state_on(today_of(desk.context))
        return Answer(200, {"plan": plan, "state": state, **bulk.results(outcomes, problems, about)})

    return (await once(desk.tx, desk.key, act)).response()


def _registered(outcome: records.Outcome) -> bulk.Outcome:
    if isinstance(outcome, DomainError):
        return outcome
    kept = outcome.kept
    body = {"record": kept.record, **told_amounts(kept.hours, kept.credits)}
    return Answer(201, body, replayed=outcome.replayed)
