"""Acts on annual plans: an organiser declares one and reports on it, its authority decides on the entries."""

from pathlib import Path
from typing import Annotated

import msgspec
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from hours.annual_plans import operations
from hours.annual_plans.api.reading import EntryBody, Number, ShownPlan, shown
from hours.annual_plans.domain import MAX_ENTRIES, Decision
from hours.annual_plans.operations import Declaration, Report, Ruling, reached
from hours.settings import ContextOf
from shared.access import CallerOf, ReachOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.fields import Instant, LongReason, OptionalReason, OptionalText, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, once

router = APIRouter(prefix="/v1/annual-plans", tags=["annual plans"], route_class=TransactionalRoute)

EXAMPLE: dict[str, JsonValue] = msgspec.json.decode(
    Path(__file__).parents[1].joinpath("example.json").read_bytes()
)
"""A plan under a rule of the pack that is shipped; data, as everything that names a rule."""
WORDS = "全年计划办班 1 期,实际办班 1 期,培训教师 50 人,均已登记学时。"
PAPER = "9435babc9ac1af970cb44c0763fbe1f6cfa1f2d419472910850ba2fbeba5c9ab"
"""A file of a report."""


class DeclarationBody(BaseModel):
    """Entries of an organiser's plan; `at` is for the operator, who takes over what was on paper."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    organiser: OptionalText = ""
    """Without it the caller's own place."""
    year: Year
    entries: Annotated[list[EntryBody], Field(min_length=1, max_length=500)]
    at: Instant | None = None


class DecisionBody(BaseModel):
    """Which entries are admitted or returned, without any all that wait; why, where they are returned."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "admitted", "entries": ["12"]}]})

    decision: Decision
    entries: Annotated[list[Number], Field(max_length=500)] = []
    reason: OptionalReason = ""


class ReportBody(BaseModel):
    """What came of the plan, with digests of evidence that was handed in."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"words": WORDS, "files": [PAPER]}]})

    words: LongReason
    files: Annotated[list[Text], Field(max_length=20)] = []


@router.post(
    "",
    summary="Declare what is to be held in a year",
    description="By the organiser, until the year is over. `number` is an entry's key within the plan: the"
    " same content changes nothing, further numbers are added, what was returned may be declared otherwise."
    f" A plan has at most {MAX_ENTRIES} entries in all.",
    status_code=201,
    response_model=ShownPlan,
    responses={
        403: {"description": "`annual_plan.not_organiser`, `registrar.not_allowed`, `plan.backdated`"},
        409: {
            "description": "`annual_plan.conflict`, `annual_plan.over`, `rule.other_way`, `rule.disabled`,"
            " `organisation.abolished`"
        },
        422: {
            "description": "Such as `annual_plan.entry_twice`, `class.organiser_unknown`, `year.mismatch`,"
            " `dates.reversed`, `rule.unknown`, `plan.at_invalid`"
        },
    },
)
async def declare(body: DeclarationBody, tx: Tx, context: ContextOf, caller: CallerOf) -> JSONResponse:
    wanted = Declaration(
        organiser=body.organiser or caller.id,
        year=body.year,
        entries=[entry.planned() for entry in body.entries],
        caller=caller,
        now=clock.now(),
        at=body.at,
    )
    return Answer(201, shown(await operations.declare(tx, context, wanted))).response()


@router.post(
    "/{organiser:path}/{year}/decision",
    summary="Admit entries of a plan, or return them",
    description="By an authority that may approve classes of their rule and reaches to the organiser, never"
    " by who declared them. What is decided so already stays.",
    response_model=ShownPlan,
    responses={
        403: {"description": "`annual_plan.not_approver`, `annual_plan.own`"},
        404: {"description": "`annual_plan.unknown`"},
        409: {"description": "`annual_plan.decided`"},
        422: {"description": "`annual_plan.entry_unknown`, `annual_plan.reason_missing`"},
    },
)
async def decide(
    organiser: str,
    year: Year,
    body: DecisionBody,
    tx: Tx,
    context: ContextOf,
    reach: ReachOf,
    key: IdempotencyKey,
) -> JSONResponse:
    await reached(tx, reach, organiser, year)

    async def act() -> Answer:
        ruling = Ruling(
            organiser=organiser,
            year=year,
            numbers=body.entries,
            decision=body.decision,
            reason=body.reason,
            caller=reach.caller,
            at=clock.now(),
        )
        return Answer(200, shown(await operations.decide(tx, context, ruling)))

    return (await once(tx, key, act)).response()


@router.post(
    "/{organiser:path}/{year}/report",
    summary="Report on a plan in writing",
    description="By the organiser, at the end of the year. Another report takes the place of the one before,"
    " whose files may prove something else. Files are those that the caller may see.",
    response_model=ShownPlan,
    responses={
        403: {"description": "`annual_plan.not_organiser`"},
        404: {"description": "`annual_plan.unknown`"},
        409: {"description": "`evidence.claimed`"},
        422: {"description": "`evidence.not_handed_in`"},
    },
)
async def report(
    organiser: str,
    year: Year,
    body: ReportBody,
    tx: Tx,
    context: ContextOf,
    reach: ReachOf,
    key: IdempotencyKey,
) -> JSONResponse:
    await reached(tx, reach, organiser, year)

    async def act() -> Answer:
        wanted = Report(
            organiser=organiser,
            year=year,
            words=body.words,
            files=body.files,
            reach=reach,
            at=clock.now(),
        )
        return Answer(200, shown(await operations.report(tx, context, wanted)))

    return (await once(tx, key, act)).response()
