"""HTTP of the recognition (认可): hours of a class that await it are recognised or returned."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from hours.classes.api.bodies import ShownClass, shown
from hours.classes.api.results import registered
from hours.classes.operations import recognition
from hours.classes.operations.reaching import held
from hours.classes.operations.recognition import Recognition
from hours.settings import ContextOf
from shared.access import ReachOf
from shared.runtime import bulk, clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import ProblemWords
from shared.runtime.fields import Reason
from shared.runtime.idempotency import Answer, IdempotencyKey, once

router = APIRouter(prefix="/v1/classes", tags=["classes"], route_class=TransactionalRoute)


class ReturnBody(BaseModel):
    """Why registered hours are returned."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "请附考勤"}]})

    reason: Reason


@router.post(
    "/{class_id:path}/recognition",
    summary="Recognise the hours that were registered",
    description="By the office that the class `awaits`, and another account than handed in or registered."
    " One result for each whose hours await it; what is refused awaits it still.",
    responses={
        403: {"description": "`class.not_awaited`, `class.own_registration`"},
        404: {"description": "`class.unknown`"},
        409: {"description": "`class.not_approved`, `class.not_pending`"},
    },
)
async def recognise(
    class_id: str, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey, problems: ProblemWords
) -> JSONResponse:
    await held(tx, reach, class_id)

    async def act() -> Answer:
        wanted = Recognition(number=class_id, caller=reach.caller, at=clock.now())
        done = await recognition.recognise(tx, context, wanted)
        outcomes = [registered(outcome) for _, outcome in done]
        return Answer(200, bulk.results(outcomes, problems, [{"teacher": teacher} for teacher, _ in done]))

    return (await once(tx, key, act)).response()


@router.post(
    "/{class_id:path}/return",
    summary="Return hours that were registered to who registered them",
    description="By the office that the class `awaits`. Results may change and hours be registered again.",
    response_model=ShownClass,
    responses={
        403: {"description": "`class.not_awaited`, `class.own_registration`"},
        404: {"description": "`class.unknown`"},
        409: {"description": "`class.not_approved`, `class.not_pending`"},
    },
)
async def send_back(
    class_id: str, body: ReturnBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await held(tx, reach, class_id)

    async def act() -> Answer:
        wanted = Recognition(number=class_id, caller=reach.caller, at=clock.now(), reason=body.reason)
        return Answer(200, shown(await recognition.send_back(tx, context, wanted)))

    return (await once(tx, key, act)).response()
