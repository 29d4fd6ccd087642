"""Which classes a caller sees: of organisers below all, of organisers above those that were approved.

One in which somebody has or had a seat is in that one's sight, and in that of who reaches to them, whoever
holds it and also when it was called off: a seat may have changed hands, or its holder have moved.
"""

from sqlalchemy import ColumnElement, true

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
    seen_by, found = await _found(tx, reach, number)
    return seen_by.told(found)


async def offered(tx: Transaction, reach: Reach, number: str) -> bool:
    """Whether the caller may enrol teachers in a class that is seen.

    Raises: DomainError `class.unknown`.
    """
    seen_by, found = await _found(tx, reach, number)
    return seen_by.offers(found)


async def _found(tx: Transaction, reach: Reach, number: str) -> tuple[Seen, TrainingClass]:
    seen_by = await seen(tx, reach)
    found = await store.load_seen(tx, number, seen_by)
    if found is None:
        raise DomainError("class.unknown", number=number)
    return seen_by, found


async def seats_of(tx: Transaction, reach: Reach, one: TrainingClass) -> ColumnElement[bool]:
    """Which seats of a class the caller sees: who holds it all, others those of their teachers."""
    return true() if await reach.holds(tx, one.organiser) else await reach.within(tx, WHO)


async def held(tx: Transaction, reach: Reach, number: str) -> TrainingClass:
    """A class of an organiser that is the caller's own or lies below.

    Raises: DomainError `class.unknown`.
    """
    found = await store.load(tx, number)
    if found is None or not await reach.holds(tx, found.organiser):
        raise DomainError("class.unknown", number=number)
    return found
