"""HTTP of the what-if: who would pass or fail otherwise under a draft pack, or with other hours."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from shared.access import ReachOf
from shared.policy.categories import Hours, Item
from shared.policy.pack import Pack
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import DomainError, language_of
from shared.runtime.fields import MAX_NAMED, CategoryName, HoursField, Text, Year
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, decode_keys, page
from shared.runtime.reading import Read
from shared.what_if import draft
from shared.what_if.draft import PackText
from shared.what_if.scope import WhatIfScope, members
from shared.what_if.span import CycleName, ShownSpans, spans, year_of
from verification.figures.domain.hours import TeacherYear
from verification.judgements.domain.assessment import Outcome
from verification.settings import ContextOf
from verification.what_if import operations, rendering
from verification.what_if.domain import sums
from verification.what_if.operations import Question

router = APIRouter(prefix="/v1", tags=["what-if"], route_class=TransactionalRoute)

MAX_SUPPOSED = 10_000


class Supposed(BaseModel):
    """Hours of a teacher's year that are supposed instead of those that were recorded."""

    teacher: Text
    year: Annotated[
        Year | None, Field(description="One of the years that are counted; the last without it.")
    ] = None
    hours: Annotated[
        dict[CategoryName, HoursField],
        Field(max_length=MAX_NAMED, description="What counts in each category; others stay as they are."),
    ]


class WhatIf(BaseModel):
    """A draft pack, the year or cycle over which it is evaluated, whose, and what is supposed beside it."""

    pack: Annotated[PackText | None, Field(description="Without it the rules in force are asked.")] = None
    year: Year
    cycle: CycleName = None
    scope: WhatIfScope
    supposed: Annotated[list[Supposed], Field(max_length=MAX_SUPPOSED)] = []

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "year": 2025,
                    "scope": {"kind": "teachers", "teachers": ["T0360"]},
                    "supposed": [{"teacher": "T0360", "hours": {"elective": "20.00"}}],
                }
            ]
        }
    }


class Side(BaseModel):
    """What one set of rules says of a year or a cycle."""

    outcome: Outcome
    missing: dict[Item, HoursField]
    short_years: Annotated[
        list[int], Field(description="Years of a cycle that miss what each year asks, be it a warning only.")
    ]
    words: str


class Figures(BaseModel):
    """Of one item."""

    counted: HoursField
    required: HoursField
    filled: Annotated[HoursField, Field(description="What of it something else stands in for, in a cycle.")]
    missing: HoursField


class Check(BaseModel):
    """An item in which the two differ; null where one of them does not check it."""

    item: Item
    in_force: Figures | None
    draft: Figures | None
    words: Annotated[str, Field(description="What the draft says of it.")]


class YearCheck(BaseModel):
    """A year of a cycle that misses something else of what each year asks; by item."""

    year: int
    in_force: dict[Item, HoursField]
    draft: dict[Item, HoursField]


class Difference(BaseModel):
    """A teacher's year or cycle under both."""

    teacher: str
    differs: Annotated[bool, Field(description="The outcome is another one, or something else is missing.")]
    verdict: Annotated[Outcome | None, Field(description="The verdict that stands, whoever gave it.")]
    in_force: Side
    draft: Side
    checks: list[Check]
    years: list[YearCheck]


class Outcomes(BaseModel):
    """How many of this page pass, and how many do not."""

    passed: int
    failed: int


class Totals(BaseModel):
    """Sums of the teachers of this page; `to_pass` and `to_fail` are those who go over."""

    teachers: int
    differing: int
    in_force: Outcomes
    draft: Outcomes
    to_pass: int
    to_fail: int


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
    summary="Who would pass or fail a year or a cycle otherwise under a draft pack, and by what",
    description=(
        "Nothing is written. What counts in the year, or with `cycle` in its years up to `year`, is judged by"
        " the rules in force, and by the draft as if it had been in force throughout. Hours that something"
        " else would have brought are not known here: say them in `supposed`."
    ),
    response_model=Differences,
    responses={
        404: {"description": "`cycle.unknown`, by the rules in force or by the draft"},
        422: {
            "description": "`pack.invalid`, `pack.other_categories`, `category.unknown`,"
            " `year.without_requirement`, `year.not_recorded`, `year.not_looked_at`"
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
    pack = context.pack if body.pack is None else draft.read(body.pack, context.pack, body.year)
    looked_at = spans(context.pack, pack, body.year, body.cycle)
    question = Question(
        draft=pack,
        year=body.year,
        cycle=body.cycle,
        spans=looked_at,
        supposed=_supposed(body, pack, looked_at.until(body.year)),
    )
    teachers = await members(tx, reach, body.scope, after[0] if after else None, limit + 1)
    listed = page(teachers, limit, [[name] for name in teachers])
    compared = await operations.evaluate(tx, context, question, listed["items"])
    language = language_of(request)
    return {
        "in_force": context.pack.reference,
        "draft": pack.reference,
        "year": body.year,
        "cycle": body.cycle,
        "spans": looked_at.shown,
        "totals": rendering.totals(sums(compared)),
        "items": [rendering.teacher(one, context.pack, pack, language) for one in compared],
        "next": listed["next"],
    }


def _supposed(body: WhatIf, pack: Pack, looked_at: list[int]) -> dict[TeacherYear, Hours]:
    found: dict[TeacherYear, Hours] = {}
    for index, row in enumerate(body.supposed):
        path = f"/supposed/{index}"
        for category in row.hours.keys() - set(pack.posted):
            raise DomainError.at(f"{path}/hours", "category.unknown", category=category)
        year = year_of(row.year, body.year, looked_at, f"{path}/year")
        found[TeacherYear(row.teacher, year)] = row.hours
    return found
