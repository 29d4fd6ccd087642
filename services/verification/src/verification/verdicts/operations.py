"""Receiving the province's verdicts, keeping discrepancies true, and hearing the hours service.

This is the highest room that an event of the hours service reaches: a change of figures judges a year again,
and the cycles in which it lies, and may open or close a discrepancy; a teacher who becomes known sets parked
verdicts free.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.policy.categories import TOTAL
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError, Fault
from shared.runtime.journal import Draft, Entry
from verification.cycles import operations as cycles
from verification.figures import operations as figures
from verification.figures.domain.hours import TeacherYear
from verification.figures.domain.roster import Counted, Enrolled, Excused, Heard, Left
from verification.judgements import operations as judgements
from verification.judgements.domain.decision import Cause
from verification.judgements.operations import Judged
from verification.settings import Context
from verification.verdicts import entries as facts
from verification.verdicts import store
from verification.verdicts.domain.discrepancy import compare, steps
from verification.verdicts.domain.verdict import ProvinceVerdict, State, arrive, rank
from verification.verdicts.store import Kept

LEEWAY = timedelta(minutes=5)
"""How far ahead of ours the province's clock may run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A verdict with its receipt; `replayed` when it had been received before."""

    kept: Kept
    replayed: bool


async def hear(tx: Transaction, context: Context, heard: Sequence[Heard], now: datetime) -> None:
    """Apply what the hours service said, in order, with everything that follows from it."""
    teachers = {_teacher(item) for item in heard}
    await context.journal.lock(tx, [figures.subject(teacher) for teacher in teachers])
    news = await figures.hear(tx, context, heard)
    await cycles.judge_again(tx, context, news.changed, now)
    changed = await judgements.judge_again(tx, context, news.changed, now)
    await _reconcile(tx, context, changed)
    await _unpark(tx, context, news.known)


async def judge(
    tx: Transaction, context: Context, keys: Sequence[TeacherYear], cause: Cause
) -> Judged[TeacherYear]:
    """Judge years whose partitions are locked, and compare with what the province said of them."""
    judged = await judgements.judge_years(tx, context, dict.fromkeys(keys, cause))
    await _reconcile(tx, context, judged.changed)
    return judged


async def receive(
    tx: Transaction, context: Context, commands: Sequence[ProvinceVerdict], now: datetime
) -> list[Received | DomainError]:
    """Take verdicts; each is answered for itself, and one identity only ever means one verdict."""
    await context.journal.lock(tx, {figures.subject(command.teacher) for command in commands})
    before = await store.load_verdicts(tx, {command.verdict for command in commands})
    fresh: dict[str, ProvinceVerdict] = {}
    answers: list[DomainError | None] = []
    replays: list[bool] = []
    for command in commands:
        known = before[command.verdict].verdict if command.verdict in before else fresh.get(command.verdict)
        refusal = _refusal(context, command, now) if known is None else _conflict(known, command)
        if known is None and refusal is None:
            fresh[command.verdict] = command
        answers.append(refusal)
        replays.append(known is not None)
    kept = before | await _take(tx, context, list(fresh.values()))
    return [
        refusal or Received(kept=kept[command.verdict], replayed=replayed)
        for command, refusal, replayed in zip(commands, answers, replays, strict=True)
    ]


def _refusal(context: Context, command: ProvinceVerdict, now: datetime) -> DomainError | None:
    if context.authority == "local":
        return DomainError("verdict.not_awaited")
    if not judgements.has_requirement(context, command.year):
        return DomainError.at("/year", "year.without_requirement", year=command.year)
    if command.decided_at > now + LEEWAY:
        return DomainError("body.invalid", faults=[Fault("/decided_at", "verdict.in_future")])
    if unknown := sorted((command.totals or {}).keys() - (context.pack.parts.keys() - {TOTAL})):
        faults = [Fault(f"/totals/{name}", "category.unknown", {"category": name}) for name in unknown]
        return DomainError("body.invalid", faults=faults)
    return None


def _conflict(known: ProvinceVerdict, command: ProvinceVerdict) -> DomainError | None:
    """It does not say what is on record, which may be another province's; who may see that asks for it."""
    return None if known == command else DomainError("verdict.conflict", verdict=known.verdict)


async def _take(tx: Transaction, context: Context, fresh: Sequence[ProvinceVerdict]) -> dict[str, Kept]:
    """Write new verdicts down, and let those stand that were decided last."""
    if not fresh:
        return {}
    members = await figures.load_members(tx, {verdict.teacher for verdict in fresh})
    states = await _arrive(tx, fresh, members.keys())
    entries = await context.journal.append(
        tx, [facts.received(verdict, states[verdict.verdict]) for verdict in fresh]
    )
    await store.project(tx, entries)
    await _rule(tx, context, [verdict for verdict in fresh if states[verdict.verdict] == "standing"])
    return {
        verdict.verdict: _kept(verdict, states[verdict.verdict], entry)
        for verdict, entry in zip(fresh, entries, strict=True)
    }


async def _arrive(
    tx: Transaction, arriving: Sequence[ProvinceVerdict], known: Container[str]
) -> dict[str, State]:
    """What becomes of each; of several on one teacher's year only the last can stand."""
    standing = await store.load_standing(tx, {_key(verdict) for verdict in arriving})
    ranks = {key: rank(verdict) for key, verdict in standing.items()}
    states: dict[str, State] = {}
    for verdict in sorted(arriving, key=rank, reverse=True):
        key = _key(verdict)
        state = arrive(verdict, known=verdict.teacher in known, standing=ranks.get(key))
        if state == "standing":
            ranks[key] = rank(verdict)
        states[verdict.verdict] = state
    return states


async def _unpark(tx: Transaction, context: Context, teachers: Sequence[str]) -> None:
    """Set verdicts free that waited for these teachers."""
    parked = await store.load_parked(tx, teachers) if teachers else []
    if not parked:
        return
    states = await _arrive(tx, parked, set(teachers))
    entries = await context.journal.append(
        tx, [facts.unparked(verdict, states[verdict.verdict]) for verdict in parked]
    )
    await store.project(tx, entries)
    await _rule(tx, context, [verdict for verdict in parked if states[verdict.verdict] == "standing"])


async def _rule(tx: Transaction, context: Context, verdicts: Sequence[ProvinceVerdict]) -> None:
    await judgements.rule(tx, context, [facts.ruling(verdict) for verdict in verdicts])
    await _reconcile(tx, context, [_key(verdict) for verdict in verdicts])


async def _reconcile(tx: Transaction, context: Context, keys: Sequence[TeacherYear]) -> None:
    """Open and close discrepancies so that they say how prediction and verdict differ now."""
    standing = await store.load_standing(tx, keys) if keys else {}
    if not standing:
        return
    judged = await judgements.load(tx, standing)
    open_now = await store.load_open(tx, standing)
    drafts: list[Draft] = []
    for key, verdict in standing.items():
        prediction = judged[key].prediction
        before, due = open_now.get(key), compare(prediction, verdict, context.pack.parts)
        for step in steps(before, due):
            if step == "close" and before is not None:
                drafts.append(facts.closed(context.pack.reference, verdict, before))
            if step == "open" and due is not None:
                drafts.append(facts.opened(context.pack.reference, verdict, due, prediction))
    await store.project(tx, await context.journal.append(tx, drafts))


def _teacher(item: Heard) -> str:
    match item:
        case Enrolled(member=member):
            return member.teacher
        case Left(teacher=teacher):
            return teacher
        case Counted(key=key) | Excused(key=key):
            return key.teacher


def _key(verdict: ProvinceVerdict) -> TeacherYear:
    return TeacherYear(verdict.teacher, verdict.year)


def _kept(verdict: ProvinceVerdict, state: State, entry: Entry) -> Kept:
    return Kept(verdict=verdict, arrived=state, state=state, entry=entry.id, recorded_at=entry.recorded_at)
