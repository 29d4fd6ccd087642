"""What teachers have on file, as the journal says: records that stand, of now and as they were known."""

from collections.abc import Collection

from hours.records.domain.entries import RecordRegistered, RecordReversed
from hours.records.store import projection
from hours.records.store import records as store
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.hindsight import Hindsight


async def standing_of(
    tx: Transaction, context: Context, teachers: Collection[str], rules: Collection[str]
) -> list[RecordRegistered]:
    """The records of teachers under some rules that stand."""
    places = await store.load_places(tx, teachers, rules)
    entries = (await context.journal.read_places(tx, places)).values()
    return [entry.parse(RecordRegistered) for entry in entries]


async def known_of(
    tx: Transaction, context: Context, teacher: str, as_it_was: Hindsight
) -> list[RecordRegistered]:
    """The records of a teacher that stood, as it was known."""
    types = (projection.REGISTERED, projection.REVERSED)
    entries = await context.journal.read_subject(tx, roster.subject(teacher), types)
    standing: dict[str, RecordRegistered] = {}
    for entry in as_it_was.of(entries, context.pack.pack.timezone):
        if entry.type == projection.REGISTERED:
            standing[entry.id] = entry.parse(RecordRegistered)
        else:
            del standing[entry.parse(RecordReversed).reverses]
    return list(standing.values())
