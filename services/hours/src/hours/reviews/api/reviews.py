"""HTTP of the reviews: open one, look at its records, mark them, sign it off."""

from secrets import token_hex
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from hours.records.bodies import RecordNumber
from hours.reviews import operations, rendering, store
from hours.reviews.api.shapes import SampleBody, ShownItem, ShownReview, said, shown_items
from hours.reviews.domain import Mark, Review, Sample, State
from hours.reviews.operations import Judged, Marking, Opening, SignOff
from hours.settings import ContextOf
from shared.access import Reach, ReachOf
from shared.runtime import bulk, clock
from shared.runtime.database import Transaction, TransactionalRoute, Tx
from shared.runtime.errors import DomainError, Fault, ProblemWords
from shared.runtime.fields import OptionalReason, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/reviews", tags=["reviews"], route_class=TransactionalRoute)


class OpeningBody(BaseModel):
    """Whose registrations of which year are looked at; without a sample, all of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"place": "S11", "year": 2025, "sample": {"unit": "records", "size": 20}}]
        }
    )

    place: Text
    year: Year
    sample: SampleBody | None = None


class MarkBody(BaseModel):
    """What a reviewer says of one record."""

    record: RecordNumber
    mark: Literal["in_order", "objected"]
    reason: OptionalReason = ""
    """Needed to object."""


class Marks(BaseModel):
    """Marks, read one by one: a bad one is reported by its index and the others are taken."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"marks": [{"record": "plan:S11-2025/1/T0373", "mark": "objected", "reason": "缺少考勤记录"}]}
            ]
        }
    )

    marks: bulk.Rows = Field(json_schema_extra=bulk.rows_of(MarkBody))


class SignOffBody(BaseModel):
    """That a review is over; why it does not wait for answers, where some are missing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"override": ""}]})

    override: OptionalReason = ""


_MARK = TypeAdapter(MarkBody)


@router.post(
    "",
    summary="Open a review of what a place registered in a year",
    description="By an office of the place or above it. It is of the records that stand now, for which"
    " another office of the place, or who lies below it, answers: all of them, or a sample."
    " The key of the request names the review.",
    status_code=201,
    response_model=ShownReview,
    responses={403: {"description": "`review.own`"}, 422: {"description": "`review.not_below`"}},
)
async def open_review(
    body: OpeningBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    below = await reach.below(tx, body.place)
    if not below:
        raise DomainError.at("/place", "review.not_below", place=body.place)

    async def act() -> Answer:
        wanted = Opening(
            number=key.value,
            caller=reach.caller,
            place=body.place,
            below=below,
            year=body.year,
            sample=None if body.sample is None else Sample(unit=body.sample.unit, size=body.sample.size),
            seed=token_hex(16),
            at=clock.now(),
        )
        return Answer(201, await _shown(tx, await operations.open_review(tx, context, wanted)))

    return (await once(tx, key, act)).response()


@router.get("", summary="Reviews in order of number", response_model=Page[ShownReview])
async def list_reviews(
    tx: Read,
    reach: ReachOf,
    place: Annotated[str | None, Query(max_length=200)] = None,
    year: Annotated[Year | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after, within = decode_keys(cursor, str), await reach.organisations(tx)
    wanted = store.Wanted(within=within, of={"place": place, "state": state}, year=year)
    rows = await store.page(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    return page(await _all_shown(tx, rows), limit, [[row.review] for row in rows])


@router.get(
    "/{review:path}/items",
    summary="The records of a review, in order of record",
    response_model=Page[ShownItem],
    responses={404: {"description": "`review.unknown`"}},
)
async def list_items(
    review: str,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    mark: Annotated[Mark | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    await _reached(tx, reach, review)
    after = decode_keys(cursor, str)
    rows = await store.page_items(tx, review, mark, after=after[0] if after else None, limit=limit + 1)
    return page(await shown_items(tx, context, rows), limit, [[row.record] for row in rows])


@router.get(
    "/{review:path}",
    summary="How far a review is",
    response_model=ShownReview,
    responses={404: {"description": "`review.unknown`"}},
)
async def show(review: str, tx: Tx, reach: ReachOf) -> dict[str, Any]:
    return await _shown(tx, await _reached(tx, reach, review))


@router.post(
    "/{review:path}/marks",
    summary="Mark records of a review: in order, or objected to",
    description="Answered row by row, by who opened it. Marked otherwise until the sign-off; an objection"
    " changes no hours, and a new mark waits for a new answer.",
    responses={
        403: {"description": "`review.not_reviewer`"},
        404: {"description": "`review.unknown`"},
        409: {"description": "`review.over`"},
    },
)
async def mark(
    review: str,
    body: Marks,
    tx: Tx,
    context: ContextOf,
    reach: ReachOf,
    key: IdempotencyKey,
    problems: ProblemWords,
) -> JSONResponse:
    await _reached(tx, reach, review)

    async def act() -> Answer:
        read = [_reasoned(bulk.parse(_MARK, row)) for row in body.marks]
        rows = [Judged(**row.model_dump()) for row in read if isinstance(row, MarkBody)]
        wanted = Marking(number=review, caller=reach.caller, rows=rows, at=clock.now())
        outcomes = await operations.mark(tx, context, wanted)
        return Answer(200, bulk.results(bulk.merged(read, map(said, outcomes)), problems))

    return (await once(tx, key, act)).response()


def _reasoned(row: MarkBody | DomainError) -> MarkBody | DomainError:
    """Nobody is objected to without a reason."""
    if isinstance(row, DomainError) or row.mark == "in_order" or row.reason:
        return row
    return DomainError("body.invalid", faults=[Fault("/reason", "field.missing")])


@router.post(
    "/{review:path}/signature",
    summary="Sign a review off",
    description="Once every record is marked, and each objection was answered or its record changed; or with"
    " `override`, the reason for not waiting. An objection to what stands as it did is upheld."
    " Nothing of the review changes afterwards.",
    response_model=ShownReview,
    responses={
        403: {"description": "`review.not_reviewer`, `review.own`"},
        404: {"description": "`review.unknown`"},
        409: {"description": "`review.over`, `review.unmarked`, `review.awaits_answers`"},
    },
)
async def sign_off(
    review: str, body: SignOffBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _reached(tx, reach, review)

    async def act() -> Answer:
        wanted = SignOff(number=review, caller=reach.caller, override=body.override, at=clock.now())
        return Answer(200, await _shown(tx, await operations.sign_off(tx, context, wanted)))

    return (await once(tx, key, act)).response()


async def _reached(tx: Transaction, reach: Reach, number: str) -> Review:
    """A review of a place to which the caller reaches.

    Raises: DomainError `review.unknown`.
    """
    found = await store.load(tx, number)
    if found is None or not await reach.holds(tx, found.place):
        raise DomainError("review.unknown", review=number)
    return found


async def _shown(tx: Transaction, review: Review) -> dict[str, Any]:
    (shown,) = await _all_shown(tx, [review])
    return shown


async def _all_shown(tx: Transaction, reviews: list[Review]) -> list[dict[str, Any]]:
    counts = await store.count(tx, [one.review for one in reviews])
    return [rendering.shown(one, counts.get(one.review, store.Counts())) for one in reviews]
