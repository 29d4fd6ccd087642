"""Which classes a caller sees: of organisers below all, of organisers above those that were approved.

One of those that was called off stays in the sight of those who had a seat in it, and of who reaches to them.
"""

from hours.classes.domain.training_class import TrainingClass
from hours.classes.store import classes as store
from hours.classes.store.classes import Seen
from hours.classes.store.results import WHO
from hours.organisations import operations as organisations
from hours.roster.operations import rows as roster
from shared.access import Caller, Reach
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError


async def seen(tx: Transaction, reach: Reach) -> Seen:
    """What the caller sees of all classes."""
    below = await reach.organisations(tx)
    above = set() if below is None else await _above(tx, reach.caller)
    return Seen(below=below, above=above, seated=await reach.within(tx, WHO))


async def _above(tx: Transaction, caller: Caller) -> set[str]:
    """The organisations over the caller's own place, for a teacher over the school."""
    place = caller.id
    if caller.binding.level == "person":
        teacher = (await roster.find(tx, [caller.id])).get(caller.id)
        place = teacher.school if teacher else ""
    own = (await organisations.find(tx, [place])).get(place)
    return set() if own is None else {one.organisation for one in await organisations.above(tx, own)}


async def reached(tx: Transaction, reach: Reach, number: str) -> TrainingClass:
    """A class that the caller sees.

    Raises: DomainError `class.unknown`.
    """
    seen_by = await seen(tx, reach)
    found = await store.load_seen(tx, number, seen_by)
    if found is None:
        raise DomainError("class.unknown", number=number)
    return seen_by.told(found)


async def held(tx: Transaction, reach: Reach, number: str) -> TrainingClass:
    """A class of an organiser that is the caller's own or lies below.

    Raises: DomainError `class.unknown`.
    """
    found = await store.load(tx, number)
    if found is None or not await reach.holds(tx, found.organiser):
        raise DomainError("class.unknown", number=number)
    return found
