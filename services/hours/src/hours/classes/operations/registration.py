"""The hours of a class are registered by who holds it, of everybody who passed; the others are named.

Where the rule names who recognises them, they await that, and a record follows with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hours.classes.domain.results import Standing, may_register
from hours.classes.domain.training_class import TrainingClass, is_held_by
from hours.classes.entries import ASSESSED, REGISTERED, ClassAssessed, ClassRegistered
from hours.classes.operations import standings as stand
from hours.classes.operations.desk import approved, office_of, refusal, rule_of, say
from hours.classes.operations.posting import filed
from hours.classes.operations.recognition import recogniser_of
from hours.classes.operations.results import excludes
from hours.records import operations as records
from hours.records.operations import Receipt, Weighed
from hours.settings import Context
from shared.access import Caller
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Somebody orders the hours of a class to be registered."""

    number: str
    caller: Caller
    at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """Hours that are registered and await recognition, and whether they did before this order."""

    weighed: Weighed
    awaits: str
    replayed: bool


Outcome = records.Outcome | Pending


async def register(tx: Transaction, context: Context, order: Order) -> list[tuple[str, Outcome]]:
    """Register the hours of everybody who takes part and passed, and say of the others why not.

    Whoever has a record that stands keeps it: the same order again registers those who passed since, and
    those whose record was taken back.

    Raises:
        DomainError: `class.unknown`, `class.not_approved`, `class.not_organiser`, `class.held`,
            `class.without_recogniser`.
    """
    found = await approved(tx, context, order.number)
    if not is_held_by(found, rule_of(context, found), office_of(order.caller)):
        raise DomainError("class.not_organiser")
    if found.held:
        raise DomainError("class.held", number=found.number)
    standings = await stand.enrolled(tx, context, found.number)
    outcomes: dict[str, Outcome] = {**await _kept(tx, standings)}
    for standing in standings:
        reason = may_register(standing, excluded=excludes(context, found, standing))
        if standing.teacher not in outcomes and reason is not None:
            outcomes[standing.teacher] = refusal(reason)
    passed = [standing for standing in standings if standing.teacher not in outcomes]
    if rule_of(context, found).reviewers:
        outcomes |= await _hand_over(tx, context, order, found, passed)
    else:
        outcomes |= await _records(tx, context, order, found, passed)
    return [(standing.teacher, outcomes[standing.teacher]) for standing in standings]


async def _kept(tx: Transaction, standings: Sequence[Standing]) -> dict[str, records.Outcome]:
    """The record that stands of each who has one."""
    found = await records.find(tx, [one.record for one in standings if one.registered])
    return {kept.teacher: Receipt(kept, replayed=True) for kept in found.values()}


async def _records(
    tx: Transaction, context: Context, order: Order, found: TrainingClass, passed: Sequence[Standing]
) -> Mapping[str, records.Outcome]:
    by = order.caller.name
    account = order.caller.subject
    filings = [filed(found, rule_of(context, found), one, by) for one in passed]
    rows = [(registration, replace(filing, account=account)) for registration, filing in filings]
    judged = await records.register_filed(tx, context, rows, order.at)
    outcomes = {one.teacher: outcome for one, outcome in zip(passed, judged, strict=True)}
    new = [teacher for teacher, said in outcomes.items() if isinstance(said, Receipt) and not said.replayed]
    if new:
        fact = ClassRegistered(class_=order.number, teachers=sorted(new), by=by)
        await say(tx, context, order.number, [(REGISTERED, fact)], order.at)
    return outcomes


async def _hand_over(
    tx: Transaction, context: Context, order: Order, found: TrainingClass, passed: Sequence[Standing]
) -> Mapping[str, DomainError | Pending]:
    """Let the hours of who passed await recognition; what could not be registered now is refused now."""
    source, by = rule_of(context, found), order.caller.name
    awaits = await recogniser_of(tx, found.organiser, source)
    weighed = await records.weigh(
        tx, context, [filed(found, source, one, one.registrar or by) for one in passed], order.at
    )
    outcomes = {
        one.teacher: said if isinstance(said, DomainError) else Pending(said, awaits, bool(one.registrar))
        for one, said in zip(passed, weighed, strict=True)
    }
    new = [teacher for teacher, said in outcomes.items() if isinstance(said, Pending) and not said.replayed]
    if new:
        fact = ClassAssessed(
            class_=order.number, teachers=sorted(new), awaits=awaits, by=by, account=order.caller.subject
        )
        await say(tx, context, order.number, [(ASSESSED, fact)], order.at)
    return outcomes
