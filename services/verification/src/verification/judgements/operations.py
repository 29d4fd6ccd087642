"""Judging teachers' years, and letting verdicts stand. Everything posted is a difference.

Whoever calls has locked the teachers' partitions. Predictions are written before the verdicts that rest on
them, so that a verdict can name the entry of its prediction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.policy.pack import Requirement
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from verification.figures import operations as figures
from verification.figures.domain.hours import Known, TeacherYear
from verification.judgements import store
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import (
    Cause,
    Judgement,
    Predicted,
    Submitted,
    Verdict,
    decide,
    judge,
    predict,
)
from verification.judgements.entries import Step, draft
from verification.settings import Context

CORRECTION = "correction"
BY_VERDICT = "verdict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What judging said, and where it posted something new."""

    outcomes: Mapping[TeacherYear, Outcome]
    changed: Sequence[TeacherYear]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A verdict that stands from now on, and what came with it."""

    key: TeacherYear
    verdict: Verdict
    said: Mapping[str, Any] = field(default_factory=dict)


def has_requirement(context: Context, year: int) -> bool:
    """Whether the rule pack says what a year requires."""
    return context.pack.requirement(year) is not None


async def judge_years(tx: Transaction, context: Context, causes: Mapping[TeacherYear, Cause]) -> Judged:
    """Judge each teacher's year on the figures as they are now."""
    if not causes:
        return Judged(outcomes={}, changed=[])
    known = await store.load(tx, causes)
    counted = await figures.load(tx, list(causes))
    steps: list[Step] = []
    outcomes: dict[TeacherYear, Outcome] = {}
    for key, cause in causes.items():
        prediction = predict(counted[key].figures, _requirement(context, key.year))
        outcomes[key] = prediction.outcome
        local = Verdict(
            id=cause.verdict, authority="local", outcome=prediction.outcome, decided_at=cause.decided_at
        )
        acts = judge(known.get(key), prediction, context.authority, local)
        steps += [Step(key=key, act=act, cause=cause, heard=counted[key].heard) for act in acts]
    await _post(tx, context, steps, known)
    changed = dict.fromkeys(step.key for step in steps)
    return Judged(outcomes=outcomes, changed=list(changed))


async def judge_again(
    tx: Transaction, context: Context, changed: Sequence[TeacherYear], now: datetime
) -> Sequence[TeacherYear]:
    """Judge those years again that were judged before their figures changed; where it posted something."""
    if not changed:
        return []
    judged = await store.load(tx, changed)
    counted = await figures.load(tx, list(judged))
    causes = {key: _correction(counted[key], now) for key in judged}
    return (await judge_years(tx, context, causes)).changed


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


async def load(tx: Transaction, keys: Iterable[TeacherYear]) -> dict[TeacherYear, Judgement]:
    """What is known of those keys that were ever judged."""
    return await store.load(tx, keys)


def _correction(counted: Known, now: datetime) -> Cause:
    return Cause(run=CORRECTION, verdict=f"{CORRECTION}:{counted.heard}", decided_at=now)


def _requirement(context: Context, year: int) -> Requirement:
    requirement = context.pack.requirement(year)
    assert requirement is not None, "a year without a requirement is refused before it is judged"
    return requirement


async def _post(
    tx: Transaction, context: Context, steps: Sequence[Step], known: Mapping[TeacherYear, Judgement]
) -> None:
    """Write predictions, then verdicts that name them, and project both."""
    first = [step for step in steps if isinstance(step.act, Predicted | Submitted)]
    then = [step for step in steps if not isinstance(step.act, Predicted | Submitted)]
    resting = {key: judgement.entry for key, judgement in known.items()}
    predictions = await context.journal.append(tx, [draft(context.pack, step, "") for step in first])
    resting |= {step.key: entry.id for step, entry in _predicted(first, predictions)}
    verdicts = await context.journal.append(
        tx, [draft(context.pack, step, resting[step.key]) for step in then]
    )
    await store.project(tx, [*predictions, *verdicts])


def _predicted(steps: Sequence[Step], entries: Sequence[Entry]) -> list[tuple[Step, Entry]]:
    paired = zip(steps, entries, strict=True)
    return [(step, entry) for step, entry in paired if isinstance(step.act, Predicted)]
