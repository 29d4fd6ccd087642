"""How far each heard partition has been applied, and what is parked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from shared.contracts.envelope import Event
from shared.runtime import clock
from shared.runtime.database import Transaction
from shared.runtime.journal.tables import parked, position
from shared.runtime.unnest import unnested


class Feed(msgspec.Struct, frozen=True):
    """The answer of `GET /v1/journal/{partition}`."""

    items: list[Event]


_KEY = [position.c.source, position.c.partition]
_LOCK = unnested(
    "select position.partition, position.seq, position.ahead from position join {rows}"
    " on position.source = rows.source and position.partition = rows.partition"
    " order by position.partition for update of position",
    _KEY,
)
_MAKE = unnested(
    "insert into position (source, partition, seq) select rows.source, rows.partition, 0 from {rows}"
    " order by rows.partition on conflict do nothing",
    _KEY,
)
_STORE = unnested(
    "update position set seq = rows.seq from {rows}"
    " where position.source = rows.source and position.partition = rows.partition",
    [*_KEY, position.c.seq],
)


async def load(tx: Transaction, source: str) -> dict[int, int]:
    """Positions of one source, unlocked."""
    rows = await tx.execute(select(position).where(position.c.source == source))
    return {row.partition: row.seq for row in rows}


async def load_all(tx: Transaction) -> dict[str, dict[int, int]]:
    """Positions of every source."""
    found: dict[str, dict[int, int]] = {}
    for row in await tx.execute(select(position).order_by(position.c.source, position.c.partition)):
        found.setdefault(row.source, {})[row.partition] = row.seq
    return found


async def lock(tx: Transaction, source: str, partitions: Sequence[int]) -> dict[int, int]:
    """Lock the positions of some partitions, made at 0 where they are new; before any partition lock.

    Those ahead of their source are left out: nothing continues them.
    """
    wanted = {"source": [source] * len(partitions), "partition": partitions}
    rows = await tx.fetch(_LOCK, wanted)
    if len(rows) < len(partitions):
        await tx.fetch(_MAKE, wanted)
        rows = await tx.fetch(_LOCK, wanted)
    return {row.partition: row.seq for row in rows if not row.ahead}


def continuing(events: Iterable[Event], known: Mapping[int, int]) -> list[Event]:
    """The events that continue their partition's position, in order; no duplicates, nothing behind a gap."""
    ends = dict(known)
    due = []
    for event in sorted(events, key=lambda e: (e.partition, e.seq)):
        if ends.get(event.partition) == event.seq - 1:
            ends[event.partition] = event.seq
            due.append(event)
    return due


async def store(tx: Transaction, source: str, ends: Mapping[int, int]) -> None:
    """Write the new positions."""
    partitions, numbers = list(ends), list(ends.values())
    await tx.write(_STORE, {"source": [source] * len(ends), "partition": partitions, "seq": numbers})


async def mark_ahead(tx: Transaction, source: str, partitions: Sequence[int]) -> list[int]:
    """Stop partitions whose source has less than was applied; returns those that were not stopped before."""
    marked = await tx.execute(
        update(position)
        .where(position.c.source == source, position.c.partition.in_(partitions), ~position.c.ahead)
        .values(ahead=True)
        .returning(position.c.partition)
    )
    return sorted(marked.scalars())


async def load_ahead(tx: Transaction) -> dict[str, list[int]]:
    """The partitions of every source that are stopped because they are ahead of it."""
    found: dict[str, list[int]] = {}
    rows = await tx.execute(select(position).where(position.c.ahead).order_by(position.c.partition))
    for row in rows:
        found.setdefault(row.source, []).append(row.partition)
    return found


async def parked_subjects(tx: Transaction, source: str) -> set[str]:
    """Subjects with something parked."""
    rows = await tx.execute(select(parked.c.subject).where(parked.c.source == source).distinct())
    return {row.subject for row in rows}


async def parked_at(tx: Transaction, source: str, places: Mapping[int, int]) -> set[int]:
    """The partitions of which the event with the given number is parked: heard, but not applied."""
    wanted = tuple_(parked.c.partition, parked.c.seq).in_(places.items())
    return set(
        (await tx.execute(select(parked.c.partition).where(parked.c.source == source, wanted))).scalars()
    )


async def park(tx: Transaction, events: Sequence[Event], error: str) -> None:
    """Set events aside, to be redriven later in their order."""
    rows: list[dict[str, Any]] = [
        {
            "source": event.source,
            "partition": event.partition,
            "seq": event.seq,
            "subject": event.subject,
            "error": error[:2000],
            "event": msgspec.json.encode(event).decode(),
            "parked_at": clock.now(),
        }
        for event in events
    ]
    if rows:
        await tx.execute(insert(parked).on_conflict_do_nothing(), rows)


async def load_parked(tx: Transaction, source: str) -> list[Event]:
    """Everything parked of one source, in order."""
    rows = await tx.execute(
        select(parked.c.event).where(parked.c.source == source).order_by(parked.c.partition, parked.c.seq)
    )
    return [msgspec.json.decode(row.event, type=Event) for row in rows]


async def unpark(tx: Transaction, event: Event) -> bool:
    """Take one event out; False when somebody else did."""
    gone = await tx.execute(
        delete(parked).where(
            parked.c.source == event.source,
            parked.c.partition == event.partition,
            parked.c.seq == event.seq,
        )
    )
    return bool(gone.rowcount)


async def count_parked(tx: Transaction) -> int:
    """How many events are parked."""
    return int((await tx.execute(select(func.count()).select_from(parked))).scalar_one())
