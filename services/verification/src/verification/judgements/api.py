"""HTTP of judgements: results, a teacher's year with its history, the answer to why, the rules."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel

from shared.access import ReachOf
from shared.contracts.verification import VerificationPassed
from shared.policy.explain import carry_over, ground
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError, language_of
from shared.runtime.fields import MAX_TEXT, Instant, Year
from shared.runtime.hindsight import AsItWas, Hindsight
from shared.runtime.journal import Entry
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, YearKey, decode_keys, page
from shared.runtime.reading import Read
from shared.wording import Language
from verification.figures import operations as figures
from verification.figures.domain.hours import TeacherYear
from verification.figures.domain.roster import Scope
from verification.judgements import operations, store
from verification.judgements.domain.decision import Judgement
from verification.judgements.domain.explanation import Wording
from verification.judgements.entries import FAILED, PASSED, PREDICTED, judgement_of
from verification.judgements.rendering import asked, results, why
from verification.judgements.rendering.results import Result, Standing
from verification.judgements.rendering.why import Explained, Reason
from verification.settings import Context, ContextOf

router = APIRouter(prefix="/v1", tags=["results"], route_class=TransactionalRoute)

Teacher = Annotated[str, Path(max_length=MAX_TEXT, examples=["T0360"])]
OfYear = Annotated[Year, Path(description="Training year.")]
Name = Annotated[str | None, Query(max_length=MAX_TEXT)]
OverdueAt = Annotated[Instant | None, Query(description="At which instant an answer is overdue.")]

UNKNOWN: dict[int | str, dict[str, Any]] = {
    404: {"description": "`teacher.out_of_reach`, `result.unknown`: the year was not judged"},
    422: {"description": "`known_at.not_past`"},
}


@router.get(
    "/results",
    summary="Results of teachers' years: outcome, figures, what is missing",
    description=(
        "In order of year and teacher. `outcome=undecided` lists what waits for the province. With"
        " `overdue_at` only what it has not answered, though the term of the rules was over then."
    ),
    responses={409: {"description": "`calendar.not_announced`"}},
)
async def list_results(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    year: Annotated[Year | None, Query()] = None,
    outcome: Annotated[Literal["pass", "fail", "undecided"] | None, Query()] = None,
    school: Name = None,
    district: Name = None,
    overdue_at: OverdueAt = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[Result]:
    scopes = [Scope(kind="school", id=school)] if school is not None else []
    scopes += [Scope(kind="district", id=district)] if district is not None else []
    wanted = store.Wanted(
        year=year,
        outcome=None if outcome == "undecided" else outcome,
        undecided=outcome == "undecided",
        overdue=overdue_at is not None,
        overdue_before=None if overdue_at is None else operations.overdue_before(context, overdue_at),
        teachers=[figures.members(scope) for scope in scopes],
    )
    rows = await store.list_results(tx, reach, wanted, decode_keys(cursor, YearKey, str), limit)
    moment = overdue_at or context.journal.now()
    items = [results.result(key, judgement, context.pack, moment) for key, judgement in rows]
    return Page[Result](**page(items, limit, [[key.year, key.teacher] for key, _ in rows]))


@router.get(
    "/teachers/{teacher}/years/{year}",
    summary="A teacher's year: prediction, verdict, and every revision of both",
    responses=UNKNOWN,
)
async def show_year(
    tx: Read, context: ContextOf, reach: ReachOf, as_it_was: AsItWas, teacher: Teacher, year: OfYear
) -> Standing:
    await reach.hold(tx, teacher)
    key = TeacherYear(teacher, year)
    judgement, entries = await _judged(tx, context, key, as_it_was)
    return results.standing(
        key, judgement, entries, context.pack, as_it_was.known_at or context.journal.now()
    )


@router.get(
    "/teachers/{teacher}/years/{year}/why",
    summary="Why a year passes or falls short",
    description="Every item with its rule, the clause's words and the arithmetic, in the language asked for.",
    responses=UNKNOWN,
)
async def why_year(
    request: Request,
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    as_it_was: AsItWas,
    teacher: Teacher,
    year: OfYear,
) -> Explained:
    await reach.hold(tx, teacher)
    judgement, _ = await _judged(tx, context, TeacherYear(teacher, year), as_it_was)
    predicted = await context.journal.recorded(tx, judgement.entry)
    resting = [predicted]
    if judgement.decision is not None:
        resting.append(await context.journal.recorded(tx, judgement.decision.entry))
    language = language_of(request)
    reasons = [await _reason(tx, context, entry, language) for entry in resting]
    wording = Wording.of(await context.adoptions.under(tx, predicted.policy), language)
    return why.explained(TeacherYear(teacher, year), judgement, reasons, wording)


@router.get(
    "/entries/{partition}/{seq}/why",
    summary="Why a prediction or a verdict, on a year or a cycle, says what it says",
    response_model=Reason,
    responses={404: {"description": "`entry.unknown`"}},
)
async def why_entry(
    request: Request, tx: Tx, context: ContextOf, reach: ReachOf, partition: int, seq: int
) -> BaseModel | Mapping[str, Any]:
    if partition not in context.journal.layout.all or not 0 < seq < 2**63:
        raise DomainError("entry.unknown")
    entry = await context.journal.read_entry(tx, partition, seq)
    if entry is None or entry.type not in context.explained:
        raise DomainError("entry.unknown")
    await reach.hold(tx, figures.teacher_of(entry.subject), DomainError("entry.unknown"))
    return await context.explained[entry.type](tx, context, entry, language_of(request))


@router.get("/rules", summary="Rules of the verification in force, with the hours that each year requires")
async def rules(context: ContextOf) -> dict[str, Any]:
    pack = context.pack
    return {
        "pack": pack.reference,
        "unit": pack.pack.unit,
        "authority": context.authority,
        "rules": [ground(pack, rule.id) for rule in pack.verification.rules],
        "requirements": [asked.requirement(row) for row in pack.requirements],
        "cycles": [asked.cycle(cycle, pack) for cycle in pack.cycles],
        "carry_over": carry_over(pack),
        "answer": asked.answer(pack),
    }


async def _judged(
    tx: Tx, context: Context, key: TeacherYear, as_it_was: Hindsight
) -> tuple[Judgement, list[Entry]]:
    """A year's judgement and the entries that state it."""
    entries = (await operations.entries_of(tx, context, key.teacher, as_it_was)).get(key.year, [])
    judgement = judgement_of(entries)
    if judgement is None:
        raise DomainError("result.unknown", teacher=key.teacher, year=key.year)
    return judgement, entries


async def _reason(tx: Tx, context: Context, entry: Entry, language: Language) -> Reason:
    """Explain a prediction or a verdict; a verdict is explained by the prediction it rests on as well."""
    pack = await context.adoptions.under(tx, entry.policy)
    if entry.type == PREDICTED:
        return why.predicted(pack, entry, language)
    rests_on = await context.journal.recorded(tx, entry.parse(VerificationPassed).basis["prediction"])
    return why.decided(pack, entry, rests_on, language)


EXPLAINED = dict.fromkeys((PREDICTED, PASSED, FAILED), _reason)
