"""HTTP of the evidence: hand in a file, look at it."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from hours.evidence import operations
from hours.evidence.bodies import BINARY, SHOWS, Digest, sent
from hours.evidence.operations import File
from hours.settings import ContextOf
from shared.access import CallerOf, ReachOf
from shared.runtime import clock
from shared.runtime.database import Database, TransactionalRoute
from shared.runtime.idempotency import Answer
from shared.runtime.inspection.findings import KINDS

router = APIRouter(prefix="/v1/evidence", tags=["evidence"], route_class=TransactionalRoute)

_BODY = {"required": True, "content": {key: {**BINARY, "example": "the file itself"} for key in KINDS}}


class ShownEvidence(BaseModel):
    """A file as it is on file; its digest is what a declaration names."""

    digest: str
    """SHA-256 in hexadecimal."""
    media_type: str
    size: int
    """In bytes."""
    at: datetime


@router.post(
    "",
    summary="Hand in a file as evidence: PDF, JPEG or PNG",
    description="The body is the file, and its content says what it is. The same content again gives the"
    " first answer. Nothing is kept of what is refused.",
    status_code=201,
    response_model=ShownEvidence,
    openapi_extra={"requestBody": _BODY},
    responses={
        413: {"description": "`body.too_large`"},
        415: {"description": "`body.media_type`"},
        422: {
            "description": "`file.not_its_type`, `file.unreadable`, `file.encrypted`, `file.bomb`,"
            " `file.active`"
        },
        503: {"description": "`file.no_place`, `file.place_away`"},
    },
)
async def hand_in(request: Request, context: ContextOf, caller: CallerOf) -> JSONResponse:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await request.body()
    digest = await context.documents.take(content, kind)
    file = File(digest=digest, media_type=kind, size=len(content))
    database: Database = request.app.state.database
    now = clock.now()
    handed = await database.run(  # begun when the file lies there
        lambda tx: operations.hand_in(tx, context, file, caller, now)
    )
    if handed.erased:
        await context.documents.keep(content)
    stored = handed.stored
    body = {"digest": stored.digest, "media_type": stored.media_type, "size": stored.size, "at": stored.at}
    return Answer(201, body, replayed=handed.before, location=f"/v1/evidence/{digest}").response()


@router.get(
    "/{digest}",
    summary="A file that was handed in as evidence",
    description="For whoever handed it in, and whoever reaches to a teacher for whom it is used.",
    response_class=Response,
    responses=SHOWS,
)
async def show(digest: Digest, request: Request, context: ContextOf, reach: ReachOf) -> Response:
    database: Database = request.app.state.database
    async with database.transaction(reading=True) as tx:  # over before the file is fetched
        found = await operations.visible(tx, digest, reach)
    return await sent(context, found)
