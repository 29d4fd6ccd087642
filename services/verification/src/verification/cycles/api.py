"""HTTP of cycles: how a teacher stands in each, and everybody in one."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request

from shared.access import ReachOf
from shared.cycles.shown import CycleExplained, CycleStanding, explained, shown
from shared.runtime.database import Transaction, TransactionalRoute
from shared.runtime.errors import DomainError, language_of
from shared.runtime.fields import MAX_TEXT, Year
from shared.runtime.hindsight import AsItWas, AsKnown
from shared.runtime.journal import Entry
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read
from shared.wording import Language
from verification.cycles import operations, rendering, store
from verification.cycles.entries import FAILED, PASSED
from verification.cycles.rendering import CycleVerdict, CycleVerdictExplained
from verification.figures import operations as figures
from verification.figures.domain.hours import TeacherYear
from verification.figures.domain.roster import Scope
from verification.settings import Context, ContextOf

router = APIRouter(prefix="/v1", tags=["cycles"], route_class=TransactionalRoute)

Teacher = Annotated[str, Path(max_length=MAX_TEXT, examples=["T0360"])]
Rule = Annotated[str, Path(max_length=MAX_TEXT, description="The rule that asks.")]
Name = Annotated[str | None, Query(max_length=MAX_TEXT)]
UpTo = Annotated[Year, Query(description="The last year that is counted; its cycle is told.")]
Within = Annotated[Year, Query(description="A year of the cycle; of years in any row, the last one.")]


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
    return [explained(teacher, one, context.pack, language) for one in standings]


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
    cycle: Rule,
    year: UpTo,
    school: Name = None,
    district: Name = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[CycleStanding]:
    found = operations.find(context, cycle, year)
    if found is None:
        raise DomainError("cycle.unknown", cycle=cycle, year=year)
    after = decode_keys(cursor, str)
    scopes = _scopes(school, district)
    teachers = await figures.page_members(tx, reach, scopes, after[0] if after else "", limit + 1)
    standings = await operations.of_teachers(tx, context, found[0], year, teachers)
    items = [shown(teacher, standings[teacher], context.pack) for teacher in teachers]
    return Page[CycleStanding](**page(items, limit, [[teacher] for teacher in teachers]))


@router.get(
    "/cycles/{cycle}/verdicts",
    summary="Verdicts on a cycle",
    description="Those that stand, in order of teacher. `short` lists those in which a year is short of what "
    "each year asks, whether that fails the cycle or warns.",
)
async def list_verdicts(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    cycle: Rule,
    year: Within,
    outcome: Annotated[Literal["pass", "fail"] | None, Query()] = None,
    short: Annotated[bool | None, Query()] = None,
    school: Name = None,
    district: Name = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[CycleVerdict]:
    teachers = [figures.members(scope) for scope in _scopes(school, district)]
    wanted = store.Wanted(
        cycle=cycle, last=_last(context, cycle, year), outcome=outcome, short=short, teachers=teachers
    )
    after = decode_keys(cursor, str)
    found = await store.list_verdicts(tx, reach, wanted, after[0] if after else "", limit)
    packs = await context.adoptions.kept(tx, {known.policy for _, known in found})
    items = [rendering.decided(key, known, packs.get(known.policy, context.pack)) for key, known in found]
    return Page[CycleVerdict](**page(items, limit, [[key.teacher] for key, _ in found]))


@router.get(
    "/teachers/{teacher}/cycles/{cycle}/verdict",
    summary="The verdict on a teacher's cycle, why it is so, and every one before it",
    responses={
        404: {"description": "`teacher.out_of_reach`, `cycle.undecided`"},
        422: {"description": "`known_at.not_past`"},
    },
)
async def show_verdict(
    request: Request,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    as_it_was: AsItWas,
    teacher: Teacher,
    cycle: Rule,
    year: Within,
) -> CycleVerdictExplained:
    await reach.hold(tx, teacher)
    last = _last(context, cycle, year)
    told = await operations.verdict_of(tx, context, cycle, TeacherYear(teacher, last), as_it_was)
    if told is None:
        raise DomainError("cycle.undecided", teacher=teacher, cycle=cycle, year=last)
    key, known, history = told
    pack = await context.adoptions.under(tx, known.policy)
    return rendering.verdict(key, known, history, pack, language_of(request))


async def _reason(tx: Transaction, context: Context, entry: Entry, language: Language) -> dict[str, Any]:
    """Explain a verdict by the rules under which it was given."""
    return rendering.why(await context.adoptions.under(tx, entry.policy), entry, language)


EXPLAINED = dict.fromkeys((PASSED, FAILED), _reason)


def _last(context: Context, cycle: str, year: int) -> int:
    """The last year of the cycle that is meant; the year itself where the rules in force have none."""
    found = operations.find(context, cycle, year)
    return year if found is None else found[1].last


def _scopes(school: str | None, district: str | None) -> list[Scope]:
    scopes = [Scope(kind="school", id=school)] if school is not None else []
    return scopes + ([Scope(kind="district", id=district)] if district is not None else [])
