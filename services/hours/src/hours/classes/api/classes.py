"""HTTP of the classes: propose one, decide on it, admit it where it is held, look for open ones."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from hours.classes.api.bodies import ClassBody, ShownClass, shown
from hours.classes.domain.training_class import Decision, State
from hours.classes.operations import cancelling, proposals
from hours.classes.operations.cancelling import Cancellation
from hours.classes.operations.proposals import Proposal, Ruling
from hours.classes.operations.reaching import held, reached, seen
from hours.classes.store import classes as store
from hours.settings import ContextOf
from shared.access import CallerOf, ReachOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.fields import CategoryName, Day, OptionalReason, Reason
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/classes", tags=["classes"], route_class=TransactionalRoute)


class DecisionBody(BaseModel):
    """What an authority decides on a class, and why; a late class is approved with a reason only."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"decision": "approved", "reason": "已列入年度培训计划"}]}
    )

    decision: Decision
    reason: OptionalReason = ""


class CancellationBody(BaseModel):
    """Why a class is called off."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "报名人数不足"}]})

    reason: Reason


class AdmissionBody(BaseModel):
    """Why a class is admitted by itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "补列年度培训计划"}]})

    reason: Reason


@router.post(
    "",
    summary="Propose a class",
    description="By who holds it. `class` is the natural key: the same content changes nothing; other"
    " content is taken after the class was returned, else 409.",
    status_code=201,
    response_model=ShownClass,
    responses={
        403: {"description": "`class.not_organiser`, `registrar.not_allowed`"},
        409: {"description": "`class.conflict`, `rule.other_way`, `rule.disabled`, `organisation.abolished`"},
        422: {
            "description": "Such as `class.organiser_unknown`, `class.without_recogniser`,"
            " `class.annual_plan_unknown`, `class.format_unknown`, `teacher.unknown`"
        },
    },
)
async def propose(body: ClassBody, tx: Tx, context: ContextOf, caller: CallerOf) -> JSONResponse:
    wanted = Proposal(
        number=body.number,
        organiser=body.organiser or caller.id,
        outline=body.outline(),
        caller=caller,
        at=clock.now(),
    )
    return Answer(201, shown(await proposals.propose(tx, context, wanted))).response()


@router.post(
    "/{class_id:path}/decision",
    summary="Approve, return or refuse a class",
    description="By an authority that the rule names and that reaches to the organiser, never by who"
    " proposed it.",
    response_model=ShownClass,
    responses={
        403: {"description": "`class.not_approver`, `class.own_proposal`"},
        404: {"description": "`class.unknown`"},
        409: {"description": "`class.decided`, `class.late`"},
    },
)
async def decide(
    class_id: str, body: DecisionBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await held(tx, reach, class_id)

    async def act() -> Answer:
        ruling = Ruling(
            number=class_id,
            decision=body.decision,
            reason=body.reason,
            caller=reach.caller,
            at=clock.now(),
        )
        return Answer(200, shown(await proposals.decide(tx, context, ruling)))

    return (await once(tx, key, act)).response()


@router.post(
    "/{class_id:path}/cancellation",
    summary="Call a class off",
    description="By who holds it or an authority that approves such classes, while no hours of it are"
    " registered. Whoever takes part or waits no longer does, and swaps under way end; another class has"
    " another key.",
    response_model=ShownClass,
    responses={
        403: {"description": "`class.not_approver`"},
        404: {"description": "`class.unknown`"},
        409: {"description": "`class.not_approved`, `class.registered`"},
    },
)
async def cancel(
    class_id: str, body: CancellationBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await held(tx, reach, class_id)

    async def act() -> Answer:
        wanted = Cancellation(number=class_id, reason=body.reason, caller=reach.caller, at=clock.now())
        return Answer(200, shown(await cancelling.cancel(tx, context, wanted)))

    return (await once(tx, key, act)).response()


@router.post(
    "/{class_id:path}/admission",
    summary="Admit a class by itself that is held",
    description="By an authority, where its entry of the annual plan is not admitted or it has none. Its"
    " results are on file; from now on their hours may be registered.",
    response_model=ShownClass,
    responses={
        403: {"description": "`class.not_approver`, `class.own_proposal`"},
        404: {"description": "`class.unknown`"},
        409: {"description": "`class.not_held`"},
    },
)
async def admit(
    class_id: str, body: AdmissionBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await held(tx, reach, class_id)

    async def act() -> Answer:
        ruling = Ruling(
            number=class_id,
            decision="approved",
            reason=body.reason,
            caller=reach.caller,
            at=clock.now(),
        )
        return Answer(200, shown(await proposals.admit(tx, context, ruling)))

    return (await once(tx, key, act)).response()


@router.get(
    "",
    summary="Classes in order of their key",
    description="Of organisers below the caller all, of those above what was approved. `open_on` leaves"
    " those that take enrolments on that day; `awaits=centre:C01` is the queue of who recognises hours.",
    response_model=Page[ShownClass],
)
async def list_classes(
    tx: Read,
    reach: ReachOf,
    organiser: Annotated[str | None, Query(max_length=200)] = None,
    category: Annotated[CategoryName | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
    open_on: Annotated[Day | None, Query()] = None,
    awaits: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    wanted = store.Wanted(
        seen=await seen(tx, reach),
        of={"organiser": organiser, "category": category, "state": state, "awaits": awaits},
        open_on=open_on,
    )
    rows = await store.page(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    return page([shown(wanted.seen.told(row)) for row in rows], limit, [[row.number] for row in rows])


@router.get(
    "/{class_id:path}",
    summary="A class as it stands",
    response_model=ShownClass,
    responses={404: {"description": "`class.unknown`"}},
)
async def show(class_id: str, tx: Tx, reach: ReachOf) -> dict[str, Any]:
    return shown(await reached(tx, reach, class_id))
