"""Asking for a run, and taking it one step further: aim, start, judge a chunk, finish."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from shared.access import Reach
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError, Fault
from shared.runtime.journal import Draft
from verification.cycles import operations as cycles
from verification.figures import operations as figures
from verification.figures.domain.hours import TeacherYear
from verification.figures.domain.roster import Scope, scope_name
from verification.judgements import operations as judgements
from verification.judgements.domain.decision import Cause
from verification.judgements.operations import Judged
from verification.runs import store
from verification.runs.domain.run import CHUNK, Asked, Run, Tally
from verification.runs.entries import (
    ADVANCED,
    AIMED,
    FINISHED,
    REQUESTED,
    STARTED,
    RunAdvanced,
    RunAimed,
    RunFinished,
    RunRequested,
    RunStarted,
)
from verification.settings import Context
from verification.verdicts import operations as verdicts

LEEWAY = timedelta(minutes=5)
"""How far ahead of ours a caller's clock may run."""


async def hold(tx: Transaction, reach: Reach, scope: Scope) -> None:
    """Go on where the caller reaches to everybody in a scope.

    Raises:
        DomainError: `scope.unknown`, as of a scope in which nobody is.
    """
    if not await figures.reaches(tx, reach, scope):
        raise _unknown(scope)


async def request(tx: Transaction, context: Context, asked: Asked, now: datetime) -> Run:
    """Write a run down; the worker takes it from there.

    Raises:
        DomainError: `year.without_requirement`, `cycle.unknown`, `year.not_begun`, `body.invalid`,
            `scope.unknown`.
    """
    asked = _whole(context, asked)
    await _check(tx, context, asked, now)
    await context.journal.lock(tx, [_subject(asked.run)])
    await _post(tx, context, asked.run, now, [(REQUESTED, _requested(asked))])
    tx.on_commit(context.wake_runs)
    return await _load(tx, asked.run)


async def aim(tx: Transaction, context: Context, run: str, heads: Mapping[int, int], now: datetime) -> None:
    """Record the cut that the run waits for."""
    await context.journal.lock(tx, [_subject(run)])
    if (await _load(tx, run)).cut is None:
        cut = {str(partition): seq for partition, seq in heads.items()}
        await _post(tx, context, run, now, [(AIMED, RunAimed(run=run, cut=cut))])


async def start(tx: Transaction, context: Context, run: str, now: datetime) -> None:
    """Begin to judge: the cut was reached."""
    await context.journal.lock(tx, [_subject(run)])
    found = await _load(tx, run)
    if found.state == "waiting":
        total = await figures.count_members(tx, found.scope)
        await _post(tx, context, run, now, [(STARTED, RunStarted(run=run, total=total))])


async def judge_chunk(tx: Transaction, context: Context, run: str, now: datetime, size: int = CHUNK) -> None:
    """Judge the next teachers of a running run, in order; finish it when nobody is left.

    What is said does not depend on `size`, nor the number of statements on how many teachers there are.
    """
    await context.journal.lock(tx, [_subject(run)])
    found = await _load(tx, run)
    if found.state != "running":
        return
    teachers = await figures.next_members(tx, found.scope, found.cursor, size)
    posted: list[tuple[str, msgspec.Struct]] = []
    if teachers:
        tally = await _judge(tx, context, found, teachers)
        posted.append((ADVANCED, _advanced(run, teachers[-1], tally)))
    if len(teachers) < size:
        posted.append((FINISHED, RunFinished(run=run)))
    await _post(tx, context, run, now, posted)


def _whole(context: Context, asked: Asked) -> Asked:
    """What is asked with the last year of its cycle, where it is one: a cycle is judged whole."""
    if not asked.cycle:
        return asked
    found = cycles.find(context, asked.cycle, asked.year)
    if found is None:
        raise DomainError("cycle.unknown", cycle=asked.cycle, year=asked.year)
    return replace(asked, year=found[1].last)


async def _check(tx: Transaction, context: Context, asked: Asked, now: datetime) -> None:
    if not asked.cycle and not judgements.has_requirement(context, asked.year):
        raise DomainError.at("/year", "year.without_requirement", year=asked.year)
    if asked.at > now + LEEWAY:
        raise DomainError("body.invalid", faults=[Fault("/at", "run.in_future")])
    if asked.year > context.pack.years.of(asked.at):
        raise DomainError.at("/year", "year.not_begun", year=asked.year)
    if asked.scope.kind != "everyone" and not await figures.next_members(tx, asked.scope, "", 1):
        raise _unknown(asked.scope)


def _unknown(scope: Scope) -> DomainError:
    return DomainError.at("/scope/id", "scope.unknown", kind=scope_name(scope.kind), id=scope.id or "*")


async def _judge(tx: Transaction, context: Context, run: Run, teachers: list[str]) -> Tally:
    await context.journal.lock(tx, [figures.subject(teacher) for teacher in teachers])
    cause = Cause(run=run.id, verdict=run.id, decided_at=run.at)
    if run.cycle:
        found = cycles.find(context, run.cycle, run.year)
        assert found is not None, "a cycle that the rules do not know is refused before it is judged"
        return _tally(await cycles.judge_cycles(tx, context, found, teachers, cause))
    keys = [TeacherYear(teacher, run.year) for teacher in teachers]
    return _tally(await verdicts.judge(tx, context, keys, cause))


def _tally(judged: Judged[Any]) -> Tally:
    outcomes = judged.outcomes.values()
    passed = sum(outcome == "pass" for outcome in outcomes)
    return Tally(
        judged=len(outcomes), passed=passed, failed=len(outcomes) - passed, changed=len(judged.changed)
    )


async def _post(
    tx: Transaction, context: Context, run: str, now: datetime, facts: list[tuple[str, msgspec.Struct]]
) -> None:
    drafts = [
        Draft(type=kind, subject=_subject(run), effective_at=now, policy=context.pack.reference, data=data)
        for kind, data in facts
    ]
    await store.project(tx, await context.journal.append(tx, drafts))


async def _load(tx: Transaction, run: str) -> Run:
    found = await store.load(tx, run)
    assert found is not None, f"{run} was requested"
    return found


def _subject(run: str) -> str:
    return f"run:{run}"


def _requested(asked: Asked) -> RunRequested:
    return RunRequested(
        run=asked.run,
        year=asked.year,
        scope=asked.scope.kind,
        id=asked.scope.id,
        at=asked.at,
        by=asked.by,
        cycle=asked.cycle,
    )


def _advanced(run: str, cursor: str, tally: Tally) -> RunAdvanced:
    return RunAdvanced(
        run=run,
        cursor=cursor,
        judged=tally.judged,
        passed=tally.passed,
        failed=tally.failed,
        changed=tally.changed,
    )
