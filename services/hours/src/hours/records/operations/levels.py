"""The vocational levels (职业资格等级) for which teachers were given hours, as the records that stand say."""

from collections.abc import Sequence

from hours.records.domain.registration import Obtained, Registration
from hours.records.operations import facts
from hours.settings import Context
from shared.policy.pack import Pack
from shared.policy.sources import HigherQualification
from shared.runtime.database import Transaction


def of(pack: Pack, registration: Registration) -> Obtained | None:
    """The level that a registration is about, if it is about one and says so."""
    details = registration.details
    if details is None or details.level_to is None or registration.rule not in _rules(pack):
        return None
    return Obtained(details.level_to, registration.year)


async def obtained(
    tx: Transaction, context: Context, registrations: Sequence[Registration]
) -> dict[str, set[Obtained]]:
    """What each teacher who registers a qualification was given hours for before."""
    rules = _rules(context.pack)
    teachers = {one.teacher for one in registrations if one.rule in rules}
    if not teachers:
        return {}
    found: dict[str, set[Obtained]] = {}
    for fact in await facts.standing_of(tx, context, teachers, rules):
        if (level := fact.details.get("level_to")) is not None:
            found.setdefault(fact.teacher, set()).add(Obtained(level, fact.year))
    return found


def _rules(pack: Pack) -> set[str]:
    return {source.id for source in pack.hours if isinstance(source, HigherQualification)}
