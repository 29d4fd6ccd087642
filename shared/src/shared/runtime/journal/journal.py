"""Append-only facts: locked upward, numbered without gaps, chained, written by COPY.

The row lock on a partition makes the order of numbers the order of commit, so nobody ever skips a late
commit and no event needs an identity of its own. `append` is the only writer of the journal.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, text

from shared.runtime import clock
from shared.runtime.database import Transaction
from shared.runtime.journal import tables
from shared.runtime.journal.entry import Draft, Entry, canonical, chain
from shared.runtime.journal.layout import Layout
from shared.runtime.unnest import Unnested, looked_up, unnested

REMEMBERED = 65_536
"""Subjects whose partition is not computed again."""

_CHINA = ZoneInfo("Asia/Shanghai")

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
        first = tx.held.copy()
        entries = self._continue(tx.held, drafts, clock.now())
        await tx.copy(tables.journal, [entry[1:] for entry in entries])
        await tx.fetch(_ADVANCE, _heads({p: head for p, head in tx.held.items() if head is not first[p]}))
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
            held[partition] = Head(seq, hashed, recorded_at)
            entries.append(Entry(service, *columns, hashed, _year(recorded_at)))
        return entries

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
        query = _entries().where(tables.journal.c.subject == subject, tables.journal.c.seq > after)
        if types is not None:
            query = query.where(tables.journal.c.type.in_(types))
        return [
            self.entry(row) for row in await tx.execute(query.order_by(tables.journal.c.seq).limit(limit))
        ]

    async def read_subjects(
        self, tx: Transaction, subjects: Sequence[str], types: Sequence[str] | None = None
    ) -> dict[str, list[Entry]]:
        """Everything recorded about many subjects, in order, in one query."""
        query = _entries().where(tables.journal.c.subject.in_(subjects))
        if types is not None:
            query = query.where(tables.journal.c.type.in_(types))
        found: dict[str, list[Entry]] = {}
        for row in await tx.execute(query.order_by(tables.journal.c.subject, tables.journal.c.seq)):
            found.setdefault(row.subject, []).append(self.entry(row))
        return found

    async def read_entry(self, tx: Transaction, partition: int, seq: int) -> Entry | None:
        """One entry by its number."""
        return (await self.read_places(tx, [(partition, seq)])).get((partition, seq))

    async def read_places(
        self, tx: Transaction, places: Collection[tuple[int, int]]
    ) -> dict[tuple[int, int], Entry]:
        """Entries by partition and number, in one query."""
        if not places:
            return {}
        partitions, numbers = zip(*sorted(places), strict=True)
        rows = await tx.fetch(_places(tables.so_far()), {"partition": partitions, "seq": numbers})
        return {(row.partition, row.seq): self.entry(row) for row in rows}

    async def read(self, tx: Transaction, partition: int, after: int, limit: int) -> list[Entry]:
        """A stretch of one partition, in order."""
        query = (
            _entries()
            .where(tables.journal.c.partition == partition, tables.journal.c.seq > after)
            .order_by(tables.journal.c.seq)
            .limit(limit)
        )
        return [self.entry(row) for row in await tx.execute(query)]

    async def heads(self, tx: Transaction, partitions: Sequence[int] | None = None) -> dict[int, int]:
        """The last number of each partition."""
        query = select(tables.part.c.partition, tables.part.c.seq).order_by(tables.part.c.partition)
        if partitions is not None:
            query = query.where(tables.part.c.partition.in_(partitions))
        return {row.partition: row.seq for row in await tx.execute(query)}

    def entry(self, row: Sequence[Any]) -> Entry:
        """An entry from the columns of its row."""
        return Entry._make((self.layout.service, *row))


@lru_cache(maxsize=8)
def _year(recorded_at: datetime) -> int:
    """The China year; entries of one batch were recorded at the same instant."""
    return recorded_at.astimezone(_CHINA).year


def _entries() -> Select[Any]:
    return select(tables.journal).where(text(tables.so_far()))


@lru_cache(maxsize=2)
def _places(so_far: str) -> Unnested:
    return looked_up(
        f"select * from journal where {so_far}"  # noqa: S608 - our own names
        " and journal.partition = rows.partition and journal.seq = rows.seq",
        [tables.journal.c.partition, tables.journal.c.seq],
    )


def _heads(moved: Mapping[int, Head]) -> dict[str, Any]:
    rows = [(partition, *moved[partition]) for partition in sorted(moved)]
    return dict(
        zip(("partition", "seq", "head", "recorded_at"), map(list, zip(*rows, strict=True)), strict=True)
    )
