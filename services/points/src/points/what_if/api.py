"""HTTP of the what-if: what a draft pack would have done to the points of teachers in a year."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from points.settings import ContextOf
from points.what_if import operations, rendering
from points.what_if.operations import Question
from shared.access import ReachOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import problems_of
from shared.runtime.fields import Year
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, decode_keys, page
from shared.runtime.reading import Read
from shared.what_if import draft
from shared.what_if.draft import EXAMPLE, PackText
from shared.what_if.scope import WhatIfScope, members

router = APIRouter(prefix="/v1", tags=["what-if"], route_class=TransactionalRoute)


class WhatIf(BaseModel):
    """A draft pack, the year over which it is evaluated, and whose."""

    pack: PackText
    year: Year
    scope: WhatIfScope

    model_config = {
        "json_schema_extra": {
            "examples": [
                {"pack": EXAMPLE, "year": 2025, "scope": {"kind": "teachers", "teachers": ["T0360"]}}
            ]
        }
    }


class Side(BaseModel):
    """Points of a year under one set of rules."""

    awarded: int
    expired: Annotated[int, Field(description="Of those awarded in the year, what no exchange took in time.")]
    exchanged: Annotated[dict[str, int], Field(description="Hours that stand, by category.")]


class RuleDifference(BaseModel):
    """A rule under which other points are awarded."""

    rule: str
    title: str
    in_force: int
    draft: int


class ExchangeDifference(BaseModel):
    """A recorded request of which other hours would stand."""

    request: str
    category: str
    in_force: int
    draft: int
    code: Annotated[str, Field(description="Why the draft does not grant it; empty where it does.")]
    words: Annotated[str, Field(description="The same in words.")]


class Difference(BaseModel):
    """A teacher's points under both; rules and exchanges are those in which the two differ."""

    teacher: str
    differs: bool
    in_force: Side
    draft: Side
    rules: list[RuleDifference]
    exchanges: list[ExchangeDifference]


class Totals(BaseModel):
    """Sums of the teachers of this page."""

    teachers: int
    differing: int
    in_force: Side
    draft: Side


class Differences(BaseModel):
    """A page of teachers, in order."""

    in_force: str
    draft: str
    year: int
    totals: Totals
    items: list[Difference]
    next: str | None = None


@router.post(
    "/what-if",
    summary="What a draft pack would have awarded, let expire and let be exchanged in a year",
    description=(
        "Nothing is written. The draft counts as if it had been in force throughout the year. Requests of the"
        " year are decided once more by both sets of rules, and only what the two decide otherwise differs"
        " from what stands. A page reads the activities of everybody once: ask for large pages."
    ),
    response_model=Differences,
    responses={422: {"description": "`pack.invalid`, `pack.other_categories`, `year.not_recorded`"}},
)
async def what_if(
    request: Request,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    body: WhatIf,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    pack = draft.read(body.pack, context.pack, body.year)
    teachers = await members(tx, reach, body.scope, after[0] if after else None, limit + 1)
    listed = page(teachers, limit, [[name] for name in teachers])
    question = Question(draft=pack, year=body.year, at=clock.now())
    compared = await operations.evaluate(tx, context, question, listed["items"])
    told = rendering.Told(context.pack, pack, problems_of(request))
    return {
        "in_force": context.pack.reference,
        "draft": pack.reference,
        "year": body.year,
        "totals": rendering.totals(compared),
        "items": [told.teacher(one) for one in compared],
        "next": listed["next"],
    }
