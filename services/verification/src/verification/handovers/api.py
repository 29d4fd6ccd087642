"""HTTP of handovers: how pushing to the province stands."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import language_of
from shared.runtime.reading import Read
from verification.handovers import rendering, store
from verification.judgements import operations as judgements
from verification.settings import ContextOf

router = APIRouter(prefix="/v1", tags=["handovers"], route_class=TransactionalRoute)


class Handover(BaseModel):
    """How far the province has taken what was handed over to it, and how many of its verdicts are awaited."""

    pushing: bool = Field(description="Whether there is an address to which it is pushed.")
    awaited: int = Field(description="Submissions on which no verdict rests yet.")
    overdue: int = Field(description="Those of them of which it was said that the answer is overdue.")
    in_transit: int = Field(description="Those of them that the province has not taken from a push yet.")
    in_transit_since: datetime | None = Field(description="When the oldest of these was handed over.")
    pushed_at: datetime | None = Field(description="When the province took something last.")
    attempts: int = Field(description="How often in a row what is on its way has failed.")
    failure: str | None = Field(description="Why the last attempt failed.")
    failed_at: datetime | None
    next_attempt_at: datetime | None
    positions: Mapping[str, int] = Field(
        description="The last number of each partition of the journal up to which everything was pushed."
    )


@router.get(
    "/handover",
    summary="How pushing to the province stands, and how many of its verdicts are awaited",
    description="Without an address to push to, everything is in transit until the verdict arrives.",
)
async def show_handover(request: Request, tx: Read, context: ContextOf) -> Handover:
    pushed = await store.load(tx)
    awaited = await judgements.count_awaited(tx, pushed.positions)
    return Handover(
        pushing=context.pushes,
        awaited=awaited.all,
        overdue=awaited.told,
        in_transit=awaited.behind,
        in_transit_since=awaited.since,
        pushed_at=pushed.pushed_at,
        attempts=pushed.attempts,
        failure=rendering.failure(pushed, language_of(request)),
        failed_at=pushed.failed_at,
        next_attempt_at=pushed.next_at,
        positions={str(partition): seq for partition, seq in sorted(pushed.positions.items())},
    )
