"""From a plan that is over to records: the school assesses, and it or its authority registers who passed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from hours.plans import store
from hours.plans.domain import plan as rules
from hours.plans.domain import results as marks
from hours.plans.domain.entries import PlanAssessed, PlanRegistered, Result
from hours.plans.domain.plan import Plan, Refused
from hours.plans.domain.results import Assessed, Outcome
from hours.plans.operations.steps import (
    Step,
    authority_of,
    day_on,
    error_of,
    go_on,
    locked,
    said_by,
    say,
    source_of,
    subject,
    take,
)
from hours.records import operations as records
from hours.records.domain.registration import Filing, Registrar
from hours.records.operations import Kept, Receipt
from hours.roster.operations import rows as roster
from hours.roster.operations import workplaces
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


async def assess(
    tx: Transaction, context: Context, step: Step, results: Sequence[Result], *, dry: bool
) -> list[Outcome | DomainError]:
    """Take results by difference, a refused one alone; a dry run says what would happen.

    Raises:
        DomainError: `plan.unknown`, `plan.not_approved`, `plan.state_conflict`, `plan.not_over`.
    """
    plan = await locked(tx, context, step.plan)
    go_on(rules.may_assess(plan, day_on(context, step.now)))
    outcomes = await _judge(tx, context, plan, results)
    taken = [one for one, outcome in zip(results, outcomes, strict=True) if outcome in {"taken", "changed"}]
    reviewed = bool(source_of(context, plan.rule).reviewers)
    again = "unchanged" in outcomes and plan.is_to_assess(reviewed=reviewed)
    if (taken or again) and not dry:
        authority = await authority_of(tx, plan) if reviewed else ""
        await say(tx, context, PlanAssessed(**said_by(step), results=taken, authority=authority), step.now)
    return outcomes


async def _judge(
    tx: Transaction, context: Context, plan: Plan, results: Sequence[Result]
) -> list[Outcome | DomainError]:
    teachers = {one.teacher for one in results}
    known, _ = await _assessed(tx, context, plan, teachers)
    own = await _own(tx, context, plan, teachers)
    outcomes: list[Outcome | DomainError] = []
    seen: set[str] = set()
    for one in results:
        judged = marks.judge(plan, one, known.get(one.teacher), own=one.teacher in own)
        if one.teacher in seen:
            judged = Refused(code="plan.teacher_twice", params={"teacher": one.teacher}, path="/teacher")
        seen.add(one.teacher)
        outcomes.append(error_of(judged) if isinstance(judged, Refused) else judged)
    return outcomes


async def _own(tx: Transaction, context: Context, plan: Plan, teachers: Collection[str]) -> set[str]:
    """Those on the roster who work at the plan's school, or left it since its first day."""
    listed = await roster.find(tx, teachers)
    here = {name for name, teacher in listed.items() if teacher.school == plan.school}
    return here | await workplaces.left_since(tx, context, plan.school, listed.keys() - here, plan.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What became of those who passed, in order of teacher."""

    plan: Plan
    teachers: Sequence[str]
    outcomes: Sequence[records.Outcome]


async def register(tx: Transaction, context: Context, step: Step) -> Registered:
    """Turn the results of those who passed into records; who has one that stands keeps it.

    Raises:
        DomainError: `plan.unknown`, `plan.not_approved`, `plan.state_conflict`, `plan.not_awaited`,
            `plan.own_account`.
    """
    plan = await locked(tx, context, step.plan)
    source = source_of(context, plan.rule)
    reviewed = bool(source.reviewers)
    go_on(rules.may_register(plan, step.actor, reviewed=reviewed))
    assessed, standing = await _assessed(tx, context, plan)
    wanted = marks.registrations(plan, assessed.values(), source.category)
    filing = Filing(
        registrar=Registrar(kind="school", id=plan.school),
        recogniser=step.caller.name if reviewed else "",
        matter=subject(plan.plan),
        account=step.caller.subject,
        accounts=plan.accounts,
    )
    filed = [(one, replace(filing, handed_in=assessed[one.teacher].handed_in)) for one in wanted]
    registered = await records.register_filed(tx, context, filed, step.now)
    outcomes = {one.teacher: outcome for one, outcome in zip(wanted, registered, strict=True)}
    new = [teacher for teacher, outcome in outcomes.items() if isinstance(outcome, Receipt)]
    if new or (len(new) == len(outcomes) and plan.awaits is not None):
        plan = await take(tx, context, PlanRegistered(**said_by(step), teachers=new), step.now)
    outcomes |= {
        teacher: Receipt(kept, replayed=True)
        for teacher, kept in standing.items()
        if assessed[teacher].grade == "passed"
    }
    teachers = [teacher for teacher in assessed if teacher in outcomes]
    return Registered(plan=plan, teachers=teachers, outcomes=[outcomes[teacher] for teacher in teachers])


async def results(tx: Transaction, plan: Plan) -> list[Assessed]:
    """The results of a plan in order of teacher, each with the record that stands for it."""
    found = await store.load_results(tx, plan.plan)
    return list(_with_records(found, await records.standing(tx, subject(plan.plan), found)).values())


async def _assessed(
    tx: Transaction, context: Context, plan: Plan, teachers: Collection[str] | None = None
) -> tuple[dict[str, Assessed], dict[str, Kept]]:
    """Results of a plan and the records that stand for them; all, or those of some teachers.

    Meanwhile nobody changes these teachers' records or takes them off the roster.
    """
    found = await store.load_results(tx, plan.plan, teachers)
    await context.journal.lock(tx, map(roster.subject, found if teachers is None else teachers))
    standing = await records.standing(tx, subject(plan.plan), found)
    return _with_records(found, standing), standing


def _with_records(found: Mapping[str, Assessed], standing: Mapping[str, Kept]) -> dict[str, Assessed]:
    return {
        teacher: replace(one, record=standing[teacher].record if teacher in standing else None)
        for teacher, one in found.items()
    }
