"""The hours of a class are registered by who holds it, of everybody who passed; the others are named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hours.classes.domain.results import Standing, may_register, record_of
from hours.classes.domain.training_class import TrainingClass, is_held_by
from hours.classes.entries import REGISTERED, ClassRegistered
from hours.classes.operations import standings as stand
from hours.classes.operations.desk import approved, office_of, refusal, rule_of, say, subject
from hours.classes.operations.results import excludes
from hours.records import operations as records
from hours.records.domain.registration import Details, Filing, Registrar, Registration
from hours.records.operations import Receipt
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


async def register(tx: Transaction, context: Context, order: Order) -> list[tuple[str, records.Outcome]]:
    """Register the hours of everybody who takes part and passed, and say of the others why not.

    Whoever has a record that stands keeps it: the same order again registers those who passed since, and
    those whose record was taken back.

    Raises: DomainError `class.unknown`, `class.not_approved`, `class.not_organiser`, `class.held`.
    """
    found = await approved(tx, context, order.number)
    if not is_held_by(found, rule_of(context, found), office_of(order.caller)):
        raise DomainError("class.not_organiser")
    if found.held:
        raise DomainError("class.held", number=found.number)
    standings = await stand.enrolled(tx, context, found.number)
    outcomes = await _kept(tx, standings)
    for standing in standings:
        reason = may_register(standing, excluded=excludes(context, found, standing))
        if standing.teacher not in outcomes and reason is not None:
            outcomes[standing.teacher] = refusal(reason)
    passed = [standing for standing in standings if standing.teacher not in outcomes]
    outcomes |= await _records(tx, context, order, found, passed)
    await _say_registered(tx, context, order, outcomes)
    return [(standing.teacher, outcomes[standing.teacher]) for standing in standings]


async def _kept(tx: Transaction, standings: Sequence[Standing]) -> dict[str, records.Outcome]:
    """The record that stands of each who has one."""
    found = await records.find(tx, [one.record for one in standings if one.registered])
    return {kept.teacher: Receipt(kept, replayed=True) for kept in found.values()}


async def _records(
    tx: Transaction, context: Context, order: Order, found: TrainingClass, passed: list[Standing]
) -> Mapping[str, records.Outcome]:
    registrar = Registrar(kind=order.caller.kind, id=order.caller.id)
    filing = Filing(registrar=registrar, matter=subject(found.number))
    filed = [
        (_registration(found, standing), replace(filing, handed_in=standing.handed_in)) for standing in passed
    ]
    judged = await records.register_filed(tx, context, filed, order.at)
    return {standing.teacher: outcome for standing, outcome in zip(passed, judged, strict=True)}


def _registration(found: TrainingClass, standing: Standing) -> Registration:
    outline = found.outline
    return Registration(
        record=record_of(found.number, standing.teacher, standing.records + 1),
        teacher=standing.teacher,
        year=outline.closes.year,
        rule=outline.rule,
        category=outline.category,
        hours=outline.hours,
        activity=outline.title,
        provider=outline.provider or found.organiser,
        first=outline.opens,
        last=outline.closes,
        evidence=subject(found.number),
        details=Details(grade=standing.grade) if standing.grade else None,
    )


async def _say_registered(
    tx: Transaction, context: Context, order: Order, outcomes: Mapping[str, records.Outcome]
) -> None:
    new = [one for one, said in outcomes.items() if isinstance(said, Receipt) and not said.replayed]
    if new:
        fact = ClassRegistered(class_=order.number, teachers=sorted(new), by=order.caller.name)
        await say(tx, context, order.number, [(REGISTERED, fact)], order.at)
