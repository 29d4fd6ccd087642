"""HTTP of the courses: apply, hand in, decide, list what is awaited and what is late."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from hours.courses import operations, store
from hours.courses.domain.clock import late
from hours.courses.domain.course import Came, Course, State
from hours.courses.domain.entries import Does, Outcome
from hours.courses.operations import Act, Application, Decision
from hours.courses.rendering import shown
from hours.settings import Context, ContextOf
from shared.access import Reach, ReachOf
from shared.policy.calendar import day_of
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import Instant, LongReason, OptionalReason, Reason, Text
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/courses", tags=["courses"], route_class=TransactionalRoute)

EXAMPLE: dict[str, JsonValue] = msgspec.json.decode(Path(__file__).with_name("example.json").read_bytes())
Form = Annotated[dict[Text, LongReason], Field(min_length=1, max_length=50)]
"""What a form says, by the names of its fields."""
At = Annotated[Instant | None, Field(description="By the operator alone: when it was done, if not now.")]
OverdueAt = Annotated[
    Instant | None, Query(description="The instant as of which something is late; now if not given.")
]


class ApplicationBody(BaseModel):
    """A course that is to come into the library of an organisation."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    rule: Text
    """Of the ways into the library: see `courses` of `/v1/rules`."""
    organisation: Text
    """Whose library it is."""
    title: Reason
    form: Form
    at: At = None


class SubmissionBody(BaseModel):
    """What was returned, anew; or where the finished course is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"form": {"address": "资源库/2024/0927"}, "at": "2024-10-20T10:00:00+08:00"}]
        }
    )

    form: Form
    at: At = None


class DecisionBody(BaseModel):
    """What comes of the awaited step."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "step": "framework_review",
                    "outcome": "pass",
                    "reason": "框架完整",
                    "at": "2024-10-11T10:00:00+08:00",
                }
            ]
        }
    )

    step: Text
    """As `step` of the course names it."""
    outcome: Outcome
    reason: OptionalReason = ""
    """The opinion; asked for unless the step passes."""
    at: At = None


class ShownClock(BaseModel):
    """How a step stands in its term."""

    received_on: date
    due_on: date | None
    used: int | None = Field(description="How many working days of the term have begun.")
    overdue: bool | None = Field(description="Null where working days are not known yet.")
    not_announced: int | None = Field(description="The year whose working days are not known yet.")


class ShownStep(BaseModel):
    """One step, whose it is, and by which rule it has a term."""

    step: str
    does: Does
    by: str
    term: str | None


class ShownDeed(ShownClock):
    """What was done in a step, with its clock on that day."""

    step: str
    outcome: Came
    by: str
    reason: str
    done_on: date


class ShownCourse(BaseModel):
    """A course as it stands; `awaits` is who is to act next, `clock` how long that takes already."""

    course: str
    rule: str
    organisation: str
    title: str
    applicant: str
    state: State
    step: str | None
    awaits: str | None
    clock: ShownClock | None
    open_for_enrolment: bool
    steps: list[ShownStep]
    done: list[ShownDeed]


class WholeCourse(ShownCourse):
    """The same with what was handed in last; null for who neither applied nor has a step."""

    form: dict[str, str] | None


@router.post(
    "",
    summary="Apply for a course",
    description="By who may apply under the rule. The key of the request names the course.",
    status_code=201,
    response_model=ShownCourse,
    responses={
        403: {"description": "`course.not_applicant`, `course.at_not_allowed`"},
        409: {"description": "`organisation.abolished`"},
        422: {
            "description": "`course.rule_unknown`, `course.organisation_unknown`, `course.form_incomplete`,"
            " `course.at_out_of_order`"
        },
    },
)
async def apply(
    body: ApplicationBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    now = clock.now()

    async def act() -> Answer:
        wanted = Application(rule=body.rule, organisation=body.organisation, title=body.title, form=body.form)
        deed = Act(course=key.value, caller=reach.caller, at=body.at, now=now)
        return Answer(201, shown(context.pack, await operations.apply(tx, context, deed, wanted), now))

    return (await once(tx, key, act)).response()


@router.post(
    "/{course:path}/submission",
    summary="Hand in what was returned, or the finished course",
    description="By who applied. The term of the review begins with the receipt, whose day is not counted.",
    response_model=ShownCourse,
    responses={
        403: {"description": "`course.not_awaited`, `course.at_not_allowed`"},
        404: {"description": "`course.unknown`"},
        409: {"description": "`course.over`, `course.nothing_to_submit`"},
        422: {"description": "`course.form_incomplete`, `course.at_out_of_order`"},
    },
)
async def submit(
    course: str, body: SubmissionBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _reached(tx, context, reach, course)
    now = clock.now()

    async def act() -> Answer:
        deed = Act(course=course, caller=reach.caller, at=body.at, now=now)
        return Answer(200, shown(context.pack, await operations.submit(tx, context, deed, body.form), now))

    return (await once(tx, key, act)).response()


@router.post(
    "/{course:path}/decision",
    summary="Pass, return or refuse a step; renew or drop a course of the library",
    description="By who has the awaited step, and never by the account that applied. After the last step the"
    " course is in the library, and its renewal is awaited.",
    response_model=ShownCourse,
    responses={
        403: {"description": "`course.not_awaited`, `course.own_review`, `course.at_not_allowed`"},
        404: {"description": "`course.unknown`"},
        409: {"description": "`course.over`, `course.step_not_awaited`, `course.renewal_early`"},
        422: {
            "description": "`course.outcome_not_allowed`, `course.reason_missing`, `course.at_out_of_order`"
        },
    },
)
async def decide(
    course: str, body: DecisionBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _reached(tx, context, reach, course)
    now = clock.now()

    async def act() -> Answer:
        wanted = Decision(step=body.step, outcome=body.outcome, reason=body.reason)
        deed = Act(course=course, caller=reach.caller, at=body.at, now=now)
        return Answer(200, shown(context.pack, await operations.decide(tx, context, deed, wanted), now))

    return (await once(tx, key, act)).response()


@router.get(
    "",
    summary="Courses in order of id: those that await somebody, those that are late",
    description="With `overdue_at` only what is late then: steps past their term, and courses of the library"
    " that are past their renewal.",
    response_model=Page[ShownCourse],
    responses={409: {"description": "`calendar.not_announced`"}},
)
async def list_courses(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    rule: Annotated[str | None, Query(max_length=200)] = None,
    organisation: Annotated[str | None, Query(max_length=200)] = None,
    state: Annotated[State | None, Query()] = None,
    awaits: Annotated[str | None, Query(max_length=200)] = None,
    overdue_at: OverdueAt = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    wanted = store.Wanted(
        within=await operations.within(tx, context, reach),
        account=reach.caller.subject,
        of={"rule": rule, "organisation": organisation, "state": state, "awaits": awaits},
        late=None if overdue_at is None else late(context.pack, day_of(overdue_at)),
    )
    rows = await store.page(tx, wanted, after_course=after[0] if after else None, limit=limit + 1)
    instant = overdue_at or clock.now()
    return page([shown(context.pack, row, instant) for row in rows], limit, [[row.course] for row in rows])


@router.get(
    "/{course:path}",
    summary="How far a course is, and whether it is late",
    response_model=WholeCourse,
    responses={404: {"description": "`course.unknown`"}},
)
async def show(
    course: str, tx: Tx, context: ContextOf, reach: ReachOf, overdue_at: OverdueAt = None
) -> dict[str, Any]:
    found, caller = await _reached(tx, context, reach, course), reach.caller
    part = caller.is_operator or caller.subject == found.account or caller.name in {s.by for s in found.steps}
    form = await store.load_form(tx, found) if part else None
    return {**shown(context.pack, found, overdue_at or clock.now()), "form": form}


async def _reached(tx: Tx, context: Context, reach: Reach, number: str) -> Course:
    """A course of an organisation to which the caller reaches, or the caller's own.

    Raises: DomainError `course.unknown`.
    """
    found, within = await store.load(tx, number), await operations.within(tx, context, reach)
    own = found is not None and found.account == reach.caller.subject
    if found is None or not (own or within is None or found.organisation in within):
        raise DomainError("course.unknown", course=number)
    return found
