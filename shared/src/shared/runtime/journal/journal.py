"""Append-only facts: locked upward, numbered without gaps, chained, written by COPY.

The row lock on a partition makes the order of numbers the order of commit, so nobody ever skips a late
commit and no event needs an identity of its own. `append` is the only writer of the journal.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from shared.runtime import clock
from shared.runtime.database import Transaction
from shared.runtime.journal import tables
from shared.runtime.journal.entry import Draft, Entry, canonical, chain
from shared.runtime.journal.layout import Layout
from shared.runtime.unnest import unnested

REMEMBERED = 65_536
"""Subjects whose partition is not computed again."""

_CHINA = ZoneInfo("Asia/Shanghai")

_ENTRIES = select(tables.journal).where(tables.SO_FAR)
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


class Journal:
    """The journal of one service."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._partition = lru_cache(REMEMBERED)(layout.partition)
        self.appended = asyncio.Event()
        """Set after a commit that appended something; for the relay of this process."""

    def partition(self, subject: str) -> int:
        """The partition a subject belongs to."""
        return self._partition(subject)

    def partitions(self, kind: str) -> range:
        """All partitions of a kind of subject."""
        return self.layout.partitions(kind)

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

    async def append(self, tx: Transaction, drafts: Sequence[Draft]) -> list[Entry]:
        """Write facts in the given order. Their partitions are locked already."""
        if not drafts:
            return []
        moment = clock.now()
        entries: list[Entry] = []
        touched: set[int] = set()
        for draft in drafts:
            partition = self.partition(draft.subject) if draft.partition is None else draft.partition
            head = tx.held.get(partition)
            assert head is not None, f"{draft.subject}: its partition is not locked"
            entry = self._next(partition, head, draft, moment)
            tx.held[partition] = Head(entry.seq, entry.hash, entry.recorded_at)
            entries.append(entry)
            touched.add(partition)
        await tx.copy(tables.journal, [entry[1:] for entry in entries])
        await tx.fetch(_ADVANCE, _heads(tx.held, touched))
        tx.on_commit(self.appended.set)
        return entries

    def _next(self, partition: int, head: Head, draft: Draft, moment: datetime) -> Entry:
        recorded_at = max(moment, head.recorded_at)
        assert "\0" not in draft.type + draft.subject + draft.policy, "no text holds a NUL"
        type_, subject, effective_at, policy, data, _ = draft
        entry = Entry(
            self.layout.service,
            partition,
            head.seq + 1,
            type_,
            subject,
            effective_at,
            recorded_at,
            policy,
            canonical(data),
            b"",
            _year(recorded_at),
        )
        return entry._replace(hash=chain(head.hash, entry))

    async def read_subject(
        self,
        tx: Transaction,
        subject: str,
        types: Sequence[str] | None = None,
        *,
        after: int = 0,
        limit: int | None = None,
    ) -> list[Entry]:
        """What was recorded about one subject after a number, in order."""
        query = _ENTRIES.where(tables.journal.c.subject == subject, tables.journal.c.seq > after)
        if types is not None:
            query = query.where(tables.journal.c.type.in_(types))
        return [
            self._entry(row) for row in await tx.execute(query.order_by(tables.journal.c.seq).limit(limit))
        ]

    async def read_subjects(
        self, tx: Transaction, subjects: Sequence[str], types: Sequence[str] | None = None
    ) -> dict[str, list[Entry]]:
        """Everything recorded about many subjects, in order, in one query."""
        query = _ENTRIES.where(tables.journal.c.subject.in_(subjects))
        if types is not None:
            query = query.where(tables.journal.c.type.in_(types))
        found: dict[str, list[Entry]] = {}
        for row in await tx.execute(query.order_by(tables.journal.c.subject, tables.journal.c.seq)):
            found.setdefault(row.subject, []).append(self._entry(row))
        return found

    async def read_entry(self, tx: Transaction, partition: int, seq: int) -> Entry | None:
        """One entry by its number."""
        query = _ENTRIES.where(tables.journal.c.partition == partition, tables.journal.c.seq == seq)
        row = (await tx.execute(query)).first()
        return None if row is None else self._entry(row)

    async def read(self, tx: Transaction, partition: int, after: int, limit: int) -> list[Entry]:
        """A stretch of one partition, in order."""
        query = (
            _ENTRIES.where(tables.journal.c.partition == partition, tables.journal.c.seq > after)
            .order_by(tables.journal.c.seq)
            .limit(limit)
        )
        return [self._entry(row) for row in await tx.execute(query)]

    async def heads(self, tx: Transaction, partitions: Sequence[int] | None = None) -> dict[int, int]:
        """The last number of each partition."""
        query = select(tables.part.c.partition, tables.part.c.seq).order_by(tables.part.c.partition)
        if partitions is not None:
            query = query.where(tables.part.c.partition.in_(partitions))
        return {row.partition: row.seq for row in await tx.execute(query)}

    def _entry(self, row: Row[Any]) -> Entry:
        return Entry._make((self.layout.service, *row))


@lru_cache(maxsize=8)
def _year(recorded_at: datetime) -> int:
    """The China year; entries of one batch were recorded at the same instant."""
    return recorded_at.astimezone(_CHINA).year


def _heads(held: Mapping[int, Head], touched: Iterable[int]) -> dict[str, Any]:
    rows = [(partition, *held[partition]) for partition in sorted(touched)]
    return dict(
        zip(("partition", "seq", "head", "recorded_at"), map(list, zip(*rows, strict=True)), strict=True)
    )
