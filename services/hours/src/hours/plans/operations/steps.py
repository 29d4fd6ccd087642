"""A step of a plan: who takes it and when, the plan under its lock, and the entry that says so.

Who is to act is the place that a plan awaits, never a person; the accounts are compared as well, so that
nobody decides on what they handed in themselves.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hours.organisations import operations as organisations
from hours.plans import store
from hours.plans.domain.entries import NAMES, Fact
from hours.plans.domain.plan import Actor, Plan, Refused
from hours.records import operations as records
from hours.settings import Context
from shared.access import Caller
from shared.policy.calendar import day_of
from shared.policy.sources import AnyHourSource
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that somebody does to a plan. `at` is when it was done: now, or on paper before."""

    plan: str
    caller: Caller
    now: datetime
    at: datetime | None = None
    reason: str = ""

    @property
    def actor(self) -> Actor:
        """Who does it, as the rules ask."""
        caller = self.caller
        return Actor(
            name=caller.name,
            place=caller.place,
            account=caller.subject,
            is_operator=caller.is_operator,
        )


async def locked(tx: Transaction, context: Context, number: str) -> Plan:
    """A plan that nobody else changes meanwhile.

    Raises: DomainError `plan.unknown`.
    """
    await context.journal.lock(tx, [subject(number)])
    plan = await store.load(tx, number)
    if plan is None:
        raise DomainError("plan.unknown", plan=number)
    return plan


async def authority_of(tx: Transaction, plan: Plan) -> str:
    """What the plan's school stands below now, as a place."""
    return (await organisations.authorities(tx, [plan.school]))[plan.school]


def source_of(context: Context, rule: str) -> AnyHourSource:
    """The rule of a plan.

    Raises: DomainError `rule.unknown`, `rule.disabled`, `rule.other_way`.
    """
    return records.rule_in_force(context, rule, "plan", "/rule")


def instant_of(step: Step, earliest: datetime | None) -> datetime:
    """When a step was taken; the operator takes over what was done on paper before.

    Raises: DomainError `plan.backdated`, `plan.at_invalid`.
    """
    if step.at is None:
        return step.now
    if not step.caller.is_operator:
        raise DomainError("plan.backdated")
    if step.at > step.now or (earliest is not None and step.at < earliest):
        raise DomainError.at("/at", "plan.at_invalid", at=step.at)
    return step.at


def day_on(context: Context, instant: datetime) -> date:
    """The day of an instant where the rules apply."""
    return day_of(instant, context.pack.pack.timezone)


def said_by(step: Step) -> dict[str, str]:
    """What an entry says of every step."""
    return {"plan": step.plan, "by": step.caller.name, "account": step.caller.subject}


def go_on(refused: Refused | None) -> None:
    """Go on where nothing is refused.

    Raises: DomainError with the code of the refusal.
    """
    if refused is not None:
        raise error_of(refused)


def error_of(refused: Refused) -> DomainError:
    """A refusal as it is answered."""
    if refused.path:
        return DomainError.at(refused.path, refused.code, **refused.params)
    return DomainError(refused.code, **refused.params)


async def take(tx: Transaction, context: Context, fact: Fact, at: datetime) -> Plan:
    """Write down what was done to a plan; the plan as it stands then."""
    await say(tx, context, fact, at)
    found = await store.load(tx, fact.plan)
    assert found is not None, "what was just said of a plan is on file"
    return found


async def say(tx: Transaction, context: Context, fact: Fact, at: datetime) -> Entry:
    """Write down what was done to a plan, which holds from `at`."""
    entries = await context.journal.append(
        tx,
        [
            Draft(
                type=NAMES[type(fact)],
                subject=subject(fact.plan),
                effective_at=at,
                policy=context.pack.reference,
                data=fact,
            )
        ],
    )
    await store.project(tx, entries)
    return entries[0]


def subject(number: str) -> str:
    """The journal's subject of a plan."""
    return f"plan:{number}"
