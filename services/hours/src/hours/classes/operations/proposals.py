"""A class is proposed, decided on, and admitted by itself where its entry of an annual plan is not."""

from dataclasses import dataclass
from datetime import datetime

from hours.annual_plans import operations as annual_plans
from hours.classes.domain.outline import Outline, is_late, judge
from hours.classes.domain.training_class import (
    Deciding,
    Decision,
    TrainingClass,
    is_held_by,
    may_approve,
    may_decide,
)
from hours.classes.entries import ADMITTED, DECIDED, PROPOSED, ClassAdmitted, ClassDecided, ClassProposed
from hours.classes.operations.desk import locked, office_of, refusal, rule_of, say, subject
from hours.classes.operations.recognition import recogniser_of
from hours.classes.store import classes as store
from hours.organisations import operations as organisations
from hours.records import operations as records
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.access import Caller
from shared.policy.calendar import day_of
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An organisation is to hold a class."""

    number: str
    organiser: str
    outline: Outline
    caller: Caller
    at: datetime


async def propose(tx: Transaction, context: Context, wanted: Proposal) -> TrainingClass:
    """Take a proposal, the first or one after the class was returned; the same again changes nothing.

    Raises:
        DomainError: `class.not_organiser`, `class.organiser_unknown`, `class.conflict`, `teacher.unknown`,
            `class.annual_plan_unknown`, `class.without_recogniser`, those of `judge` and of the rule.
    """
    if not wanted.caller.is_operator and wanted.caller.id != wanted.organiser:
        raise DomainError("class.not_organiser")
    await context.journal.lock(tx, [subject(wanted.number)])
    known = await store.load(tx, wanted.number)
    if known is not None and not _holds(context, known, wanted):
        raise DomainError("class.conflict", number=wanted.number)
    if known is not None and known.outline == wanted.outline:
        return known
    if known is not None and known.state != "returned":
        raise DomainError("class.conflict", number=wanted.number)
    await _say_proposed(tx, context, wanted)
    return await _found(tx, wanted.number)


def _holds(context: Context, known: TrainingClass, wanted: Proposal) -> bool:
    """Whether it is who holds a class that proposes it again; another office of the same place is not."""
    by_holder = is_held_by(known, rule_of(context, known), office_of(wanted.caller))
    return by_holder and known.organiser == wanted.organiser


async def _say_proposed(tx: Transaction, context: Context, wanted: Proposal) -> None:
    caller, outline = wanted.caller, wanted.outline
    organiser = (await organisations.find(tx, [wanted.organiser])).get(wanted.organiser)
    if organiser is None or organiser.level == "school":
        raise DomainError.at("/organiser", "class.organiser_unknown", organiser=wanted.organiser)
    await organisations.hold_standing(tx, wanted.organiser)
    source = records.rule_for(context, outline.rule, "class", caller, "/source_rule")
    assert source.classes is not None, "the pack was checked"
    if source.reviewers:
        await recogniser_of(tx, wanted.organiser, source)
    refused = judge(outline, context.pack, source)
    if refused is not None:
        raise refusal(refused)
    await context.journal.lock(tx, map(roster.subject, outline.trainers))
    missing = set(outline.trainers) - (await roster.find(tx, outline.trainers)).keys()
    if missing:
        raise DomainError.at("/trainers", "teacher.unknown", teacher=min(missing))
    year = context.pack.years.of_day(outline.closes)
    await _hold_planned(tx, wanted, year)
    fact = ClassProposed(
        class_=wanted.number,
        organiser=wanted.organiser,
        level=organiser.level,
        outline=outline,
        by=caller.name,
        account=caller.subject,
        late=is_late(outline.opens, source.lead_months, day_of(wanted.at, context.pack.pack.timezone)),
        held=source.classes.annual_plan,
        year=year,
    )
    await say(tx, context, wanted.number, [(PROPOSED, fact)], wanted.at)


async def _hold_planned(tx: Transaction, wanted: Proposal, year: int) -> None:
    """Go on where the entry that a class names, if any, is of its organiser's plan of the year, and its rule.

    Raises: DomainError `class.annual_plan_unknown`.
    """
    entry, rule = wanted.outline.annual_plan, wanted.outline.rule
    if entry and not await annual_plans.has_entry(tx, entry, wanted.organiser, year, rule):
        raise DomainError.at("/annual_plan", "class.annual_plan_unknown", entry=entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """An authority decides on a class."""

    number: str
    decision: Decision
    reason: str
    caller: Caller
    at: datetime

    @property
    def deciding(self) -> Deciding:
        """As the rules see it."""
        return Deciding(
            office=office_of(self.caller),
            account=self.caller.subject,
            decision=self.decision,
            reason=self.reason,
        )


async def decide(tx: Transaction, context: Context, ruling: Ruling) -> TrainingClass:
    """Approve, return or refuse a class that was proposed.

    Raises:
        DomainError: `class.unknown`, `class.decided`, `class.not_approver`, `class.own_proposal`,
            `class.late`.
    """
    known = await locked(tx, context, ruling.number)
    refused = may_decide(known, rule_of(context, known), ruling.deciding)
    if refused is not None:
        raise refusal(refused)
    fact = ClassDecided(
        class_=ruling.number,
        decision=ruling.decision,
        reason=ruling.reason,
        by=ruling.caller.name,
        account=ruling.caller.subject,
    )
    await say(tx, context, ruling.number, [(DECIDED, fact)], ruling.at)
    return await _found(tx, ruling.number)


async def admit(tx: Transaction, context: Context, ruling: Ruling) -> TrainingClass:
    """Admit a class by itself whose entry of an annual plan is not: its hours may be registered from now on.

    Raises: DomainError `class.unknown`, `class.not_held`, `class.not_approver`, `class.own_proposal`.
    """
    known = await locked(tx, context, ruling.number)
    refused = may_approve(known, rule_of(context, known), ruling.deciding)
    if refused is not None:
        raise refusal(refused)
    if not known.held:
        raise DomainError("class.not_held", number=ruling.number)
    caller = ruling.caller
    fact = ClassAdmitted(class_=ruling.number, reason=ruling.reason, by=caller.name, account=caller.subject)
    await say(tx, context, ruling.number, [(ADMITTED, fact)], ruling.at)
    return await _found(tx, ruling.number)


async def _found(tx: Transaction, number: str) -> TrainingClass:
    found = await store.load(tx, number)
    assert found is not None, "what was just said of a class is on file"
    return found
