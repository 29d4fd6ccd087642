"""Saying something that concerns the ledger: entries are appended and its tables follow at once."""

from collections.abc import Sequence

from hours.ledger.store import projection
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft, Entry


async def announce(tx: Transaction, context: Context, drafts: Sequence[Draft]) -> list[Entry]:
    """Append facts of a room above and bring the ledger up to them, where they concern it."""
    entries = await context.journal.append(tx, drafts)
    await projection.project(tx, entries)
    return entries
