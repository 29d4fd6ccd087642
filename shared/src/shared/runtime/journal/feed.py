"""The journal over HTTP: heads, ranges, positions; consumers heal by it, outsiders poll it."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response

from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.journal import positions
from shared.runtime.journal.journal import Journal
from shared.runtime.journal.relay import event_of
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["journal"], route_class=TransactionalRoute)

BEYOND = 2**63 - 1
"""A number that no entry has; the store knows no larger one."""


def _journal(request: Request) -> Journal:
    journal: Journal = request.app.state.service.journal
    return journal


@router.get("/journal/heads", summary="The last number of each partition that others may hear")
async def heads(request: Request, tx: Tx) -> dict[str, Any]:
    """Say how far each partition goes."""
    journal = _journal(request)
    ends = await journal.heads(tx, journal.layout.heard)
    return {"service": journal.layout.service, "heads": {str(p): seq for p, seq in ends.items()}}


@router.get(
    "/journal/{partition}",
    summary="Events of one partition, in order",
    description="Pass the last `seq` you have as `after`. Partitions are ordered in themselves only.",
    responses={404: {"description": "`partition.unknown`"}},
)
async def read(
    request: Request,
    tx: Tx,
    partition: int,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> Response:
    """Give a stretch of the journal."""
    journal = _journal(request)
    if partition not in journal.layout.heard:
        raise DomainError("partition.unknown")
    entries = await journal.read(tx, partition, min(after, BEYOND), limit)
    feed = positions.Feed([event_of(entry) for entry in entries])
    return Response(msgspec.json.encode(feed), media_type="application/json")


@router.get(
    "/positions",
    summary="How far this service has applied what it hears",
    description=(
        "`ahead` names, by source, the partitions of which more was applied than the source has, as after an"
        " older backup of it was restored. Nothing of them is applied until that is put right."
    ),
)
async def applied(tx: Read) -> dict[str, Any]:
    """Say what has been applied, how much is parked, and which partitions are ahead of their source."""
    known = await positions.load_all(tx)
    return {
        "positions": {source: {str(p): seq for p, seq in ends.items()} for source, ends in known.items()},
        "parked": await positions.count_parked(tx),
        "ahead": await positions.load_ahead(tx),
    }
