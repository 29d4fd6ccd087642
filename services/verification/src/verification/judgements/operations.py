"""Judging teachers' years, and letting verdicts stand. Everything posted is a difference.

Whoever calls has locked the teachers' partitions. Predictions are written before the verdicts that rest on
them, so that a verdict can name the entry of its prediction.
"""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.policy.requirement import NOTHING_WAIVED, Asked
from shared.runtime.database import Transaction
from shared.runtime.hindsight import Hindsight
from shared.runtime.journal import Draft, Entry
from verification.figures import operations as figures
from verification.figures.domain.hours import Known, TeacherYear
from verification.judgements import store
from verification.judgements.domain import answer
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import (
    Cause,
    Judgement,
    Predicted,
    Verdict,
    decide,
    judge,
    predict,
)
from verification.judgements.entries import (
    STATED,
    Basis,
    Step,
    Waiver,
    draft,
    judgement_of,
    overdue,
    taking_effect,
    year_of,
)
from verification.settings import Context

CORRECTION = "correction"
BY_VERDICT = "verdict"


Key = TypeVar("Key")
"""What is judged: a teacher's year, or a cycle of a teacher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Generic[Key]):
    """What judging said, and where it posted something new."""

    outcomes: Mapping[Key, Outcome]
    changed: Sequence[Key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A verdict that stands from now on, and what came with it."""

    key: TeacherYear
    verdict: Verdict
    said: Mapping[str, Any] = field(default_factory=dict)


def has_requirement(context: Context, year: int) -> bool:
    """Whether the rule pack says what a year requires."""
    return context.pack.requirement(year) is not None


async def judge_years(
    tx: Transaction, context: Context, causes: Mapping[TeacherYear, Cause]
) -> Judged[TeacherYear]:
    """Judge each teacher's year on the figures as they are now."""
    known = await store.load(tx, causes)
    return await _judge(tx, context, causes, known, await figures.load(tx, list(causes)))


async def judge_again(
    tx: Transaction, context: Context, changed: Sequence[TeacherYear], now: datetime
) -> Sequence[TeacherYear]:
    """Judge those years again that were judged before their figures changed; where it posted something."""
    known = await store.load(tx, changed)
    counted = await figures.load(tx, list(known))
    causes = {key: correction(counted[key].causes, now) for key in known}
    return (await _judge(tx, context, causes, known, counted)).changed


async def rule(tx: Transaction, context: Context, rulings: Sequence[Ruling]) -> None:
    """Let verdicts of the province stand; a year that was never judged is predicted first."""
    causes = {
        ruling.key: Cause(run=BY_VERDICT, verdict=ruling.verdict.id, decided_at=ruling.verdict.decided_at)
        for ruling in rulings
    }
    judged = await store.load(tx, causes)
    await judge_years(tx, context, {key: cause for key, cause in causes.items() if key not in judged})
    known = await store.load(tx, causes)
    steps = [
        Step(key=ruling.key, act=act, cause=causes[ruling.key], said=ruling.said)
        for ruling in rulings
        for act in decide(known[ruling.key].decision, ruling.verdict, known[ruling.key].prediction)
    ]
    await _post(tx, context, steps, known)


async def entries_of(
    tx: Transaction, context: Context, teacher: str, as_it_was: Hindsight
) -> dict[int, list[Entry]]:
    """What states how each of a teacher's years stands, as it was known and in effect."""
    by_year: dict[int, list[Entry]] = {}
    for entry in await context.journal.read_subject(tx, figures.subject(teacher), STATED):
        by_year.setdefault(year_of(entry), []).append(entry)
    zone = context.pack.pack.timezone
    return {year: as_it_was.of(stated, zone, taking_effect(stated)) for year, stated in by_year.items()}


async def of_teacher(
    tx: Transaction, context: Context, teacher: str, as_it_was: Hindsight
) -> dict[int, Judgement]:
    """How each of a teacher's years stands that was judged, as it was known."""
    stated = await entries_of(tx, context, teacher, as_it_was)
    judged = {year: judgement_of(entries) for year, entries in stated.items()}
    return {year: judgement for year, judgement in judged.items() if judgement is not None}


def correction(events: str, now: datetime) -> Cause:
    """What leads to a judgement where nobody asked for it: other hours, as these events say."""
    return Cause(run=CORRECTION, verdict=f"{CORRECTION}:{events}", decided_at=now)


def overdue_before(context: Context, now: datetime) -> datetime | None:
    """What was handed over before this and is not answered is overdue; None where the rules have no term.

    Raises:
        NotAnnouncedError: the working days of a year that the term lies in are not known.
    """
    pack = context.pack
    return None if pack.answer is None else answer.overdue_before(now, pack.answer.days, pack.pack.timezone)


async def tell_overdue(
    tx: Transaction, context: Context, keys: Sequence[TeacherYear], now: datetime
) -> Sequence[TeacherYear]:
    """Say of years whose partitions are locked that their answer is overdue, once of each submission."""
    pack = context.pack
    drafts: dict[TeacherYear, Draft] = {}
    for key, judgement in (await store.load(tx, keys)).items():
        waiting = judgement.submission
        if pack.answer is None or waiting is None or waiting.told:
            continue
        found = answer.due(waiting.submitted_at, pack.answer.days, now, pack.pack.timezone)
        if found.overdue and found.on is not None:
            drafts[key] = overdue(pack.reference, key, waiting, found.on, now)
    await _write(tx, context, list(drafts.values()), drafts)
    return list(drafts)


async def load_late(tx: Transaction, before: datetime, limit: int) -> list[TeacherYear]:
    """Whose submission was handed over before an instant, and is not said to be overdue yet."""
    return await store.load_late(tx, before, limit)


async def count_awaited(tx: Transaction, positions: Mapping[int, int]) -> store.Awaited:
    """Count what waits for a verdict, and what of it lies behind positions of the journal."""
    return await store.count_awaited(tx, positions)


async def load(tx: Transaction, keys: Collection[TeacherYear]) -> dict[TeacherYear, Judgement]:
    """What is known of those keys that were ever judged."""
    return await store.load(tx, keys)


async def _judge(
    tx: Transaction,
    context: Context,
    causes: Mapping[TeacherYear, Cause],
    known: Mapping[TeacherYear, Judgement],
    counted: Mapping[TeacherYear, Known],
) -> Judged[TeacherYear]:
    """Judge years by what is `known` and `counted` of them."""
    required = _requirements(context, causes)
    steps: list[Step] = []
    outcomes: dict[TeacherYear, Outcome] = {}
    for key, cause in causes.items():
        year = counted[key]
        prediction = predict(year.figures, required[key.year], year.waived, year.withheld)
        outcomes[key] = prediction.outcome
        local = Verdict(cause.verdict, "local", prediction.outcome, cause.decided_at)
        acts = judge(known.get(key), prediction, context.authority, local)
        off = {} if year.waived == NOTHING_WAIVED else required[key.year].off(year.waived)
        steps += [Step(key, act, cause, year.heard, waiver=Waiver(year.waiver, off)) for act in acts]
    await _post(tx, context, steps, known)
    return Judged(outcomes=outcomes, changed=list(dict.fromkeys(step.key for step in steps)))


def _requirements(context: Context, keys: Iterable[TeacherYear]) -> dict[int, Asked]:
    """What each of the years asks of everybody."""
    found = {year: context.pack.asked(year) for year in {key.year for key in keys}}
    required = {year: asked for year, asked in found.items() if asked is not None}
    assert required.keys() == found.keys(), "a year without a requirement is refused before it is judged"
    return required


async def _post(
    tx: Transaction, context: Context, steps: Sequence[Step], known: Mapping[TeacherYear, Judgement]
) -> None:
    """Write what the steps say, each prediction before the verdict that rests on it, and project it."""
    await _write(tx, context, list(_drafts(tx, context, steps, known)), known)


async def _write(
    tx: Transaction, context: Context, drafts: Sequence[Draft], known: Container[TeacherYear]
) -> None:
    """Append what is said and show it; only years that are `known` are shown already."""
    entries = await context.journal.append(tx, drafts)
    facts = [(entry, said.data) for entry, said in zip(entries, drafts, strict=True)]
    await store.apply(tx, facts, known)


def _drafts(
    tx: Transaction, context: Context, steps: Sequence[Step], known: Mapping[TeacherYear, Judgement]
) -> Iterator[Draft]:
    required = _requirements(context, {step.key for step in steps})
    bases = {year: Basis(context.pack.reference, row.basis) for year, row in required.items()}
    resting = {key: judgement.entry for key, judgement in known.items()}
    subjects = (figures.subject(step.key.teacher) for step in steps)
    for step, entry in zip(steps, context.journal.foresee(tx, subjects), strict=True):
        if isinstance(step.act, Predicted):
            resting[step.key] = entry
        yield draft(bases[step.key.year], step, resting.get(step.key, ""))
