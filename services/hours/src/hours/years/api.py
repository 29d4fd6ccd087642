"""HTTP of the years: close one, see how far that is, open it again for one teacher."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from hours.ledger.domain.closing import Reopening
from hours.settings import ContextOf
from hours.years import operations
from hours.years.domain import Progress
from shared.access import CallerOf, ReachOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import Day, Reason, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.jobs import Job

router = APIRouter(prefix="/v1/years", tags=["years"], route_class=TransactionalRoute)


async def _job(request: Request) -> Job:
    job: Job = request.app.state.closing
    return job


YearPath = Annotated[Year, Path()]


class YearState(BaseModel):
    """How far the closing of a year is."""

    year: int
    state: str
    """`open`, `closing` or `closed`."""
    closed: int
    """Partitions of teachers that are closed, of `partitions`."""
    partitions: int
    missing: list[int]
    """Shares of the teachers for which the points service has not closed the year yet."""


class ReopeningBody(BaseModel):
    """For whom a closed year is opened again, up to which day, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"teacher": "T0360", "until": "2099-12-31", "reason": "漏登培训班学时,经核实补登"}]
        }
    )

    teacher: Text
    until: Day
    """The last day on which the year takes registrations and corrections of this teacher."""
    reason: Reason


class ShownReopening(BaseModel):
    """A reopening as it was ordered."""

    teacher: str
    year: int
    until: str
    by: str
    event: str
    why: str


def _shown(progress: Progress, missing: list[int]) -> dict[str, Any]:
    return {
        "year": progress.year,
        "state": progress.state,
        "closed": progress.closed,
        "partitions": progress.partitions,
        "missing": missing,
    }


@router.post(
    "/{year}/close",
    summary="End the registration of hours for a year",
    description="After the points service has closed the year for everyone. Asking again changes nothing.",
    status_code=202,
    response_model=YearState,
    responses={
        409: {"description": "`year.points_open`, with the shares of teachers that are missing"},
    },
)
async def close(
    year: YearPath,
    tx: Tx,
    context: ContextOf,
    caller: CallerOf,
    key: IdempotencyKey,
    job: Annotated[Job, Depends(_job)],
) -> JSONResponse:
    async def act() -> Answer:
        by = caller.name
        progress = await operations.request_close(tx, context, year, by, clock.now())
        tx.on_commit(job.wake)
        return Answer(202, _shown(progress, []), location=f"/v1/years/{year}")

    return (await once(tx, key, act)).response()


@router.get("/{year}", summary="How far the closing of a year is", response_model=YearState)
async def show(year: YearPath, tx: Tx, context: ContextOf) -> dict[str, Any]:
    progress = await operations.progress(tx, context, year)
    return _shown(progress, await operations.missing(tx, context, year))


@router.post(
    "/{year}/reopenings",
    summary="Open a closed year again for one teacher, up to a day",
    description="Registrations, corrections and recalls of that teacher's year are taken until then; it"
    " closes by the date. A later order replaces an earlier one. Statement and explanations name it.",
    status_code=201,
    response_model=ShownReopening,
    responses={
        409: {"description": "`year.not_closed`"},
        422: {"description": "`teacher.unknown`, `reopening.over`"},
    },
)
async def reopen(
    year: YearPath, body: ReopeningBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    unknown = DomainError.at("/teacher", "teacher.unknown", teacher=body.teacher)
    await reach.hold(tx, body.teacher, unknown)

    async def act() -> Answer:
        wanted = Reopening(
            teacher=body.teacher,
            year=year,
            until=body.until,
            reason=body.reason,
            by=reach.caller.name,
            at=clock.now(),
        )
        entry = await operations.reopen(tx, context, wanted)
        shown = ShownReopening(
            teacher=wanted.teacher,
            year=year,
            until=wanted.until.isoformat(),
            by=wanted.by,
            event=entry.id,
            why=f"/v1/entries/{entry.partition}/{entry.seq}/why",
        )
        return Answer(201, shown.model_dump())

    return (await once(tx, key, act)).response()
