"""HTTP of the exchanges: how one was answered, and the points that teachers could still exchange."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from hours.exchanges import store
from hours.ledger.domain.explanation import reason_words
from shared.access import ReachOf
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError, language_of
from shared.runtime.fields import HoursField
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["exchanges"], route_class=TransactionalRoute)


class Exchange(BaseModel):
    """How an exchange was answered."""

    exchange: str
    teacher: str
    year: int
    category: str
    hours: HoursField
    taken_back: HoursField
    """Hours called back since, with their points."""
    state: str
    """`posted`, `refused`, or `reversed` once all of it was taken back."""
    reason: str
    reason_words: str
    event: str
    decided_at: datetime
    why: str


class Lot(BaseModel):
    """Points of a teacher that expire at the same instant, as heard from the points service."""

    teacher: str
    expires_at: datetime
    points: int


@router.get(
    "/exchanges/{request_id:path}",
    summary="How an exchange was answered",
    response_model=Exchange,
    responses={404: {"description": "`exchange.unknown`"}},
)
async def show(request: Request, request_id: str, tx: Tx, reach: ReachOf) -> dict[str, Any]:
    answered = (await store.load(tx, [request_id])).get(request_id)
    unknown = DomainError("exchange.unknown", exchange=request_id)
    if answered is None:
        raise unknown
    await reach.hold(tx, answered.teacher, unknown)
    return {
        "exchange": answered.exchange,
        "teacher": answered.teacher,
        "year": answered.year,
        "category": answered.category,
        "hours": answered.hours,
        "taken_back": answered.taken_back,
        "state": answered.state,
        "reason": answered.reason,
        "reason_words": reason_words(answered.reason, language_of(request)) if answered.reason else "",
        "event": answered.entry,
        "decided_at": answered.decided_at,
        "why": f"/v1/entries/{answered.entry.partition('/')[2]}/why",
    }


@router.get(
    "/exchangeable",
    summary="Points that teachers could still exchange",
    description="As heard from the points service; `GET /v1/positions` says how far that goes.",
    response_model=Page[Lot],
)
async def list_points(
    tx: Read,
    reach: ReachOf,
    teacher: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    wanted = store.WantedPoints(teacher=teacher, within=await reach.within(tx, store.POINTS_OF))
    rows = await store.page_points(tx, wanted, after=decode_keys(cursor, str, datetime), limit=limit + 1)
    return page(rows, limit, [[row["teacher"], row["expires_at"].isoformat()] for row in rows])
