"""Brings the tables of the classes up to their entries, one after another."""

from collections.abc import Sequence

from hours.classes import entries as said
from hours.classes.store import classes, seats
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring classes and what hangs on them up to these entries."""
    for entry in entries:
        match entry.type:
            case said.PROPOSED:
                await classes.put_proposed(tx, entry.parse(said.ClassProposed))
            case said.DECIDED:
                await classes.put_decided(tx, entry.parse(said.ClassDecided))
            case said.ADMITTED:
                await classes.put_admitted(tx, entry.parse(said.ClassAdmitted))
            case said.ENROLLED:
                await seats.put_enrolled(tx, entry.parse(said.SeatEnrolled))
            case said.WITHDRAWN:
                await seats.put_state(tx, entry.parse(said.SeatWithdrawn), "withdrawn")
            case said.MOVED_UP:
                await seats.put_state(tx, entry.parse(said.SeatMovedUp), "enrolled")
            case _:
                pass
