"""HTTP of the objections (异议): what a review objects to, and what who answers for it says."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from hours.records.bodies import RecordNumber
from hours.reviews import operations, store
from hours.reviews.api.shapes import ShownItem, said, shown_items
from hours.reviews.operations import Answered
from hours.settings import ContextOf
from shared.access import ReachOf
from shared.runtime import bulk, clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import ProblemWords
from shared.runtime.fields import Reason, Text
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/objections", tags=["reviews"], route_class=TransactionalRoute)


class AnswerBody(BaseModel):
    """Why a record stands that is objected to."""

    review: Text
    record: RecordNumber
    words: Reason


class Answers(BaseModel):
    """Answers, read one by one as marks are."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "answers": [
                        {
                            "review": "review-S11-2025",
                            "record": "plan:S11-2025/1/T0373",
                            "words": "考勤表已补交,见佐证材料",
                        }
                    ]
                }
            ]
        }
    )

    answers: bulk.Rows = Field(json_schema_extra=bulk.rows_of(AnswerBody))


_ANSWER = TypeAdapter(AnswerBody)


@router.get(
    "",
    summary="Objections of reviews, in order of review and record",
    description="`answerable=school:S01&awaiting=true` is what a school still has to answer, whoever's review"
    " it is: it corrects the record, takes it back, or answers. Who may not see reviews sees what they answer"
    " for themselves.",
    response_model=Page[ShownItem],
)
async def list_objections(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    review: Annotated[str | None, Query(max_length=200)] = None,
    answerable: Annotated[str | None, Query(max_length=200)] = None,
    *,
    awaiting: Annotated[bool, Query()] = False,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    within = await reach.organisations(tx)
    wanted = store.Objections(
        within=within,
        own=None if reach.caller.may("review.read") else reach.caller.name,
        of={"review": review, "answerable": answerable},
        awaiting=awaiting,
    )
    after = decode_keys(cursor, str, str)
    rows = await store.page_objections(tx, wanted, after=after, limit=limit + 1)
    return page(await shown_items(tx, context, rows), limit, [[row.review, row.record] for row in rows])


@router.post(
    "/answers",
    summary="Answer objections with words",
    description="Answered row by row, by who answers for the record. What is wrong is corrected or taken back"
    " as any record is, and needs no answer.",
)
async def answer(
    body: Answers, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey, problems: ProblemWords
) -> JSONResponse:
    async def act() -> Answer:
        read = [bulk.parse(_ANSWER, row) for row in body.answers]
        rows = [Answered(**row.model_dump()) for row in read if isinstance(row, AnswerBody)]
        outcomes = await operations.answer(tx, context, reach.caller, rows, clock.now())
        return Answer(200, bulk.results(bulk.merged(read, map(said, outcomes)), problems))

    return (await once(tx, key, act)).response()
