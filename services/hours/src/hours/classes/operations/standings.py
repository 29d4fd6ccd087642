"""How teachers stand in a class: what came of their seats, and the record that stands of it."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from hours.classes.domain.results import Standing
from hours.classes.operations.desk import subject
from hours.classes.store import results as store
from hours.classes.store.results import Wanted
from hours.records import operations as records
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.runtime.database import Transaction


async def page(tx: Transaction, wanted: Wanted, *, after: int | None, limit: int) -> list[Standing]:
    """Standings in order of enrolment, at most `limit`."""
    return await _recorded(tx, wanted.number, await store.page(tx, wanted, after=after, limit=limit))


async def load(
    tx: Transaction, context: Context, number: str, teachers: Collection[str]
) -> dict[str, Standing]:
    """How some teachers stand who have or had a seat, while nobody changes their records."""
    found = await store.load(tx, number, teachers)
    return {one.teacher: one for one in await _locked(tx, context, number, list(found.values()))}


async def look(tx: Transaction, number: str, teacher: str) -> Standing | None:
    """How a teacher stands who has or had a seat; their records may change meanwhile."""
    found = await store.load(tx, number, [teacher])
    return next(iter(await _recorded(tx, number, list(found.values()))), None)


async def enrolled(tx: Transaction, context: Context, number: str) -> list[Standing]:
    """How everybody stands who takes part, while nobody changes their records."""
    return await _locked(tx, context, number, await store.enrolled(tx, number))


async def _locked(
    tx: Transaction, context: Context, number: str, standings: Sequence[Standing]
) -> list[Standing]:
    await context.journal.lock(tx, {roster.subject(one.teacher) for one in standings})
    return await _recorded(tx, number, standings)


async def _recorded(tx: Transaction, number: str, standings: Sequence[Standing]) -> list[Standing]:
    stand = await records.standing(tx, subject(number), [one.teacher for one in standings])
    return [
        replace(one, record=stand[one.teacher].record) if one.teacher in stand else one for one in standings
    ]
