"""Append-only facts: locked upward, numbered without gaps, chained, written by COPY.

The row lock on a partition makes the order of numbers the order of commit, so nobody ever skips a late
commit and no event needs an identity of its own. `append` is the only writer of the journal.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from shared.runtime import clock
from shared.runtime.database import Transaction
from shared.runtime.journal import tables
from shared.runtime.journal.entry import Draft, Entry, canonical, chain, year_of_recording
from shared.runtime.journal.layout import Layout
from shared.runtime.journal.lookup import Lookup
from shared.runtime.unnest import columns_of, unnested

_year = lru_cache(maxsize=8)(year_of_recording)
"""Entries of one batch were recorded at the same instant."""

_LOCK = unnested(
    "select part.partition, part.seq, part.head, part.recorded_at from part join {rows}"
    " on part.partition = rows.partition order by part.partition for update of part",
    [tables.part.c.partition],
)
_ADVANCE = unnested(
    "update part set seq = rows.seq, head = rows.head, recorded_at = rows.recorded_at from {rows}"
    " where part.partition = rows.partition",
    list(tables.part.columns),
)


class Head(NamedTuple):
    """Where a locked partition ends."""

    seq: int
    hash: bytes
    recorded_at: datetime
    moved: bool = False
    """Whether this transaction has appended to it."""


class Journal(Lookup):
    """The journal of one service."""

    def __init__(self, layout: Layout, archive_url: str | None = None) -> None:
        super().__init__(layout, archive_url)
        self.now = clock.now
        """By which clock facts are recorded."""
        self.appended = asyncio.Event()
        """Set after a commit that appended something; for the relay of this process."""

    async def lock(self, tx: Transaction, subjects: Iterable[str]) -> None:
        """Lock the partitions of `subjects`. What is held stays held; what is new must lie higher."""
        await self.lock_partitions(tx, {self.partition(subject) for subject in subjects})

    async def lock_partitions(self, tx: Transaction, partitions: Iterable[int]) -> None:
        """Lock partitions by number, upward only: that order is what rules out deadlocks."""
        wanted = sorted(set(partitions) - tx.held.keys())
        if not wanted:
            return
        assert not tx.held or wanted[0] > max(tx.held), "partitions are locked upward only"
        rows = await tx.fetch(_LOCK, {"partition": wanted})
        for row in rows:
            tx.held[row.partition] = Head(row.seq, row.head, row.recorded_at)
        assert tx.held.keys() >= set(wanted), "the layout and the database agree on the partitions"

    def foresee(self, tx: Transaction, subjects: Iterable[str]) -> Iterator[str]:
        """What the next entries on these subjects will be called, once appended in this order."""
        ends = {partition: head.seq for partition, head in tx.held.items()}
        for subject in subjects:
            partition = self._partition(subject)
            ends[partition] += 1
            yield f"{self.layout.service}/{partition}/{ends[partition]}"

    async def append(self, tx: Transaction, drafts: Sequence[Draft]) -> list[Entry]:
        """Write facts in the given order. Their partitions are locked already."""
        if not drafts:
            return []
        entries = self._continue(tx.held, drafts, self.now())
        await tx.copy(tables.journal, [entry[1:] for entry in entries])
        tx.at_end(_advance)
        tx.on_commit(self.appended.set)
        return entries

    def _continue(self, held: dict[int, Head], drafts: Sequence[Draft], moment: datetime) -> list[Entry]:
        """Number and chain facts behind the ends of their partitions, which move."""
        service = self.layout.service
        entries: list[Entry] = []
        for type_, subject, effective_at, policy, data, place in drafts:
            partition = self._partition(subject) if place is None else place
            head = held.get(partition)
            assert head is not None, f"{subject}: its partition is not locked"
            assert "\0" not in type_ + subject + policy, "no text holds a NUL"
            seq, recorded_at = head.seq + 1, max(moment, head.recorded_at)
            columns = (partition, seq, type_, subject, effective_at, recorded_at, policy, canonical(data))
            hashed = chain(head.hash, columns)
            held[partition] = Head(seq, hashed, recorded_at, moved=True)
            entries.append(Entry(service, *columns, hashed, _year(recorded_at)))
        return entries


async def _advance(tx: Transaction) -> None:
    """Note where the partitions end that were appended to."""
    rows = [(partition, *head[:3]) for partition, head in sorted(tx.held.items()) if head.moved]
    await tx.write(_ADVANCE, columns_of(list(tables.part.columns), rows))
