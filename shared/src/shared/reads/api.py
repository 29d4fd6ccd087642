"""The log of reads over HTTP: a teacher sees who read of them, when, as what, and by which route."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from shared.access import ReachOf, matrix
from shared.reads import store
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import language_of
from shared.runtime.fields import Instant
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["reads"], route_class=TransactionalRoute)


class ReadView(BaseModel):
    """One request that showed something of the teacher."""

    at: datetime
    by: str = Field(description="Who read, as a journal names it.")
    token_subject: str = Field(description="The account, as the issuer of its token names it.")
    act: str
    words: str = Field(description="What the act is.")
    route: str
    request_id: str | None = Field(description="`X-Request-Id` of the request, where it had one.")


@router.get(
    "/teachers/{teacher}/reads",
    summary="Who read what is personal about a teacher",
    description="The newest first. What a teacher reads of themself is not in it.",
    responses={404: {"description": "`teacher.out_of_reach`"}},
)
async def list_reads(
    request: Request,
    tx: Read,
    reach: ReachOf,
    teacher: str,
    since: Annotated[Instant | None, Query(description="Reads from this instant on.")] = None,
    until: Annotated[Instant | None, Query(description="Reads before this instant.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[ReadView]:
    await reach.hold(tx, teacher)
    wanted = store.Wanted(teacher=teacher, since=since, until=until)
    rows = await store.page(tx, wanted, decode_keys(cursor, datetime, int), limit + 1)
    acts, language = matrix.read(), language_of(request)
    items = [
        ReadView(
            at=row.at,
            by=row.caller,
            token_subject=row.subject,
            act=row.act,
            words=acts.named(row.act).names[language],
            route=row.route,
            request_id=row.correlation,
        )
        for row in rows
    ]
    return Page[ReadView](**page(items, limit, [[row.at.isoformat(), row.number] for row in rows]))
