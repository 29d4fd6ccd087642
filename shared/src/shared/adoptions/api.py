"""Versions of the rules over HTTP: which were in force when, and the text of each."""

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from shared.adoptions import store
from shared.adoptions.store import Kept, Period
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import DomainError
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/policies", tags=["rules"], route_class=TransactionalRoute)

TOML = "application/toml"
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {TOML: {"schema": {"type": "string"}}}, "description": "The text"},
    404: {"description": "`policy.unknown`"},
}


class PeriodView(BaseModel):
    """A while in which a version was in force here."""

    since: datetime
    until: datetime | None = Field(description="Null while it still is.")


class PolicyView(BaseModel):
    """A version of a pack that is kept here."""

    reference: str = Field(description="Pack and version, as entries name it in `policy`.")
    digest: str = Field(description="SHA-256 of the text, hex.")
    in_force: bool
    periods: list[PeriodView] = Field(description="Empty for a version that was never in force here.")


@router.get(
    "",
    summary="Versions of the rules, and when each was in force here",
    description="In the order in which they came to be kept.",
)
async def list_policies(tx: Read, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[PolicyView]:
    after = decode_keys(cursor, int)
    rows = await store.page(tx, after[0] if after else 0, limit + 1)
    periods: dict[int, list[Period]] = defaultdict(list)
    for period in await store.periods(tx, [row.number for row in rows]):
        periods[period.policy].append(period)
    items = [_view(row, periods[row.number]) for row in rows]
    return Page[PolicyView](**page(items, limit, [[row.number] for row in rows]))


@router.get(
    "/{reference}",
    summary="The text of a version",
    response_class=Response,
    responses=ANSWERS,
)
async def get_policy(
    tx: Read, reference: Annotated[str, Path(max_length=100, examples=["guangzhou@1"])]
) -> Response:
    text = await store.text(tx, reference)
    if text is None:
        raise DomainError("policy.unknown", policy=reference)
    return Response(text, media_type=TOML)


def _view(kept: Kept, periods: list[Period]) -> PolicyView:
    return PolicyView(
        reference=kept.reference,
        digest=kept.digest,
        in_force=any(period.until is None for period in periods),
        periods=[PeriodView(since=period.since, until=period.until) for period in periods],
    )
