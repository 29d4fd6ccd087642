"""Brings the tables of the classes up to their entries, one after another."""

from collections.abc import Sequence

from hours.classes.store import classes, results, seats, swaps
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring classes and what hangs on them up to these entries."""
    for entry in entries:
        await classes.project(tx, entry)
        await seats.project(tx, entry)
        await results.project(tx, entry)
        await swaps.project(tx, entry)
