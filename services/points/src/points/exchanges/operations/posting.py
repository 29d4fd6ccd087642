"""Entries of exchanges: written by the ledger, which moves the points, then seen by the requests."""

from collections.abc import Sequence
from datetime import datetime

from points.accounts import operations as accounts
from points.exchanges import store
from points.settings import Context
from shared.contracts.envelope import Fact
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft, Entry


async def append(tx: Transaction, context: Context, drafts: Sequence[Draft]) -> list[Entry]:
    """Write entries and bring both rooms up to them."""
    entries = await accounts.append(tx, context, drafts)
    await store.project(tx, entries)
    return entries


def draft(context: Context, kind: str, teacher: str, at: datetime, fact: Fact) -> Draft:
    """An entry of a teacher."""
    return Draft(
        type=kind,
        subject=accounts.subject(teacher),
        effective_at=at,
        policy=context.pack.reference,
        data=fact,
    )
