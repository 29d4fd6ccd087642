"""HTTP of the recognitions: hand a transcript in, and learn line by line what becomes of it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from hours.declarations.domain.declaration import Declaration
from hours.declarations.operations.posting import actor_of
from hours.recognitions import rendering
from hours.recognitions.operations import HandIn, hand_in
from hours.settings import ContextOf
from shared.access import ReachOf
from shared.runtime import bulk, clock
from shared.runtime.bulk import Outcome
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import ProblemWords
from shared.runtime.fields import Text
from shared.runtime.idempotency import Answer, IdempotencyKey, once

router = APIRouter(prefix="/v1/recognitions", tags=["transcripts"], route_class=TransactionalRoute)

EXAMPLE: Mapping[str, Any] = rendering.EXAMPLE
MAX_SIGNED = 8_000_000
"""Signs of a transcript of as many lines as one lists."""


class HandedTranscript(BaseModel):
    """A transcript of another jurisdiction, and whose it is here."""

    model_config = ConfigDict(json_schema_extra={"examples": [dict(EXAMPLE)]})

    teacher: Text
    signed: Annotated[
        str, Field(max_length=MAX_SIGNED, pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")
    ]
    """The signed text (compact JWS), as it was issued."""


@router.post(
    "",
    summary="Hand in a transcript of another jurisdiction, to have its lines recognised",
    description="Answered line by line. A line for which the rules have a factor is declared: it goes to the"
    " reviewers that its rule names, or is registered at once. Each line is taken once, whatever transcript"
    " it stands in; a returned one is handed in again with the same transcript.",
    responses={
        404: {"description": "`teacher.out_of_reach`"},
        409: {"description": "`recognition.not_offered`, `transcript.own`, `transcript.other_person`"},
        422: {
            "description": "`transcript.unreadable`, `transcript.issuer_unknown`, `transcript.not_genuine`"
        },
    },
)
async def hand_in_transcript(
    body: HandedTranscript,
    tx: Tx,
    context: ContextOf,
    reach: ReachOf,
    key: IdempotencyKey,
    problems: ProblemWords,
) -> JSONResponse:
    await reach.hold(tx, body.teacher)

    async def act() -> Answer:
        actor = actor_of(reach.caller)
        wanted = HandIn(teacher=body.teacher, signed=body.signed, actor=actor, at=clock.now())
        results = await hand_in(tx, context, wanted)
        outcomes: list[Outcome] = [
            Answer(201, rendering.declared(context.pack, one.outcome))
            if isinstance(one.outcome, Declaration)
            else one.outcome
            for one in results
        ]
        about = [rendering.about(one.line) for one in results]
        return Answer(200, bulk.results(outcomes, problems, about))

    return (await once(tx, key, act)).response()
