"""HTTP of years: order the closing of one, see how far it is."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse

from points.settings import ContextOf
from points.years import operations
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.fields import Year
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.jobs import Job

router = APIRouter(prefix="/v1", tags=["years"], route_class=TransactionalRoute)

OfYear = Annotated[Year, Path(description="A training year.")]


async def _job(request: Request) -> Job:
    job: Job = request.app.state.closing
    return job


@router.post(
    "/years/{year}/close",
    summary="Close a year",
    description=(
        "What was not exchanged expires, partition by partition. Ordering it again changes nothing."
        " Later acts of the year are recorded, and what they earn expires at once."
    ),
    status_code=202,
    responses={
        409: {"description": "`year.not_over`"},
    },
)
async def close(
    year: OfYear, tx: Tx, context: ContextOf, key: IdempotencyKey, job: Annotated[Job, Depends(_job)]
) -> JSONResponse:
    async def act() -> Answer:
        await operations.order(tx, context, year, clock.now())
        tx.on_commit(job.wake)
        state = await operations.state(tx, context, year)
        return Answer(202, _shown(state), location=f"/v1/years/{year}")

    return (await once(tx, key, act)).response()


@router.get("/years/{year}", summary="How far the closing of a year is")
async def show(year: OfYear, tx: Tx, context: ContextOf) -> dict[str, Any]:
    return _shown(await operations.state(tx, context, year))


def _shown(state: operations.State) -> dict[str, Any]:
    return {
        "year": state.year,
        "state": state.name,
        "ordered_at": state.ordered_at,
        "closed": state.closed,
        "partitions": state.partitions,
    }
