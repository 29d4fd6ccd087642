"""HTTP of the years: close one, see how far that is."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from hours.settings import ContextOf
from hours.years import operations
from hours.years.domain import Progress
from shared.access import CallerOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.fields import Year
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
