"""What became of a record: reversed, or followed by another one, once or more, each under its own number."""

from dataclasses import dataclass

from hours.records.domain.entries import RecordRegistered, RecordReversed
from hours.records.operations.registering import find, standing
from hours.records.operations.reversing import entry_named, entry_of
from hours.records.store.records import Kept
from hours.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A record that was taken back."""

    fact: RecordRegistered
    registered: Entry
    """The entry of `fact`."""
    reversal: Entry
    by: str
    """Who took it back, in the form of a registrar."""
    account: str
    corrected: bool
    """Whether another record was registered in the same act."""
    successor: Kept | None
    """What was registered in its place, or stands now out of the same matter; None where there is neither."""


async def changes(tx: Transaction, context: Context, record: str) -> list[Change]:
    """How a record was taken back, then its successor, and so on; empty for one that stands."""
    done: list[Change] = []
    current = (await find(tx, [record])).get(record)
    while current is not None and current.reversal is not None:
        registered = await entry_of(tx, context, current)
        reversal = await entry_named(tx, context, current.reversal)
        taken_back = reversal.parse(RecordReversed)
        current = await _successor(tx, current, taken_back.replacement)
        change = Change(
            fact=registered.parse(RecordRegistered),
            registered=registered,
            reversal=reversal,
            by=taken_back.registrar,
            account=taken_back.account,
            corrected=bool(taken_back.replacement),
            successor=current,
        )
        done.append(change)
    return done


async def _successor(tx: Transaction, gone: Kept, replacement: str) -> Kept | None:
    if replacement:
        return (await find(tx, [replacement]))[replacement]
    return (await standing(tx, gone.matter, [gone.teacher])).get(gone.teacher)
