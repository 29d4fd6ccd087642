"""What is done with annual plans: declared to the authority, admitted or returned by entry, reported on.

What somebody wrote in a report lies beside the journal, which knows a digest of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from hours.annual_plans import domain as rules
from hours.annual_plans import store
from hours.annual_plans.domain import (
    AnnualPlan,
    AnnualPlanDecided,
    AnnualPlanDeclared,
    AnnualPlanReported,
    Deciding,
    Decision,
    Fact,
    Planned,
    Refused,
)
from hours.evidence import operations as evidence
from hours.evidence.operations import Use
from hours.organisations import operations as organisations
from hours.records import operations as records
from hours.settings import Context
from shared.access import Caller, Reach
from shared.policy.calendar import day_of
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft

T = TypeVar("T")

ADMITTED_ENTRIES = store.ADMITTED_ENTRIES
"""Entries under which hours of classes are registered: rows for a statement of a room above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """An organiser declares what it is to hold in a year. `at` is when: now, or on paper before."""

    organiser: str
    year: int
    entries: Sequence[Planned]
    caller: Caller
    now: datetime
    at: datetime | None


async def declare(tx: Transaction, context: Context, wanted: Declaration) -> AnnualPlan:
    """Take entries that are not on file yet, or were returned; the same again changes nothing.

    Raises:
        DomainError: `annual_plan.not_organiser`, `annual_plan.conflict`, `annual_plan.entry_twice`,
            `annual_plan.over`, `list.too_long`, `class.organiser_unknown`, `year.mismatch`, `dates.reversed`,
            `plan.backdated`, `plan.at_invalid`, `organisation.abolished`, and those of the rule.
    """
    _hold_own(wanted.caller, wanted.organiser)
    await context.journal.lock(tx, [subject(wanted.organiser, wanted.year)])
    known = await store.load(tx, wanted.organiser, wanted.year)
    new = _go_on(rules.new_of(known, wanted.entries, wanted.year, context.pack.years))
    if known is not None and not new:
        return known
    at = _instant_of(wanted)
    today = day_of(at, context.pack.pack.timezone)
    if context.pack.years.of_day(today) > wanted.year:
        raise DomainError("annual_plan.over", year=wanted.year, today=today)
    organiser = (await organisations.find(tx, [wanted.organiser])).get(wanted.organiser)
    if organiser is None or organiser.level == "school":
        raise DomainError.at("/organiser", "class.organiser_unknown", organiser=wanted.organiser)
    await organisations.hold_standing(tx, wanted.organiser)
    for place, one in enumerate(wanted.entries):
        records.rule_for(context, one.rule, "class", wanted.caller, f"/entries/{place}/source_rule")
    fact = AnnualPlanDeclared(
        organiser=wanted.organiser,
        year=wanted.year,
        entries=new,
        by=wanted.caller.name,
        account=wanted.caller.subject,
    )
    return await _say(tx, context, fact, at)


def _instant_of(wanted: Declaration) -> datetime:
    """When it was declared; the operator takes over what was on paper.

    Raises: DomainError `plan.backdated`, `plan.at_invalid`.
    """
    if wanted.at is None:
        return wanted.now
    if not wanted.caller.is_operator:
        raise DomainError("plan.backdated")
    if wanted.at > wanted.now:
        raise DomainError.at("/at", "plan.at_invalid", at=wanted.at)
    return wanted.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """An authority decides on entries; on all that wait where it names none."""

    organiser: str
    year: int
    numbers: Sequence[str]
    decision: Decision
    reason: str
    caller: Caller
    at: datetime

    @property
    def deciding(self) -> Deciding:
        """As the rules see it."""
        caller = self.caller
        return Deciding(
            kind=caller.kind,
            place=caller.place,
            office=caller.name,
            account=caller.subject,
            is_operator=caller.is_operator,
        )


async def decide(tx: Transaction, context: Context, ruling: Ruling) -> AnnualPlan:
    """Admit entries, or return them with a reason.

    Raises:
        DomainError: `annual_plan.unknown`, `annual_plan.entry_unknown`, `annual_plan.decided`,
            `annual_plan.reason_missing`, `annual_plan.not_approver`, `annual_plan.own`, `rule.unknown`.
    """
    if ruling.decision == "returned" and not ruling.reason:
        raise DomainError.at("/reason", "annual_plan.reason_missing")
    plan = await _locked(tx, context, ruling.organiser, ruling.year)
    chosen = _go_on(rules.to_decide(plan, ruling.numbers, ruling.decision))
    organiser = (await organisations.find(tx, [plan.organiser]))[plan.organiser]
    for entry in (plan.entries[number] for number in ruling.numbers or chosen):
        source = records.rule_in_force(context, entry.planned.rule, "class", "/entries")
        _go_on(rules.may_decide(organiser, entry, source, ruling.deciding))
    if not chosen:
        return plan
    fact = AnnualPlanDecided(
        organiser=plan.organiser,
        year=plan.year,
        entries=chosen,
        decision=ruling.decision,
        reason=ruling.reason,
        by=ruling.caller.name,
        account=ruling.caller.subject,
    )
    return await _say(tx, context, fact, ruling.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An organiser says what came of its plan, with files that prove it."""

    organiser: str
    year: int
    words: str
    files: Sequence[str]
    """Digests of evidence that was handed in."""
    reach: Reach
    at: datetime


async def report(tx: Transaction, context: Context, wanted: Report) -> AnnualPlan:
    """Take a report, in place of the one before; the files of that one are free again.

    Raises:
        DomainError: `annual_plan.unknown`, `annual_plan.not_organiser`, `evidence.not_handed_in`,
            `evidence.claimed`.
    """
    caller, matter = wanted.reach.caller, subject(wanted.organiser, wanted.year)
    _hold_own(caller, wanted.organiser)
    await evidence.hold(tx, wanted.files, wanted.reach)
    files = list(dict.fromkeys(wanted.files))
    former = set(await evidence.used_by(tx, matter)) - set(files)
    plan = await _locked(tx, context, wanted.organiser, wanted.year, {*files, *former})
    uses = [Use(digest=digest, matter=matter, rule=matter, path="/files") for digest in files]
    for refused in await evidence.claim(tx, context, uses, wanted.at):
        if refused is not None:
            raise refused
    await evidence.release(tx, context, matter, wanted.at, only=former)
    await store.keep_words(tx, plan.organiser, plan.year, wanted.words)
    fact = AnnualPlanReported(
        organiser=plan.organiser,
        year=plan.year,
        digest=sha256(wanted.words.encode()).hexdigest(),
        files=files,
        by=caller.name,
        account=caller.subject,
    )
    return await _say(tx, context, fact, wanted.at)


async def reached(tx: Transaction, reach: Reach, organiser: str, year: int) -> AnnualPlan:
    """A plan of an organiser that is the caller's own place or lies below it.

    Raises: DomainError `annual_plan.unknown`.
    """
    found = await store.load(tx, organiser, year)
    if found is None or not await reach.holds(tx, organiser):
        raise _unknown(organiser, year)
    return found


async def has_entry(tx: Transaction, entry: str, organiser: str, year: int, rule: str) -> bool:
    """Whether an organiser has declared an entry of that key, for a year and under a rule."""
    return await store.holds(tx, entry, {"organiser": organiser, "year": year, "rule": rule})


def this_year(context: Context, now: datetime) -> int:
    """The year that it is where the rules apply."""
    return context.pack.years.of(now)


async def _locked(
    tx: Transaction, context: Context, organiser: str, year: int, files: Iterable[str] = ()
) -> AnnualPlan:
    """A plan that nobody else changes meanwhile, with what some files are used for."""
    await context.journal.lock(tx, {subject(organiser, year), *map(evidence.subject, files)})
    found = await store.load(tx, organiser, year)
    if found is None:
        raise _unknown(organiser, year)
    return found


def _unknown(organiser: str, year: int) -> DomainError:
    return DomainError("annual_plan.unknown", organiser=organiser, year=year)


def _hold_own(caller: Caller, organiser: str) -> None:
    """Go on where a caller acts for its own place, or for all.

    Raises: DomainError `annual_plan.not_organiser`.
    """
    if not caller.is_operator and caller.id != organiser:
        raise DomainError("annual_plan.not_organiser")


def _go_on(judged: T | Refused) -> T:
    """What was judged, where nothing is refused.

    Raises: DomainError with the code of the refusal.
    """
    if isinstance(judged, Refused):
        if judged.path:
            raise DomainError.at(judged.path, judged.code, **judged.figures)
        raise DomainError(judged.code, **judged.figures)
    return judged


async def _say(tx: Transaction, context: Context, fact: Fact, at: datetime) -> AnnualPlan:
    draft = Draft(
        type=store.NAMES[type(fact)],
        subject=subject(fact.organiser, fact.year),
        effective_at=at,
        policy=context.pack.reference,
        data=fact,
    )
    await store.project(tx, await context.journal.append(tx, [draft]))
    found = await store.load(tx, fact.organiser, fact.year)
    assert found is not None, "what was just said of a plan is on file"
    return found


def subject(organiser: str, year: int) -> str:
    """The journal's subject of a plan, and the matter that files of its report are used by."""
    return f"annual_plan:{organiser}/{year}"
