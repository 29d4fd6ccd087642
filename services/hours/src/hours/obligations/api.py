"""HTTP of obligations: how each stands of a teacher, one of everybody, and what a programme offered."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from hours.obligations import operations, rendering
from hours.obligations.domain.standing import When
from hours.obligations.rendering import (
    ObligationExplained,
    ObligationStanding,
    ProgrammeStanding,
    Teller,
)
from hours.roster.operations import rows as roster
from hours.settings import Context, ContextOf
from shared.access import ReachOf
from shared.policy.calendar import day_of
from shared.policy.obligations import AnyObligation, TopicCoverage
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute
from shared.runtime.errors import DomainError, language_of
from shared.runtime.fields import MAX_TEXT, Day, Year
from shared.runtime.hindsight import AsKnown
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1", tags=["obligations"], route_class=TransactionalRoute)

OfYear = Annotated[Year, Query(description="The year in which it is asked.")]
On = Annotated[Day | None, Query(description="With what had happened by this day; today without it.")]
RuleOf = Annotated[str, Path(max_length=MAX_TEXT)]
Name = Annotated[str | None, Query(max_length=MAX_TEXT)]


@router.get(
    "/teachers/{teacher:path}/obligations",
    summary="What is asked of a teacher beside sums of years, and how each stands",
    description="One for each rule, also of those that are not asked of this teacher or not in this year."
    " Only what had happened by `on` counts; what is short then may still come, or the time for it is over.",
    responses={
        404: {"description": "`teacher.out_of_reach`, `teacher.not_listed`"},
        422: {"description": "`known_at.not_past`"},
    },
)
async def obligations_of(
    request: Request,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    as_it_was: AsKnown,
    teacher: Annotated[str, Path(max_length=MAX_TEXT, examples=["T0360"])],
    year: OfYear,
    on: On = None,
) -> list[ObligationExplained]:
    await reach.hold(tx, teacher)
    when = _when(context, year, on, as_it_was.known_at or clock.now())
    standings = await operations.of_teacher(tx, context, teacher, when, as_it_was)
    teller = Teller(context.pack, language_of(request), masked=reach.caller.sees_masked)
    return [teller.explained(teacher, one) for one in standings]


@router.get(
    "/obligations/{obligation}",
    summary="How an obligation stands of everybody",
    description="In order of teacher, of whoever is on the roster, of now.",
    responses={404: {"description": "`obligation.unknown`"}},
)
async def list_standings(
    request: Request,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    obligation: RuleOf,
    year: OfYear,
    on: On = None,
    school: Name = None,
    district: Name = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[ObligationStanding]:
    rule, when = _rule(context, obligation), _when(context, year, on, clock.now())
    after = decode_keys(cursor, str)
    wanted = roster.Wanted(
        within=await reach.within(tx, roster.WHO), of={"school": school, "district": district}
    )
    teachers = await roster.listed_in_order(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    standings = await operations.of_teachers(tx, context, rule, when, teachers)
    teller = Teller(context.pack, language_of(request), masked=reach.caller.sees_masked)
    items = [teller.shown(teacher, standings[teacher]) for teacher in teachers]
    return Page[ObligationStanding](**page(items, limit, [[teacher] for teacher in teachers]))


@router.get(
    "/obligations/{obligation}/programme",
    summary="Which topics of an obligation were offered, and which to nobody",
    description="Offered is what anybody within the caller's reach has a record of in the cycle of `year`.",
    responses={404: {"description": "`obligation.unknown`, also where it asks for no topics in that year"}},
)
async def programme_of(
    request: Request,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    obligation: RuleOf,
    year: OfYear,
    on: On = None,
) -> ProgrammeStanding:
    rule, when = _rule(context, obligation), _when(context, year, on, clock.now())
    found = await operations.offering(tx, reach, rule, when) if isinstance(rule, TopicCoverage) else None
    if found is None or not isinstance(rule, TopicCoverage):
        raise DomainError("obligation.unknown", obligation=obligation)
    return rendering.programme(rule, found, when, context.pack, language_of(request))


def _rule(context: Context, obligation: str) -> AnyObligation:
    rule = context.pack.obligation(obligation)
    if rule is None:
        raise DomainError("obligation.unknown", obligation=obligation)
    return rule


def _when(context: Context, year: int, on: Day | None, now: datetime) -> When:
    years = context.pack.years
    return When(year=year, on=on or day_of(now, years.tz), years=years)
