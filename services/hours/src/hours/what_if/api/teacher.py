"""HTTP of the what-if: what a teacher's year would come to with more points exchanged, more hours earned."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from hours.outlook.domain.outlook import Phase
from hours.settings import ContextOf
from hours.what_if import rendering
from hours.what_if.domain.wishes import Kind, Wish
from hours.what_if.operations import supposing
from hours.what_if.operations.supposing import Question
from shared.access import ReachOf
from shared.cycles.shown import CycleExplained
from shared.policy.pack import Pack
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import language_of
from shared.runtime.fields import HoursField, Instant, Year
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["what-if"], route_class=TransactionalRoute)

MAX_WISHES = 20

Exchanged = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,99}:[1-9]\d{0,3}$")]
"""Whole hours into a category, such as `professional:5`."""
Earned = Annotated[
    str, Field(max_length=300, pattern=r"^[^:]{1,200}:\d{1,4}(\.\d{1,2})?(:[a-z][a-z0-9_]*)?$")
]
"""Hours under a rule, such as `HR-2.01:12.5`, and of which form of training where credits are counted."""


class Side(BaseModel):
    """A year: what counts and what is missing, by category, and how the cycles in which it lies stand."""

    counted: dict[str, HoursField]
    missing: Annotated[
        dict[str, HoursField] | None,
        Field(description="Null where the year requires nothing by itself, and only its cycles do."),
    ]
    met: bool | None
    cycles: list[CycleExplained]


class Line(BaseModel):
    """What would count of a wish."""

    kind: Kind
    rule: str
    title: str
    category: str
    asked: HoursField
    counted: HoursField
    points: Annotated[int, Field(description="What an exchange would cost.")]
    reason: Annotated[str, Field(description="Why not all of it counts; empty where it does.")]
    words: str


class WhatIf(BaseModel):
    """A teacher's year as it stands, and as it would be."""

    teacher: str
    year: int
    at: datetime
    phase: Phase
    as_it_stands: Side
    supposed: Side
    lines: list[Line]


@router.get(
    "/teachers/{teacher:path}/what-if",
    summary="What a year would come to with more points exchanged, more hours earned",
    description="Wishes are counted in their order, exchanges first, under the limits of real ones: points,"
    " caps, the end of the year. Cycles are told as they stand after it. Nothing is written.",
    response_model=WhatIf,
    responses={
        404: {"description": "`teacher.out_of_reach`, `teacher.not_listed`"},
        409: {"description": "`rule.disabled`"},
        422: {"description": "Such as `year.without_requirement`, `rule.unknown`"},
    },
)
async def what_if(
    request: Request,
    teacher: str,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: Annotated[Year, Query()],
    exchange: Annotated[
        list[Exchanged],
        Query(max_length=MAX_WISHES, description="Whole hours for points, as `<category>:<hours>`."),
    ] = [],  # noqa: B006 - FastAPI copies it
    earn: Annotated[
        list[Earned],
        Query(
            max_length=MAX_WISHES,
            description="Hours under a rule, as `<rule>:<hours>`, or `<rule>:<hours>:<form of training>`.",
        ),
    ] = [],  # noqa: B006 - FastAPI copies it
    at: Annotated[Instant | None, Query(description="By when it is asked; now without it.")] = None,
) -> dict[str, Any]:
    await reach.hold(tx, teacher)
    wishes = [*_exchanges(exchange, context.pack), *_earnings(earn, context.pack)]
    question = Question(teacher=teacher, year=year, at=at or clock.now(), wishes=wishes)
    found = await supposing.suppose(tx, context, question)
    return rendering.shown(found, context.pack, language_of(request))


def _exchanges(wanted: Sequence[str], pack: Pack) -> Iterator[Wish]:
    for one in wanted:
        category, _, hours = one.partition(":")
        yield Wish(kind="exchange", rule=supposing.rule_of(pack), category=category, hours=Decimal(hours))


def _earnings(wanted: Sequence[str], pack: Pack) -> Iterator[Wish]:
    for index, one in enumerate(wanted):
        rule, hours, *mode = one.split(":")
        path = f"/earn/{index}"
        source = supposing.source_of(pack, rule, path)
        amount = supposing.worth(pack, source, Decimal(hours), "".join(mode), path)
        yield Wish(kind="earn", rule=rule, category=source.category, hours=amount)
