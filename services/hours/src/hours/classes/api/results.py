"""HTTP of what comes out of a class: attendance and results row by row, then the registration of hours."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from hours.classes.api.standings import shown
from hours.classes.domain.results import HandedIn, Outcome, Part, Standing
from hours.classes.operations import registration, results
from hours.classes.operations.reaching import held
from hours.classes.operations.registration import Order, Pending
from hours.classes.operations.registration import Outcome as Registered
from hours.classes.operations.results import Missed, Rows
from hours.records.domain.explanation import told_amounts
from hours.records.domain.numbers import address
from hours.settings import ContextOf
from shared.access import ReachOf
from shared.runtime import bulk, clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError, ProblemWords
from shared.runtime.fields import MAX_NAMED, HoursField, OptionalReason, Text
from shared.runtime.idempotency import Answer, IdempotencyKey, once

router = APIRouter(prefix="/v1/classes", tags=["classes"], route_class=TransactionalRoute)

_MISSED: dict[str, JsonValue] = {"teacher": "T0372", "lesson": "1", "absent": "2.00", "excused": True}
_RESULT: dict[str, JsonValue] = {"teacher": "T0372", "outcome": "passed", "grade": "优秀"}

Figure = Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)]


class MissedRow(BaseModel):
    """For how many class-hours a teacher was absent from a lesson; excused ones count as well."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MISSED]})

    teacher: Text
    lesson: Text
    absent: HoursField
    excused: bool = False


class PartBody(BaseModel):
    """A part of a score: `value` out of `of`."""

    value: Figure
    of: Annotated[Figure, Field(gt=0)] = Decimal(100)


class ResultRow(BaseModel):
    """The outcome, or the parts where the class has weights; a grade is kept as it is said."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RESULT]})

    teacher: Text
    outcome: Outcome | None = None
    parts: Annotated[dict[Text, PartBody], Field(max_length=MAX_NAMED)] = {}
    grade: OptionalReason = ""
    reassessment: bool = False

    def handed_in(self) -> HandedIn:
        """The row as the rules know it."""
        return HandedIn(
            teacher=self.teacher,
            outcome=self.outcome,
            parts={name: Part(value=part.value, of=part.of) for name, part in self.parts.items()},
            grade=self.grade,
            reassessment=self.reassessment,
        )


class AttendanceBody(BaseModel):
    """Rows are read one by one: a bad one is reported by its index and the others are kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rows": [_MISSED]}]})

    rows: bulk.Rows = Field(json_schema_extra=bulk.rows_of(MissedRow))


class ResultsBody(BaseModel):
    """Rows are read one by one: a bad one is reported by its index and the others are kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rows": [_RESULT]}]})

    rows: bulk.Rows = Field(json_schema_extra=bulk.rows_of(ResultRow))


_MISSED_SHAPE, _RESULT_SHAPE = TypeAdapter(MissedRow), TypeAdapter(ResultRow)


@router.post(
    "/{class_id:path}/attendance",
    summary="Say who was absent from which lesson",
    description="By who holds the class, or a provider bound to that place where the class names one. What is"
    " said again of a lesson takes the place of what was said before, until the hours are registered.",
    responses={
        403: {"description": "`class.not_organiser`"},
        404: {"description": "`class.unknown`"},
        409: {"description": "`class.not_approved`, `class.not_begun`"},
    },
)
async def attend(
    class_id: str,
    body: AttendanceBody,
    tx: Tx,
    context: ContextOf,
    reach: ReachOf,
    key: IdempotencyKey,
    problems: ProblemWords,
) -> JSONResponse:
    await held(tx, reach, class_id)
    read = [bulk.parse(_MISSED_SHAPE, row) for row in body.rows]
    rows = [
        Missed(teacher=row.teacher, lesson=row.lesson, absent=row.absent, excused=row.excused)
        for row in read
        if isinstance(row, MissedRow)
    ]

    async def act() -> Answer:
        wanted = Rows(number=class_id, rows=rows, caller=reach.caller, at=clock.now())
        done = map(_missed, await results.attend(tx, context, wanted))
        return Answer(200, bulk.results(bulk.merged(read, done), problems))

    return (await once(tx, key, act)).response()


def _missed(outcome: Missed | DomainError) -> bulk.Outcome:
    if isinstance(outcome, DomainError):
        return outcome
    body = {"teacher": outcome.teacher, "lesson": outcome.lesson, "absent": f"{outcome.absent:.2f}"}
    return Answer(200, {**body, "excused": outcome.excused})


@router.post(
    "/{class_id:path}/results",
    summary="Hand results in",
    description="By who holds the class, or a provider bound to that place where the class names one; nothing"
    " is registered by that. Another result takes the place of one that is not registered yet; whoever was"
    " excluded or failed can be reassessed.",
    responses={
        403: {"description": "`class.not_organiser`"},
        404: {"description": "`class.unknown`"},
        409: {"description": "`class.not_approved`, `class.not_begun`"},
    },
)
async def hand_in(
    class_id: str,
    body: ResultsBody,
    tx: Tx,
    context: ContextOf,
    reach: ReachOf,
    key: IdempotencyKey,
    problems: ProblemWords,
) -> JSONResponse:
    await held(tx, reach, class_id)
    read = [bulk.parse(_RESULT_SHAPE, row) for row in body.rows]
    rows = [row.handed_in() for row in read if isinstance(row, ResultRow)]

    async def act() -> Answer:
        wanted = Rows(number=class_id, rows=rows, caller=reach.caller, at=clock.now())
        done = map(_result, await results.hand_in(tx, context, wanted))
        return Answer(200, bulk.results(bulk.merged(read, done), problems))

    return (await once(tx, key, act)).response()


def _result(outcome: Standing | DomainError) -> bulk.Outcome:
    return outcome if isinstance(outcome, DomainError) else Answer(200, shown(outcome))


@router.post(
    "/{class_id:path}/registration",
    summary="Register the hours of whoever passed",
    description="By who holds the class. One result a seat: whoever did not pass is named with the reason."
    " The same again registers those who passed since. Where the rule has hours recognised, they await that.",
    responses={
        403: {"description": "`class.not_organiser`"},
        404: {"description": "`class.unknown`"},
        409: {"description": "`class.not_approved`, `class.held`"},
    },
)
async def register(
    class_id: str, tx: Tx, context: ContextOf, reach: ReachOf, problems: ProblemWords
) -> JSONResponse:
    await held(tx, reach, class_id)
    order = Order(number=class_id, caller=reach.caller, at=clock.now())
    done = await registration.register(tx, context, order)
    outcomes = [registered(outcome) for _, outcome in done]
    about = [{"teacher": teacher} for teacher, _ in done]
    return Answer(200, bulk.results(outcomes, problems, about)).response()


def registered(outcome: Registered) -> bulk.Outcome:
    """What became of the hours of a seat: a record, or that they await recognition."""
    if isinstance(outcome, DomainError):
        return outcome
    if isinstance(outcome, Pending):
        said = {**told_amounts(*outcome.weighed), "awaits": outcome.awaits}
        return Answer(202, said, replayed=outcome.replayed)
    kept = outcome.kept
    body = {"record": kept.record, **told_amounts(kept.hours, kept.credits)}
    return Answer(201, {**body, "href": address(kept.record)}, replayed=outcome.replayed)
