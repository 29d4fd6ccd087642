"""What every act on a class begins and ends with: the class locked and loaded, the fact said and shown."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from hours.classes.domain.outline import Refused
from hours.classes.domain.training_class import Office, TrainingClass, state_name
from hours.classes.store import classes as store
from hours.classes.store.projection import project
from hours.evidence import operations as evidence
from hours.records import operations as records
from hours.settings import Context
from shared.access import Caller
from shared.policy.sources import AnyHourSource, Classes
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft


def subject(number: str) -> str:
    """The journal's subject of a class, and the matter that its records come out of."""
    return f"class:{number}"


def office_of(caller: Caller) -> Office:
    """Who acts, as the rules see it."""
    return Office(caller.kind, caller.place)


async def locked(tx: Transaction, context: Context, number: str, files: Iterable[str] = ()) -> TrainingClass:
    """A class that nobody else changes meanwhile, with what some files are used for.

    Raises: DomainError `class.unknown`.
    """
    await context.journal.lock(tx, {subject(number), *map(evidence.subject, files)})
    found = await store.load(tx, number)
    if found is None:
        raise DomainError("class.unknown", number=number)
    return found


async def approved(
    tx: Transaction, context: Context, number: str, files: Iterable[str] = ()
) -> TrainingClass:
    """A class that may be filled and held, locked, with what some files are used for.

    Raises: DomainError `class.unknown`, `class.not_approved`.
    """
    found = await locked(tx, context, number, files)
    if found.state != "approved":
        raise DomainError("class.not_approved", number=found.number, state=state_name(found.state))
    return found


def rule_of(context: Context, found: TrainingClass) -> AnyHourSource:
    """The rule of a class on file.

    Raises: DomainError `rule.unknown`: the rules in force have it no longer.
    """
    return records.rule_in_force(context, found.outline.rule, "class", "/source_rule")


def classes_of(context: Context, found: TrainingClass) -> Classes:
    """How the rule of a class has its classes held."""
    classes = rule_of(context, found).classes
    assert classes is not None, "hours of its rule come through classes"
    return classes


def refusal(refused: Refused) -> DomainError:
    """A refusal as it is answered."""
    if refused.path:
        return DomainError.at(refused.path, refused.code, **refused.figures)
    return DomainError(refused.code, **refused.figures)


async def say(
    tx: Transaction, context: Context, number: str, facts: Sequence[tuple[str, msgspec.Struct]], at: datetime
) -> None:
    """Write facts of a class down, in order, and bring the tables up to them."""
    drafts = [
        Draft(type=kind, subject=subject(number), effective_at=at, policy=context.pack.reference, data=fact)
        for kind, fact in facts
    ]
    await project(tx, await context.journal.append(tx, drafts))
