"""HTTP of cycles: how a teacher stands in each, and everybody in one."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from shared.access import ReachOf
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import DomainError, language_of
from shared.runtime.fields import MAX_TEXT, Year
from shared.runtime.hindsight import AsKnown
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read
from verification.cycles import operations, rendering
from verification.cycles.rendering import CycleExplained, CycleStanding
from verification.figures import operations as figures
from verification.figures.domain.roster import Scope
from verification.settings import ContextOf

router = APIRouter(prefix="/v1", tags=["cycles"], route_class=TransactionalRoute)

Teacher = Annotated[str, Path(max_length=MAX_TEXT, examples=["T0360"])]
Name = Annotated[str | None, Query(max_length=MAX_TEXT)]
UpTo = Annotated[Year, Query(description="The last year that is counted; its cycle is told.")]


@router.get(
    "/teachers/{teacher}/cycles",
    summary="A teacher's cycles: what several years ask together, and what is there",
    description="One for each rule whose cycle holds `year`, the last one that is counted: of a cycle that"
    " goes on it says how it stands. Hours that were carried in count in the year that gave them.",
    responses={404: {"description": "`teacher.out_of_reach`"}, 422: {"description": "`known_at.not_past`"}},
)
async def cycles_of(
    request: Request,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    as_it_was: AsKnown,
    teacher: Teacher,
    year: UpTo,
) -> list[CycleExplained]:
    await reach.hold(tx, teacher)
    standings = await operations.of_teacher(tx, context, teacher, year, as_it_was)
    language = language_of(request)
    return [rendering.explained(teacher, one, context.pack, language) for one in standings]


@router.get(
    "/cycles/{cycle}",
    summary="How everybody stands in a cycle",
    description="In order of teacher, of whoever is on the roster.",
    responses={404: {"description": "`cycle.unknown`: the rules know none of that id that holds the year"}},
)
async def list_standings(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    cycle: Annotated[str, Path(max_length=MAX_TEXT)],
    year: UpTo,
    school: Name = None,
    district: Name = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[CycleStanding]:
    asked = context.pack.cycle(cycle)
    if asked is None or asked.span(year) is None:
        raise DomainError("cycle.unknown", cycle=cycle, year=year)
    scopes = [Scope(kind="school", id=school)] if school is not None else []
    scopes += [Scope(kind="district", id=district)] if district is not None else []
    after = decode_keys(cursor, str)
    teachers = await figures.page_members(tx, reach, scopes, after[0] if after else "", limit + 1)
    standings = await operations.of_teachers(tx, context, asked, year, teachers)
    items = [rendering.shown(teacher, standings[teacher], context.pack) for teacher in teachers]
    return Page[CycleStanding](**page(items, limit, [[teacher] for teacher in teachers]))
