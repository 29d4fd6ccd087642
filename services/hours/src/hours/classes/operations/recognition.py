"""Hours of a class that await recognition (审核认可) are recognised as a whole, or returned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hours.classes.domain.recognition import may_recognise
from hours.classes.domain.results import Standing
from hours.classes.domain.training_class import TrainingClass
from hours.classes.entries import REGISTERED, RETURNED, ClassRegistered, ResultsReturned
from hours.classes.operations import standings as stand
from hours.classes.operations.desk import approved, office_of, refusal, rule_of, say
from hours.classes.operations.posting import filed
from hours.classes.store import classes as store
from hours.organisations import operations as organisations
from hours.records import operations as records
from hours.settings import Context
from shared.access import Caller
from shared.policy.names import caller_name
from shared.policy.sources import AnyHourSource
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


async def recogniser_of(tx: Transaction, organiser: str, source: AnyHourSource) -> str:
    """The office that recognises what classes of an organiser give: at its own place, or above it.

    Raises: DomainError `class.without_recogniser`.
    """
    reviewer = source.reviewers[-1]
    kind, _, level = reviewer.partition("@")
    own = (await organisations.find(tx, [organiser]))[organiser]
    for one in (own, *await organisations.above(tx, own)):
        if one.level == (level or kind):  # the city's department is bound to a city
            return f"{kind}:{one.organisation}"
    figures = {"organiser": organiser, "recogniser": caller_name(reviewer)}
    raise DomainError.at("/organiser", "class.without_recogniser", **figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Somebody decides on hours of a class that are registered; `reason` is why they are returned."""

    number: str
    caller: Caller
    at: datetime
    reason: str = ""


async def recognise(
    tx: Transaction, context: Context, wanted: Recognition
) -> list[tuple[str, records.Outcome]]:
    """Register a record for each result that awaits it; one that is refused awaits it still.

    Raises:
        DomainError: `class.unknown`, `class.not_approved`, `class.not_pending`, `class.not_awaited`,
            `class.own_registration`.
    """
    found, pending = await _awaiting(tx, context, wanted)
    source = rule_of(context, found)
    rows = [filed(found, source, one, one.registrar, wanted.caller) for one in pending]
    judged = await records.register_filed(tx, context, rows, wanted.at)
    outcomes = {one.teacher: outcome for one, outcome in zip(pending, judged, strict=True)}
    refused = sorted(teacher for teacher, said in outcomes.items() if isinstance(said, DomainError))
    if len(refused) < len(pending):
        fact = ClassRegistered(
            class_=found.number,
            teachers=sorted(outcomes.keys() - refused),
            refused=refused,
            by=wanted.caller.name,
        )
        await say(tx, context, found.number, [(REGISTERED, fact)], wanted.at)
    return list(outcomes.items())


async def send_back(tx: Transaction, context: Context, wanted: Recognition) -> TrainingClass:
    """Return what awaits recognition; what is recognised stays, and results may change again.

    Raises: DomainError as `recognise`.
    """
    found, pending = await _awaiting(tx, context, wanted)
    fact = ResultsReturned(
        class_=found.number,
        awaits=pending[-1].registrar,
        reason=wanted.reason,
        by=wanted.caller.name,
        account=wanted.caller.subject,
    )
    await say(tx, context, found.number, [(RETURNED, fact)], wanted.at)
    after = await store.load(tx, found.number)
    assert after is not None, "what was just returned is on file"
    return after


async def _awaiting(
    tx: Transaction, context: Context, wanted: Recognition
) -> tuple[TrainingClass, Sequence[Standing]]:
    """A class and whose hours of it await the caller's recognition."""
    found = await approved(tx, context, wanted.number)
    pending = [one for one in await stand.enrolled(tx, context, found.number) if one.pending]
    refused = may_recognise(found, pending, office_of(wanted.caller), wanted.caller.subject)
    if refused is not None:
        raise refusal(refused)
    return found, pending
