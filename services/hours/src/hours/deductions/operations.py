"""What is done with deductions: decided where an inspection was failed, and withdrawn."""

from dataclasses import dataclass
from datetime import datetime

from hours.deductions import store
from hours.deductions.domain import Shown
from hours.deductions.entries import DeductionMade, DeductionWithdrawn
from hours.ledger import operations as ledger
from hours.ledger.domain.amount import exact
from hours.ledger.domain.deduction import Deduction
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.access import Caller
from shared.policy.calendar import day_of
from shared.policy.names import caller_name
from shared.policy.years import Deduction as Rule
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """An inspection of a teacher's year was failed, and the rule says what that costs."""

    number: str
    caller: Caller
    teacher: str
    year: int
    rule: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A deduction was a mistake, or its reason is gone."""

    number: str
    by: str
    """Kind and id of the caller, such as `city:C4401`."""
    account: str
    """The token's subject."""
    reason: str
    at: datetime
    on_appeal: bool = False
    """Whether it is undone by somebody without a hand in it, whom the rule need not name."""


async def make(tx: Transaction, context: Context, wanted: Failed) -> Shown:
    """Deduct of a teacher's year what the rule says, as far as hours are there.

    Raises:
        DomainError: `deduction.no_rule`, `rule.disabled`, `rule.incomplete`, `deduction.not_decider`,
            `year.not_begun`, `year.closed`, `teacher.unknown`; `idempotency.conflict` for a number that
            somebody else has taken.
    """
    rule = _rule(context, wanted.rule)
    _hold_decider(rule, wanted.caller.name)
    if rule.hours is None:
        raise DomainError.at("/rule", "rule.incomplete")
    today = day_of(wanted.at, context.pack.pack.timezone)
    if wanted.year > context.pack.years.of_day(today):
        raise DomainError.at("/year", "year.not_begun", year=wanted.year, today=today)
    await context.journal.lock(tx, [subject(wanted.number)])
    if await store.load(tx, wanted.number) is not None:
        raise DomainError("idempotency.conflict", key=wanted.number)
    await context.journal.lock(tx, [roster.subject(wanted.teacher)])
    if wanted.teacher not in await roster.find(tx, [wanted.teacher]):
        raise DomainError.at("/teacher", "teacher.unknown", teacher=wanted.teacher)
    closing = (await ledger.closings(tx, context, [wanted.teacher], wanted.at))[wanted.teacher]
    if wanted.year in closing:
        raise DomainError.at("/year", "year.closed", year=wanted.year)
    fact = DeductionMade(
        deduction=wanted.number,
        teacher=wanted.teacher,
        year=wanted.year,
        rule=rule.id,
        hours=exact(rule.hours),
        reason=wanted.reason,
        by=wanted.caller.name,
        subject=wanted.caller.subject,
        reopening=closing.opened_by(wanted.year),
    )
    entry = await _say(tx, context, store.MADE, fact, wanted.at)
    deduction = Deduction(
        deduction=fact.deduction,
        teacher=fact.teacher,
        year=fact.year,
        rule=fact.rule,
        asked=fact.hours,
        categories=rule.categories,
        withholds=rule.withholds,
        origin=entry.id,
        at=wanted.at,
    )
    await ledger.deduct(tx, context, deduction)
    return await _found(tx, wanted.number)


async def withdraw(tx: Transaction, context: Context, wanted: Withdrawal) -> Shown:
    """Take a deduction back whole.

    Raises:
        DomainError: `deduction.unknown`, `deduction.over`, `deduction.not_decider`, `year.closed`.
    """
    await context.journal.lock(tx, [subject(wanted.number)])
    shown = await _found(tx, wanted.number)
    kept = shown.kept
    if not wanted.on_appeal:
        _hold_decider(await _rule_of(tx, context, shown), wanted.by)
    if kept.state != "standing":
        raise DomainError("deduction.over", deduction=kept.deduction)
    await context.journal.lock(tx, [roster.subject(kept.teacher)])
    closing = (await ledger.closings(tx, context, [kept.teacher], wanted.at))[kept.teacher]
    if kept.year in closing:
        raise DomainError("year.closed", year=kept.year)
    fact = DeductionWithdrawn(
        deduction=kept.deduction,
        teacher=kept.teacher,
        reason=wanted.reason,
        by=wanted.by,
        subject=wanted.account,
        reopening=closing.opened_by(kept.year),
    )
    await _say(tx, context, store.WITHDRAWN, fact, wanted.at)
    await ledger.restore(tx, context, kept.deduction, kept.teacher, kept.year)
    return await _found(tx, wanted.number)


def _rule(context: Context, rule: str) -> Rule:
    found = context.pack.deduction(rule)
    if found is not None:
        return found
    code = "deduction.no_rule" if context.pack.slot(rule) is None else "rule.disabled"
    raise DomainError.at("/rule", code, rule=rule)


async def _rule_of(tx: Transaction, context: Context, shown: Shown) -> Rule:
    """The rule of a deduction as it is in force; where it is gone, as the version has it that decided."""
    name = shown.kept.rule
    found = context.pack.deduction(name) or (await context.adoptions.under(tx, shown.policy)).deduction(name)
    assert found is not None, "the rules that decided on a deduction have its rule"
    return found


def _hold_decider(rule: Rule, by: str) -> None:
    """Go on where this kind of caller decides."""
    kind, _, identity = by.partition(":")
    if kind != "operator" and kind not in rule.deciders:
        deciders = [caller_name(one) for one in rule.deciders]
        raise DomainError("deduction.not_decider", caller=caller_name(kind, identity), deciders=deciders)


async def _say(
    tx: Transaction, context: Context, kind: str, fact: DeductionMade | DeductionWithdrawn, at: datetime
) -> Entry:
    draft = Draft(
        type=kind,
        subject=roster.subject(fact.teacher),
        effective_at=at,
        policy=context.pack.reference,
        data=fact,
    )
    entries = await context.journal.append(tx, [draft])
    await store.project(tx, entries)
    return entries[0]


async def _found(tx: Transaction, number: str) -> Shown:
    found = await store.load(tx, number)
    if found is None:
        raise DomainError("deduction.unknown", deduction=number)
    return found


def subject(number: str) -> str:
    """What is locked where a deduction is made or withdrawn."""
    return f"deduction:{number}"


async def find(tx: Transaction, number: str) -> Shown | None:
    """A deduction as it stands."""
    return await store.load(tx, number)


async def decision_of(tx: Transaction, context: Context, shown: Shown) -> Entry:
    """The entry by which a deduction was made."""
    return await context.journal.recorded(tx, shown.kept.entry)
