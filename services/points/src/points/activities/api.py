"""HTTP of activities: one, many, or a stream of them; what an act counts towards."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from points.activities import rendering
from points.activities.domain import reading
from points.activities.domain.act import Act
from points.activities.domain.admission import Verdict
from points.activities.domain.reading import read, read_array, read_lines
from points.activities.jobs import Desk
from points.activities.operations import Outcome, details, refusals
from points.settings import ContextOf
from shared.access import ReachOf, reach_of
from shared.runtime import bulk, clock
from shared.runtime.database import Database, Tx
from shared.runtime.errors import DomainError, Fault, language_of, problems_of
from shared.runtime.fields import MAX_ROWS
from shared.runtime.guarded import GuardedRoute
from shared.runtime.idempotency import Answer
from shared.runtime.limits import STREAMED, is_streamed
from shared.runtime.ndjson import BEFORE_READING, MAX_LINE, Answers, Line, gathered
from shared.runtime.plain import PlainRoute

router = APIRouter(prefix="/v1", tags=["activities"], route_class=GuardedRoute)
intake = APIRouter(prefix="/v1", tags=["activities"], route_class=PlainRoute)

EXAMPLE = {
    "source": "gz-community",
    "id": "reply-8841",
    "type": "topic.replied",
    "teacher": "T0360",
    "occurred_at": "2025-04-04T16:32:00+08:00",
    "object": {"topic": "topic-17"},
}


@intake.post(
    "/activities",
    summary="Take activities in",
    description=(
        f"An object, an array of at most {MAX_ROWS} objects, or `application/x-ndjson` without a total"
        " limit, which is answered line by line. `(source, id)` is the key: the same content again gives"
        f" the first receipt, other content a conflict. A line may hold at most {MAX_LINE} bytes. Read while"
        " you send: before its first answer is read, a stream is sure to be taken for"
        f" {BEFORE_READING} lines only."
    ),
    status_code=201,
    openapi_extra={"requestBody": rendering.request_body(EXAMPLE)},
    responses={
        200: {"description": "The results of many, one a row"},
        404: {"description": "`teacher.out_of_reach`, `activity.unknown`"},
        409: {"description": "`activity.conflict`"},
    },
)
async def take_in(request: Request) -> Response:
    if is_streamed(request):
        return Answers(_stream(request), media_type=STREAMED)
    body = await request.body()
    single = body.lstrip()[:1] == b"{"
    acts = read_lines([body], clock.now()) if single else read_array(body, clock.now(), MAX_ROWS)
    if acts is None:
        batch = await bulk.batch_of(request)
        outcomes = await _record(request, batch.rows)
    else:
        batch = bulk.Batch(acts, single=single)
        outcomes = await _take(request, acts)
    return bulk.respond(batch, outcomes, problems_of(request))


async def _record(request: Request, documents: Sequence[Any]) -> list[bulk.Outcome]:
    """Record the documents that can be read; one outcome for each document."""
    now = clock.now()
    found = [document if isinstance(document, DomainError) else read(document, now) for document in documents]
    taken = iter(await _take(request, [one for one in found if isinstance(one, Act)]))
    return [next(taken) if isinstance(one, Act) else _refusal(one) for one in found]


async def _take(request: Request, acts: Sequence[Act]) -> list[bulk.Outcome]:
    """Have acts written; what is out of the caller's reach is refused here and goes no further."""
    desk: Desk = request.app.state.desk
    reach = reach_of(request)
    if reach.is_everything or not acts:
        return [_outcome(outcome) for outcome in await desk.record(acts)]
    database: Database = request.app.state.database
    async with database.transaction(reading=True) as tx:
        refused = await refusals(tx, request.app.state.service.context, reach, acts)
    taken = [act for act, refusal in zip(acts, refused, strict=True) if refusal is None]
    return bulk.merged(refused, map(_outcome, await desk.record(taken)))


def _refusal(found: DomainError | Sequence[reading.Fault]) -> DomainError:
    if isinstance(found, DomainError):
        return found
    return DomainError(
        "body.invalid", faults=[Fault(fault.path, fault.code, fault.params) for fault in found]
    )


def _outcome(outcome: Outcome) -> bulk.Outcome:
    receipt = outcome.receipt
    if outcome.verdict is Verdict.CONFLICTING:
        return DomainError(
            "activity.conflict", source=receipt.source, activity=receipt.id, event=receipt.event
        )
    body = {
        "source": receipt.source,
        "id": receipt.id,
        "recorded": True,
        "event": receipt.event,
        "recorded_at": receipt.recorded_at,
    }
    return Answer(201, body, replayed=outcome.verdict is Verdict.REPLAYED)


async def _stream(request: Request) -> AsyncGenerator[bytes, None]:
    """The answers to the lines of the request, some lines at a time."""
    first = 0
    with suppress(ClientDisconnect):
        async with aclosing(gathered(request.stream())) as chunks:
            async for lines in chunks:
                yield await _answer(request, lines, first)
                first += len(lines)


async def _answer(request: Request, lines: Sequence[Line], first: int) -> bytes:
    """The answers to some lines, by their number in the stream; an empty line has none."""
    numbered = [(first + n, line) for n, line in enumerate(lines) if line is None or line.strip()]
    whole = [line for _, line in numbered if line is not None]
    acts = read_lines(whole, clock.now()) if len(whole) == len(numbered) else None
    if acts is None:
        outcomes = await _record(request, [_document(line) for _, line in numbered])
    else:
        outcomes = await _take(request, acts)
    results = bulk.results(outcomes, problems_of(request))["results"]
    return b"".join(
        msgspec.json.encode({**result, "index": index}) + b"\n"
        for (index, _), result in zip(numbered, results, strict=True)
    )


def _document(line: Line) -> Any:  # noqa: ANN401 - whatever the line holds
    if line is None:
        return DomainError("activity.line_too_long", limit=MAX_LINE)
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return DomainError("activity.line_not_json")


@router.get(
    "/activities/{source}/{activity:path}",
    summary="What an activity counts towards",
    description="Its receipt, whether it stands, the awards on its object, and what is missing for others.",
    responses={404: {"description": "`activity.unknown`"}},
)
async def show(
    request: Request, source: str, activity: str, tx: Tx, context: ContextOf, reach: ReachOf
) -> dict[str, Any]:
    found = await details(tx, context, reach, (source, activity))
    return rendering.shown(found, context.pack, language_of(request))
