"""HTTP of the transcripts: issue one, get it again, and the public keys by which anybody checks it."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from hours.settings import ContextOf
from hours.transcripts import store
from hours.transcripts.operations.issuing import Asked, issue
from hours.transcripts.store import Issued
from hours.transcripts.tables import transcript as table
from shared.access import ReachOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import MAX_TEXT, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read
from shared.runtime.signatures import unchecked

router = APIRouter(prefix="/v1", tags=["transcripts"], route_class=TransactionalRoute)


class TranscriptRequest(BaseModel):
    """Of whom a transcript is wanted, and of which years."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"teacher": "T0360", "first": 2025, "last": 2025}]}
    )

    teacher: Text
    first: Year
    last: Year


class Receipt(BaseModel):
    """What never changes about a transcript."""

    transcript: str
    teacher: str
    issuer: str
    """Who signed, as readers elsewhere know it."""
    first: int
    last: int
    lines: int
    digest: str
    """SHA-256 of the content that was signed, hex."""
    key: str
    """Which of the issuer's keys signed."""
    issued_at: datetime
    event: str
    href: str


class SignedTranscript(Receipt):
    """A transcript: the signed text, which is handed in elsewhere, and what it says."""

    signed: str
    """Compact JWS (RFC 7515) under Ed25519."""
    content: dict[str, Any]


class PublicKeySet(BaseModel):
    """A JWK Set (RFC 7517)."""

    issuer: str
    """Who signs with them, as transcripts name it."""
    keys: list[dict[str, Any]] = Field(json_schema_extra={"maxItems": 100})


@router.post(
    "/transcripts",
    summary="Issue a transcript of a teacher's years",
    description="Everything that stands of them, line by line, signed by the jurisdiction. The"
    " `Idempotency-Key` becomes its number. For the teacher, the school, and who stands above.",
    status_code=201,
    response_model=Receipt,
    responses={
        404: {"description": "`teacher.out_of_reach`"},
        409: {"description": "`transcript.no_key`, `transcript.no_identity`"},
        422: {"description": "Such as `transcript.span`, `teacher.unknown`"},
    },
)
async def issue_transcript(
    body: TranscriptRequest, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await reach.hold(tx, body.teacher)

    async def act() -> Answer:
        asked = Asked(
            number=key.value,
            teacher=body.teacher,
            first=body.first,
            last=body.last,
            caller=reach.caller,
            at=clock.now(),
        )
        receipt = _receipt(await issue(tx, context, asked))
        return Answer(201, receipt, location=receipt["href"])

    return (await once(tx, key, act)).response()


@router.get(
    "/transcripts",
    summary="Transcripts that were issued, in order of number, without what they say",
    response_model=Page[Receipt],
)
async def list_transcripts(
    tx: Read,
    reach: ReachOf,
    teacher: Annotated[str | None, Query(max_length=MAX_TEXT)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    within = await reach.within(tx, table.c.teacher)
    rows = await store.page(tx, within, teacher, after=after[0] if after else None, limit=limit + 1)
    return page([_receipt(row) for row in rows], limit, [[row.transcript] for row in rows])


@router.get(
    "/transcripts/{transcript:path}",
    summary="A transcript with its signed text",
    response_model=SignedTranscript,
    responses={404: {"description": "`transcript.unknown`"}},
)
async def show_transcript(transcript: str, tx: Read, reach: ReachOf) -> dict[str, Any]:
    unknown = DomainError("transcript.unknown", transcript=transcript)
    issued = await store.load(tx, transcript)
    if issued is None:
        raise unknown
    await reach.hold(tx, issued.teacher, unknown)
    signed = await store.load_signed(tx, transcript)
    if signed is None:
        raise unknown
    return {**_receipt(issued), "signed": signed, "content": msgspec.json.decode(unchecked(signed))}


@router.get(
    "/keys",
    summary="The public keys by which transcripts of this jurisdiction are checked",
    description="For everybody, without signing in. Empty where none are issued here.",
    response_model=PublicKeySet,
)
async def show_keys(context: ContextOf) -> dict[str, Any]:
    signer = context.transcripts.signer
    told = {"keys": []} if signer is None else signer.told()
    return {"issuer": context.transcripts.issuer, "keys": told["keys"]}


def _receipt(issued: Issued) -> dict[str, Any]:
    return {
        "transcript": issued.transcript,
        "teacher": issued.teacher,
        "issuer": issued.issuer,
        "first": issued.first,
        "last": issued.last,
        "lines": issued.lines,
        "digest": issued.digest,
        "key": issued.key,
        "issued_at": issued.issued_at.isoformat(),
        "event": issued.entry,
        "href": f"/v1/transcripts/{quote(issued.transcript)}",
    }
