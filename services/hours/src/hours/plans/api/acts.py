"""From a draft to an approved plan: the school's acts and those of its authority."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from hours.plans import rendering
from hours.plans.api.reading import ShownPlan, reached, today_of
from hours.plans.domain.entries import Theme
from hours.plans.domain.plan import Plan
from hours.plans.operations import acts as operations
from hours.plans.operations.acts import Content, Drafting
from hours.plans.operations.steps import Step
from hours.settings import Context, ContextOf
from shared.access import Reach, ReachOf
from shared.runtime import clock
from shared.runtime.database import Transaction, TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import Day, HoursField, Instant, OptionalReason, Reason, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, Key, once

router = APIRouter(prefix="/v1/plans", tags=["plans"], route_class=TransactionalRoute)

PLAN: dict[str, JsonValue] = msgspec.json.decode(
    Path(__file__).parents[1].joinpath("example.json").read_bytes()
)
"""A plan under a rule of the pack that is shipped; data, as everything that names a rule."""
CONTENT: dict[str, JsonValue] = {name: PLAN[name] for name in ("title", "themes")}


class ThemeBody(BaseModel):
    """One theme of a plan, with its hours and its days."""

    title: Reason
    hours: HoursField
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    def theme(self) -> Theme:
        """The theme as the rules know it."""
        return Theme(title=self.title, hours=self.hours, first=self.first, last=self.last)


class ContentBody(BaseModel):
    """What a plan holds."""

    model_config = ConfigDict(json_schema_extra={"examples": [CONTENT]})

    title: Reason
    themes: Annotated[list[ThemeBody], Field(min_length=1, max_length=100)]

    def content(self) -> Content:
        """The content as the rules know it."""
        return Content(title=self.title, themes=[theme.theme() for theme in self.themes])


class PlanBody(ContentBody):
    """A school's plan of a year, under an id of its own choice."""

    model_config = ConfigDict(json_schema_extra={"examples": [PLAN]})

    plan: Text
    school: Text
    year: Year
    rule: Text


class SubmissionBody(BaseModel):
    """When it was submitted, where the operator takes over what was done on paper; else nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"at": "2025-01-06T10:00:00+08:00"}]})

    at: Instant | None = None


class ApprovalBody(SubmissionBody):
    """Why a plan is approved although it came late; when, where it was on paper."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"at": "2025-01-13T10:00:00+08:00"}]})

    override: OptionalReason = ""


class ReasonBody(BaseModel):
    """Why a plan is returned or withdrawn."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "请补充考核办法"}]})

    reason: Reason


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a step of a plan is taken: once for a key, and by whoever reaches to the school."""

    tx: Transaction
    context: Context
    reach: Reach
    key: Key

    async def take(
        self, plan: str, act: Callable[[Step], Awaitable[Plan]], at: datetime | None = None, reason: str = ""
    ) -> JSONResponse:
        """Take the step, and show the plan after it."""
        await reached(self.tx, self.reach, plan)

        async def answer() -> Answer:
            step = Step(plan=plan, caller=self.reach.caller, now=clock.now(), at=at, reason=reason)
            return Answer(200, rendering.shown(await act(step), today_of(self.context)))

        return (await once(self.tx, self.key, answer)).response()


async def _desk(tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey) -> Desk:
    return Desk(tx, context, reach, key)


DeskOf = Annotated[Desk, Depends(_desk, scope="function")]


@router.post(
    "",
    summary="Put a school's plan on file",
    description="By the school. `plan` is the natural key: same content, the first answer again; other"
    " content, 409. What it holds is changed at its own address.",
    status_code=201,
    responses={
        403: {"description": "`plan.other_school`"},
        409: {"description": "`plan.conflict`, `rule.disabled`, `rule.other_way`, `organisation.abolished`"},
        422: {"description": "`plan.school_unknown`, `rule.unknown`, `year.mismatch`, `dates.reversed`"},
    },
)
async def draft(body: PlanBody, tx: Tx, context: ContextOf, reach: ReachOf) -> JSONResponse:
    if not await reach.holds(tx, body.school):
        raise DomainError("plan.other_school", school=body.school)
    wanted = Drafting(
        plan=body.plan, school=body.school, year=body.year, rule=body.rule, content=body.content()
    )
    entry, replayed = await operations.draft(tx, context, wanted, reach.caller, clock.now())
    receipt = rendering.receipt(entry)
    return Answer(201, receipt, replayed=replayed, location=receipt["href"]).response()


@router.post(
    "/{plan:path}/change",
    summary="Change what a plan holds",
    description="By the school, before it is submitted or after it was returned.",
    response_model=ShownPlan,
    responses={
        404: {"description": "`plan.unknown`"},
        409: {"description": "`plan.state_conflict`"},
        422: {"description": "`year.mismatch`, `dates.reversed`"},
    },
)
async def change(plan: str, body: ContentBody, desk: DeskOf) -> JSONResponse:
    return await desk.take(plan, lambda step: operations.change(desk.tx, desk.context, step, body.content()))


@router.post(
    "/{plan:path}/submission",
    summary="Submit a plan to what the school stands below",
    description="By the school, before the first day. `latest` says until when that is in time. `at` is for"
    " the operator, who takes over what was done on paper.",
    response_model=ShownPlan,
    responses={
        403: {"description": "`plan.backdated`"},
        404: {"description": "`plan.unknown`"},
        409: {"description": "`plan.state_conflict`, `plan.begun`"},
        422: {"description": "`plan.at_invalid`"},
    },
)
async def submit(plan: str, body: SubmissionBody, desk: DeskOf) -> JSONResponse:
    return await desk.take(plan, lambda step: operations.submit(desk.tx, desk.context, step), at=body.at)


@router.post(
    "/{plan:path}/approval",
    summary="Approve a plan",
    description="By the place that it awaits, from another account than it came from. What came late needs an"
    " `override`.",
    response_model=ShownPlan,
    responses={
        403: {"description": "`plan.not_awaited`, `plan.own_account`, `plan.backdated`"},
        404: {"description": "`plan.unknown`"},
        409: {"description": "`plan.state_conflict`, `plan.begun`, `plan.late`"},
        422: {"description": "`plan.at_invalid`"},
    },
)
async def approve(plan: str, body: ApprovalBody, desk: DeskOf) -> JSONResponse:
    return await desk.take(
        plan, lambda step: operations.approve(desk.tx, desk.context, step, body.override), at=body.at
    )


@router.post(
    "/{plan:path}/return",
    summary="Return a plan, or results that are to be recognised, to the school",
    description="By the place that it awaits.",
    response_model=ShownPlan,
    responses={
        403: {"description": "`plan.not_awaited`, `plan.own_account`"},
        404: {"description": "`plan.unknown`"},
        409: {"description": "`plan.state_conflict`"},
    },
)
async def send_back(plan: str, body: ReasonBody, desk: DeskOf) -> JSONResponse:
    return await desk.take(
        plan, lambda step: operations.send_back(desk.tx, desk.context, step), reason=body.reason
    )


@router.post(
    "/{plan:path}/withdrawal",
    summary="Give a plan up",
    description="By the school, while nothing of it is registered.",
    response_model=ShownPlan,
    responses={
        404: {"description": "`plan.unknown`"},
        409: {"description": "`plan.state_conflict`"},
    },
)
async def withdraw(plan: str, body: ReasonBody, desk: DeskOf) -> JSONResponse:
    return await desk.take(
        plan, lambda step: operations.withdraw(desk.tx, desk.context, step), reason=body.reason
    )
