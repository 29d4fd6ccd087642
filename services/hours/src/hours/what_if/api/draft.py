"""HTTP of the what-if over many: what would count of the hours of a year or a cycle under a draft pack."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from hours.ledger.domain.claim import Account, Claim
from hours.settings import ContextOf
from hours.what_if import rendering
from hours.what_if.operations import evaluating, supposing
from hours.what_if.operations.evaluating import Question
from shared.access import ReachOf
from shared.policy.pack import Pack
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import language_of
from shared.runtime.fields import CategoryName, HoursField, Text, Year
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, decode_keys, page
from shared.runtime.reading import Read
from shared.what_if import draft
from shared.what_if.draft import EXAMPLE, PackText
from shared.what_if.scope import WhatIfScope, members
from shared.what_if.span import CycleName, ShownSpans, spans, year_of

router = APIRouter(prefix="/v1", tags=["what-if"], route_class=TransactionalRoute)

MAX_EXCHANGED = 10_000


class Exchanged(BaseModel):
    """An exchange of which other hours stand under the draft; 0 where it would not have been granted."""

    request: Text
    teacher: Text
    category: CategoryName
    hours: HoursField
    year: Annotated[
        Year | None, Field(description="One of the years that are counted; the last without it.")
    ] = None


class WhatIf(BaseModel):
    """A draft pack, the year or cycle over which it is evaluated, whose, and exchanges that points tells."""

    pack: PackText
    year: Year
    cycle: CycleName = None
    scope: WhatIfScope
    exchanged: Annotated[list[Exchanged], Field(max_length=MAX_EXCHANGED)] = []

    model_config = {
        "json_schema_extra": {
            "examples": [
                {"pack": EXAMPLE, "year": 2025, "scope": {"kind": "teachers", "teachers": ["T0360"]}}
            ]
        }
    }


class Line(BaseModel):
    """A record or an exchange of which something else counts, or elsewhere."""

    ground: str
    year: int
    rule: str
    title: str
    category: str
    in_force: HoursField
    draft: HoursField
    reason: Annotated[str, Field(description="Why not more counts under the draft; empty where all does.")]
    words: str


class OfYear(BaseModel):
    """Counted hours of one year under both, by category."""

    year: int
    in_force: dict[str, HoursField]
    draft: dict[str, HoursField]


class Difference(BaseModel):
    """A teacher's counted hours under both, by category: of all years that are counted, and of each."""

    teacher: str
    differs: bool
    in_force: dict[str, HoursField]
    draft: dict[str, HoursField]
    years: list[OfYear]
    lines: list[Line]


class Totals(BaseModel):
    """Of the teachers of this page."""

    teachers: int
    differing: int


class Differences(BaseModel):
    """A page of teachers, in order."""

    in_force: str
    draft: str
    year: int
    cycle: str | None
    spans: ShownSpans
    totals: Totals
    items: list[Difference]
    next: str | None = None


@router.post(
    "/what-if",
    summary="What would count of the hours of a year or a cycle under a draft pack",
    description=(
        "Nothing is written. What was registered, of the year or with `cycle` of its years up to `year`, is"
        " valued by the rules in force and by the draft as if it had been in force throughout, and cut under"
        " the caps of each. Who registered it, by when and through what, is not asked again; what was"
        " carried in stays."
    ),
    response_model=Differences,
    responses={
        404: {"description": "`cycle.unknown`, by the rules in force or by the draft"},
        422: {
            "description": "`pack.invalid`, `pack.other_categories`, `year.not_recorded`,"
            " `year.not_looked_at`"
        },
    },
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
    looked_at = spans(context.pack, pack, body.year, body.cycle)
    years = looked_at.until(body.year)
    question = Question(draft=pack, years=years, exchanged=_exchanged(body, pack, years))
    teachers = await members(tx, reach, body.scope, after[0] if after else None, limit + 1)
    listed = page(teachers, limit, [[name] for name in teachers])
    recounted = await evaluating.evaluate(tx, context, question, listed["items"])
    language = language_of(request)
    items = [rendering.recounted(one, years, (pack, context.pack), language) for one in recounted]
    return {
        "in_force": context.pack.reference,
        "draft": pack.reference,
        "year": body.year,
        "cycle": body.cycle,
        "spans": looked_at.shown,
        "totals": {"teachers": len(items), "differing": sum(one["differs"] for one in items)},
        "items": items,
        "next": listed["next"],
    }


def _exchanged(body: WhatIf, pack: Pack, years: list[int]) -> dict[str, dict[str, Claim]]:
    found: dict[str, dict[str, Claim]] = {}
    for index, row in enumerate(body.exchanged):
        year = year_of(row.year, body.year, years, f"/exchanged/{index}/year")
        claim = Claim(
            ground=f"exchange:{row.request}",
            account=Account(
                teacher=row.teacher, year=year, rule=supposing.rule_of(pack), category=row.category
            ),
            hours=Decimal(row.hours),
            reason="",
            origin="",
            effective_at=pack.years.start(year),
        )
        found.setdefault(row.teacher, {})[claim.ground] = claim
    return found
