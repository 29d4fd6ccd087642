"""HTTP of marked completions (异常学时): listed, and looked into by who stands above."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from hours.records import operations, rendering
from hours.records.domain.entries import Conclusion
from hours.records.domain.registration import Registrar
from hours.records.operations import Scrutiny
from hours.records.store import completions
from hours.settings import ContextOf
from shared.access import ReachOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import Day, HoursField, Reason, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/anomalies", tags=["records"], route_class=TransactionalRoute)


class ShownAnomaly(BaseModel):
    """Why a completed course is marked: more hours than its days hold, or at the time of another one."""

    kind: Literal["day", "parallel"]
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    hours: HoursField
    most: HoursField | None
    records: list[str]


class MarkedCourse(BaseModel):
    """A completed course that somebody should look at; its hours count until the record is taken back."""

    record: str
    teacher: str
    year: int
    hours: HoursField
    anomalies: list[ShownAnomaly]
    conclusion: Conclusion | None
    """What somebody found who looked into it; null while nobody did."""
    scrutinised_by: str | None
    scrutinised_at: datetime | None
    why: str | None


@router.get(
    "",
    summary="Completed courses that cannot be, in order of record",
    description="Marked when they were registered; they count. `open` are those that nobody looked into."
    " Whose record is taken back is listed no more.",
    response_model=Page[MarkedCourse],
)
async def list_anomalies(
    tx: Read,
    reach: ReachOf,
    teacher: Annotated[str | None, Query(max_length=200)] = None,
    year: Annotated[Year | None, Query()] = None,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    wanted = completions.Wanted(
        within=await reach.within(tx, completions.WHO), teacher=teacher, year=year, is_open=is_open
    )
    rows = await completions.page_marked(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    return page([rendering.shown_marked(row) for row in rows], limit, [[row.record] for row in rows])


class ScrutinyBody(BaseModel):
    """What a marked completion turns out to be, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"conclusion": "plausible", "reason": "课程可倍速完成,平台日志属实"}]}
    )

    conclusion: Conclusion
    reason: Reason


class Scrutinised(BaseModel):
    """What was found."""

    record: str
    conclusion: Conclusion
    by: str
    reason: str


@router.post(
    "/{record:path}/scrutiny",
    summary="Say what a marked completion turns out to be",
    description="By who stands above the teacher's school, never by the account or the office that registered"
    " it. Plausible, it goes on counting, and may still be taken back; taken back, its record is reversed for"
    " the same reason.",
    status_code=201,
    response_model=Scrutinised,
    responses={
        403: {"description": "`anomaly.own`"},
        404: {"description": "`anomaly.unknown`"},
        409: {"description": "`anomaly.scrutinised`, `year.closed`"},
    },
)
async def scrutinise(
    record: str, body: ScrutinyBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    kept = (await operations.find(tx, [record])).get(record)
    unknown = DomainError("anomaly.unknown", record=record)
    if kept is None:
        raise unknown
    await reach.hold(tx, kept.teacher, unknown)

    async def act() -> Answer:
        caller = reach.caller
        wanted = Scrutiny(
            record=record,
            conclusion=body.conclusion,
            reason=body.reason,
            scrutineer=Registrar(kind=caller.kind, id=caller.id),
            account=caller.subject,
            at=clock.now(),
        )
        await operations.scrutinise(tx, context, wanted)
        found = {"record": record, "conclusion": body.conclusion, "by": caller.name, "reason": body.reason}
        return Answer(201, found)

    return (await once(tx, key, act)).response()
