"""HTTP of exchanges: ask for hours, look at what became of a request."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from points.exchanges import operations, rendering, store
from points.exchanges.domain import deciding
from points.exchanges.domain.deciding import PLACES, Refused
from points.exchanges.domain.refusal import refusal_words
from points.exchanges.operations import Conflicting, Outcome
from points.settings import Context, ContextOf
from shared.access import Reach, ReachOf
from shared.policy.explain import ground
from shared.runtime import bulk, clock
from shared.runtime.bulk import BatchOf
from shared.runtime.database import Transaction, TransactionalRoute, Tx
from shared.runtime.errors import DomainError, Fault, Language, ProblemWords, language_of
from shared.runtime.fields import HoursField, Instant, Text, Year
from shared.runtime.idempotency import REPLAYED, Answer
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["exchanges"], route_class=TransactionalRoute)

EXAMPLE: dict[str, JsonValue] = {
    "request": "exchange-0360-1",
    "teacher": "T0360",
    "category": "professional",
    "hours": 5,
    "at": "2025-11-20T10:00:00+08:00",
}


class ExchangeRequest(BaseModel):
    """Hours asked for. Without `at` it is the instant of arrival."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    request: Text
    teacher: Text
    category: Text
    hours: HoursField
    at: Instant | None = None

    def asked(self, now: datetime) -> deciding.Request:
        """The request as the rules see it."""
        return deciding.Request(
            request=self.request,
            teacher=self.teacher,
            category=self.category,
            hours=self.hours,
            at=self.at or now,
            at_given=self.at is not None,
        )


_SHAPE = TypeAdapter(ExchangeRequest)


@router.post(
    "/exchanges",
    summary="Exchange points for hours",
    description=(
        "`request` is the key. Points are debited at once; whether the hours are posted is known a moment"
        " later, at the address in `Location`. A refusal by the rules is kept: the same request gets the same"
        " answer, and it can be asked why."
    ),
    status_code=202,
    openapi_extra=bulk.request_body(_SHAPE, EXAMPLE),
    responses={
        200: {"description": "The results of many, one a row"},
        404: {"description": "`teacher.out_of_reach`"},
        409: {
            "description": "`exchange.cap_exceeded`, `exchange.points_insufficient`,"
            " `exchange.points_expired`, `exchange.year_closed`, `exchange.outside_window`,"
            " `exchange.conflict`"
        },
        422: {
            "description": "`exchange.not_offered`, `exchange.category_not_allowed`,"
            " `exchange.hours_not_whole`, `exchange.at_in_future`"
        },
    },
)
async def ask(
    request: Request, batch: BatchOf, tx: Tx, context: ContextOf, problems: ProblemWords, reach: ReachOf
) -> JSONResponse:
    now = clock.now()
    read = await _reached(tx, reach, [bulk.parse(_SHAPE, row) for row in batch.rows])
    asked = [row.asked(now) for row in read if isinstance(row, ExchangeRequest)]
    decided = await operations.decide_all(tx, context, asked, now)
    language = language_of(request)
    outcomes = bulk.merged(read, (_outcome(context, one, language) for one in decided))
    if batch.single and isinstance(outcomes[0], DomainError):
        answer = problems.answer(outcomes[0])  # not raised: a refusal that is kept has to be committed
        if outcomes[0].params.get("replayed"):
            answer.headers[REPLAYED] = "true"
        return answer
    return bulk.respond(batch, outcomes, problems)


async def _reached(
    tx: Transaction, reach: Reach, rows: Sequence[ExchangeRequest | DomainError]
) -> list[ExchangeRequest | DomainError]:
    """The rows as they are, but the refusal of each whose teacher is out of reach."""
    teachers = {row.teacher for row in rows if isinstance(row, ExchangeRequest)}
    refused = await reach.refused(tx, teachers)
    return [refused.get(row.teacher, row) if isinstance(row, ExchangeRequest) else row for row in rows]


def _outcome(context: Context, outcome: Outcome, language: Language) -> bulk.Outcome:
    match outcome:
        case Refused():
            return DomainError.at(PLACES[outcome.code], outcome.code, **outcome.figures)
        case Conflicting():
            return DomainError("exchange.conflict", request=outcome.exchange.request)
        case operations.Decided(figures=figures) if figures is not None:
            return _refusal(context, outcome, figures, language)
        case _:
            body = rendering.shown(context.journal.layout.service, outcome.exchange)
            location = f"/v1/exchanges/{outcome.exchange.request}"
            return Answer(202, body, replayed=outcome.replayed, location=location)


def _refusal(
    context: Context, outcome: operations.Decided, figures: Mapping[str, Any], language: Language
) -> DomainError:
    """A refusal by the rules, with its ground and the address that says why."""
    exchange = outcome.exchange
    pack, reason = context.pack, exchange.reason
    rule = pack.expired_by.id if "expired" in reason else pack.exchanged_by.id
    words = refusal_words(exchange.reason, figures, language)
    return DomainError(
        exchange.reason,
        faults=[Fault(PLACES[exchange.reason], exchange.reason, {"words": words})],
        words=words,
        figures=figures,
        rule=ground(pack, rule),
        why=f"/v1/entries/{exchange.partition}/{exchange.seq}/why",
        replayed=outcome.replayed,
    )


@router.get(
    "/exchanges/{request_id:path}",
    summary="What became of a request",
    responses={404: {"description": "`exchange.unknown`"}},
)
async def show(request_id: str, tx: Tx, context: ContextOf, reach: ReachOf) -> dict[str, Any]:
    found, unknown = await store.load(tx, [request_id]), DomainError("exchange.unknown", request=request_id)
    if request_id not in found:
        raise unknown
    await reach.hold(tx, found[request_id].teacher, unknown)
    return rendering.shown(context.journal.layout.service, found[request_id])


State = Literal["pending", "settled", "refused", "recalled"]


@router.get("/exchanges", summary="Requests of a year")
async def listed(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: Annotated[Year, Query()],
    state: State | None = None,
    teacher: str | None = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    wanted = store.Wanted(year=year, state=state, teacher=teacher)
    rows = await store.list_requests(tx, reach, wanted, after[0] if after else None, limit + 1)
    service = context.journal.layout.service
    return page([rendering.shown(service, row) for row in rows], limit, [[row.request] for row in rows])
