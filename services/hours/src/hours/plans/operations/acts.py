"""From a draft to an approved plan: made and submitted by the school, decided on by its authority."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hours.organisations import operations as organisations
from hours.plans import store
from hours.plans.domain import plan as rules
from hours.plans.domain.entries import (
    PlanApproved,
    PlanChanged,
    PlanDrafted,
    PlanReturned,
    PlanSubmitted,
    PlanWithdrawn,
    Theme,
)
from hours.plans.domain.plan import Decision, Plan
from hours.plans.operations.steps import (
    Step,
    authority_of,
    day_on,
    go_on,
    instant_of,
    locked,
    said_by,
    say,
    source_of,
    subject,
    take,
)
from hours.settings import Context
from shared.access import Caller
from shared.policy.calendar import months_before
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a plan holds, and what may change of it until it is approved."""

    title: str
    themes: Sequence[Theme]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """A school's new plan."""

    plan: str
    school: str
    year: int
    rule: str
    content: Content


async def draft(
    tx: Transaction, context: Context, wanted: Drafting, caller: Caller, now: datetime
) -> tuple[Entry, bool]:
    """Put a new plan on file; its first entry, and whether it was there before with the same content.

    Raises:
        DomainError: `plan.conflict`, `plan.school_unknown`, `dates.reversed`, `year.mismatch`,
            `rule.unknown`, `rule.disabled`, `rule.other_way`, `organisation.abolished`.
    """
    await context.journal.lock(tx, [subject(wanted.plan)])
    fact = PlanDrafted(
        plan=wanted.plan,
        by=caller.name,
        account=caller.subject,
        school=wanted.school,
        year=wanted.year,
        rule=wanted.rule,
        title=wanted.content.title,
        themes=wanted.content.themes,
    )
    first = await store.load_entry(tx, wanted.plan)
    if first is not None:
        return await _again(tx, context, first, fact), True
    if wanted.school not in await organisations.authorities(tx, [wanted.school]):
        raise DomainError.at("/school", "plan.school_unknown", school=wanted.school)
    await organisations.hold_standing(tx, wanted.school)
    source_of(context, wanted.rule)
    go_on(rules.fault(fact.themes, fact.year, context.pack.years))
    return await say(tx, context, fact, now), False


async def _again(tx: Transaction, context: Context, first: str, fact: PlanDrafted) -> Entry:
    entry = await context.journal.recorded(tx, first)
    known = entry.parse(PlanDrafted)
    if (known.school, known.year, known.rule, known.title, list(known.themes)) != (
        fact.school,
        fact.year,
        fact.rule,
        fact.title,
        list(fact.themes),
    ):
        raise DomainError("plan.conflict", plan=fact.plan)
    return entry


async def change(tx: Transaction, context: Context, step: Step, content: Content) -> Plan:
    """Let a plan hold something else, before it is submitted or after it was returned.

    Raises:
        DomainError: `plan.unknown`, `plan.state_conflict`, `dates.reversed`, `year.mismatch`.
    """
    plan = await locked(tx, context, step.plan)
    go_on(rules.possible(plan, "change") or rules.fault(content.themes, plan.year, context.pack.years))
    fact = PlanChanged(**said_by(step), title=content.title, themes=content.themes)
    return await take(tx, context, fact, step.now)


async def submit(tx: Transaction, context: Context, step: Step) -> Plan:
    """Hand a plan in to what the school stands below.

    Raises:
        DomainError: `plan.unknown`, `plan.state_conflict`, `plan.begun`, `plan.backdated`, `plan.at_invalid`.
    """
    plan = await locked(tx, context, step.plan)
    at = instant_of(step, None)
    go_on(rules.may_submit(plan, day_on(context, at)))
    months = source_of(context, plan.rule).lead_months
    fact = PlanSubmitted(
        **said_by(step),
        authority=await authority_of(tx, plan),
        latest=None if months is None else months_before(plan.first, months),
    )
    return await take(tx, context, fact, at)


async def approve(tx: Transaction, context: Context, step: Step, override: str) -> Plan:
    """Consent to a plan (同意); to one that came late with a reason only.

    Raises:
        DomainError: `plan.unknown`, `plan.not_awaited`, `plan.own_account`, `plan.state_conflict`,
            `plan.begun`, `plan.late`, `plan.backdated`, `plan.at_invalid`.
    """
    plan = await locked(tx, context, step.plan)
    at = instant_of(step, plan.submitted_at)
    decision = Decision(
        submitted=day_on(context, plan.submitted_at or at), today=day_on(context, at), override=override
    )
    go_on(rules.may_approve(plan, step.actor, decision))
    late = plan.latest is not None and decision.submitted > plan.latest
    return await take(tx, context, PlanApproved(**said_by(step), override=override if late else ""), at)


async def send_back(tx: Transaction, context: Context, step: Step) -> Plan:
    """Return a plan, or its results where the authority recognises them, to the school.

    Raises:
        DomainError: `plan.unknown`, `plan.not_awaited`, `plan.own_account`, `plan.state_conflict`.
    """
    plan = await locked(tx, context, step.plan)
    go_on(rules.may_return(plan, step.actor))
    return await take(tx, context, PlanReturned(**said_by(step), reason=step.reason), step.now)


async def withdraw(tx: Transaction, context: Context, step: Step) -> Plan:
    """Give a plan up while nothing of it is registered.

    Raises:
        DomainError: `plan.unknown`, `plan.state_conflict`.
    """
    plan = await locked(tx, context, step.plan)
    go_on(rules.possible(plan, "withdraw"))
    return await take(tx, context, PlanWithdrawn(**said_by(step), reason=step.reason), step.now)
