"""HTTP of the seats: enrol teachers, withdraw, list who takes part."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from hours.classes.api.standings import ShownStanding, shown
from hours.classes.domain.seats import SeatState
from hours.classes.operations import enrolment, standings
from hours.classes.operations.enrolment import Enrolment, Withdrawal
from hours.classes.operations.reaching import offered, reached, seats_of
from hours.classes.store import results as store
from hours.classes.store.seats import Seat
from hours.settings import ContextOf
from shared.access import ReachOf
from shared.runtime import bulk, clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError, ProblemWords
from shared.runtime.fields import MAX_ROWS, Text
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/classes", tags=["classes"], route_class=TransactionalRoute)


class SeatsBody(BaseModel):
    """Who is to take part, in this order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"teachers": ["T0372", "T0373"]}]})

    teachers: list[Text] = Field(max_length=MAX_ROWS)


class WithdrawalBody(BaseModel):
    """Who no longer takes part."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"teacher": "T0373"}]})

    teacher: Text


class ShownSeat(BaseModel):
    """A teacher's seat; who waits moves up in order of `turn`."""

    teacher: str
    turn: int
    state: SeatState


def _shown(seat: Seat) -> dict[str, Any]:
    return {"teacher": seat.teacher, "turn": seat.turn, "state": seat.state}


@router.post(
    "/{class_id:path}/seats",
    summary="Enrol teachers",
    description="Teachers themselves, schools for theirs, until `enrol_by`; who holds the class also later."
    " Where it is full they wait. One result a teacher, in order; `class.not_offered` where a class is seen"
    " for a seat in it alone.",
    responses={
        404: {"description": "`class.unknown`"},
        409: {"description": "`class.not_approved`, `enrolment.closed`"},
    },
)
async def enrol(
    class_id: str,
    body: SeatsBody,
    tx: Tx,
    context: ContextOf,
    reach: ReachOf,
    key: IdempotencyKey,
    problems: ProblemWords,
) -> JSONResponse:
    is_offered = await offered(tx, reach, class_id)
    outside = "teacher.unknown" if is_offered else "class.not_offered"
    covered = await reach.covered(tx, set(body.teachers)) if is_offered else set()
    teachers = [teacher for teacher in body.teachers if teacher in covered]

    async def act() -> Answer:
        wanted = Enrolment(number=class_id, teachers=teachers, caller=reach.caller, at=clock.now())
        seats = iter(await enrolment.enrol(tx, context, wanted))
        outcomes = [
            _answer(next(seats))
            if teacher in covered
            else DomainError.at("/teacher", outside, teacher=teacher)
            for teacher in body.teachers
        ]
        return Answer(200, bulk.results(outcomes, problems))

    return (await once(tx, key, act)).response()


def _answer(outcome: Seat | DomainError) -> bulk.Outcome:
    return outcome if isinstance(outcome, DomainError) else Answer(200, _shown(outcome))


@router.post(
    "/{class_id:path}/withdrawals",
    summary="Withdraw a teacher before the class opens",
    description="The first who waits moves up.",
    response_model=ShownSeat,
    responses={
        404: {"description": "`class.unknown`, `seat.unknown`"},
        409: {"description": "`class.not_approved`, `class.begun`"},
    },
)
async def withdraw(
    class_id: str, body: WithdrawalBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    found = await reached(tx, reach, class_id)
    if not await reach.holds(tx, found.organiser):
        await reach.hold(tx, body.teacher, DomainError.at("/teacher", "seat.unknown", teacher=body.teacher))

    async def act() -> Answer:
        wanted = Withdrawal(number=class_id, teacher=body.teacher, caller=reach.caller, at=clock.now())
        return Answer(200, _shown(await enrolment.withdraw(tx, context, wanted)))

    return (await once(tx, key, act)).response()


@router.get(
    "/{class_id:path}/seats",
    summary="Who takes part or waits, in order of enrolment, and what came of it",
    description="All of a class that the caller holds; of another one those to whom the caller reaches.",
    response_model=Page[ShownStanding],
    responses={404: {"description": "`class.unknown`"}},
)
async def list_seats(
    class_id: str,
    tx: Read,
    reach: ReachOf,
    seat: Annotated[SeatState | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    found = await reached(tx, reach, class_id)
    after = decode_keys(cursor, int)
    wanted = store.Wanted(number=class_id, within=await seats_of(tx, reach, found), state=seat)
    rows = await standings.page(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    return page([shown(row) for row in rows], limit, [[row.turn] for row in rows])
