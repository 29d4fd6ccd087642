"""Reading the journal: entries by place, by subject, by stretch, wherever they lie.

Years that were archived are read from their files, later ones from the table. A statement on the table says
as well whether the oldest year known to lie there still does: its name is looked up under the lock that keeps
the archive waiting, so a reader notices, whatever state of the data its transaction sees.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from asyncpg import SerializationError
from sqlalchemy import BigInteger, Column, select
from sqlalchemy.exc import DBAPIError

from shared.runtime.database import Transaction
from shared.runtime.journal import tables
from shared.runtime.journal.archive.shelf import Known, Shelf
from shared.runtime.journal.archive.sought import Sought
from shared.runtime.journal.entry import Entry, place_of
from shared.runtime.journal.layout import Layout
from shared.runtime.unnest import Unnested, looked_up, unnested

T = TypeVar("T")

REMEMBERED = 65_536
"""Subjects whose partition is not computed again."""

_PARTITION, _SUBJECT = tables.journal.c.partition, tables.journal.c.subject
_AFTER, _MOST = Column("after", BigInteger), Column("most", BigInteger)


class _Behind(NamedTuple):
    """What is looked for behind a number, by partition or by subject."""

    key: Column[Any]
    after: Mapping[Any, int]
    types: tuple[str, ...] | None = None
    limit: int | None = None


class Lookup:
    """Finds what one service recorded."""

    def __init__(self, layout: Layout, archive_url: str | None = None) -> None:
        self.layout = layout
        self._partition = lru_cache(REMEMBERED)(layout.partition)
        self._shelf = Shelf(layout.service, archive_url, tables.FIRST_YEAR)

    def partition(self, subject: str) -> int:
        """The partition a subject belongs to."""
        return self._partition(subject)

    def partitions(self, kind: str) -> range:
        """All partitions of a kind of subject."""
        return self.layout.partitions(kind)

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
        kinds = None if types is None else tuple(types)
        return await self._read(tx, _Behind(_SUBJECT, {subject: after}, kinds, limit))

    async def read_subjects(
        self, tx: Transaction, after: Mapping[str, int], types: Sequence[str] | None = None
    ) -> list[Entry]:
        """What was recorded about each subject after a number; in order of each subject."""
        return await self._read(tx, _Behind(_SUBJECT, after, None if types is None else tuple(types)))

    async def read_partitions(
        self,
        tx: Transaction,
        after: Mapping[int, int],
        types: Sequence[str],
        *,
        limit: int | None = None,
    ) -> list[Entry]:
        """What was recorded in each partition after a number; in order of each partition.

        A `limit` is for one partition.
        """
        return await self._read(tx, _Behind(_PARTITION, after, tuple(types), limit))

    async def read(self, tx: Transaction, partition: int, after: int, limit: int) -> list[Entry]:
        """A stretch of one partition, in order."""
        return await self._read(tx, _Behind(_PARTITION, {partition: after}, limit=limit))

    async def read_entry(self, tx: Transaction, partition: int, seq: int) -> Entry | None:
        """One entry by its number."""
        return (await self.read_places(tx, [(partition, seq)])).get((partition, seq))

    async def recorded(self, tx: Transaction, event: str) -> Entry:
        """An entry of this journal that another fact names by its event id."""
        entry = await self.read_entry(tx, *place_of(event))
        assert entry is not None, f"{event} was recorded here"
        return entry

    async def read_places(
        self, tx: Transaction, places: Collection[tuple[int, int]]
    ) -> dict[tuple[int, int], Entry]:
        """Entries by partition and number, in one query."""
        if not places:
            return {}
        return await self._sure(tx, lambda known: self._at(tx, known, sorted(set(places))))

    async def heads(self, tx: Transaction, partitions: Sequence[int] | None = None) -> dict[int, int]:
        """The last number of each partition."""
        query = select(tables.part.c.partition, tables.part.c.seq).order_by(tables.part.c.partition)
        if partitions is not None:
            query = query.where(tables.part.c.partition.in_(partitions))
        ends = {row.partition: row.seq for row in await tx.execute(query)}
        return ends | {partition: head.seq for partition, head in tx.held.items() if partition in ends}

    def entry(self, row: Sequence[Any]) -> Entry:
        """An entry from the columns of its row."""
        return Entry._make((self.layout.service, *row))

    async def _sure(self, tx: Transaction, look: Callable[[Known], Awaitable[tuple[bool, T]]]) -> T:
        """What a look finds, looked for again where a year has left the table unbeknown to us."""
        while True:
            known = self._shelf.known
            whole, found = await look(known)
            if whole:
                return found
            if self._shelf.known is known:
                await self._shelf.learn(tx)
            if self._shelf.known is known:
                # The transaction sees a state from before that, without the rows: only another one can know.
                raise DBAPIError("read", None, SerializationError("a year has left the journal"))

    async def _read(self, tx: Transaction, behind: _Behind) -> list[Entry]:
        if not behind.after:
            return []
        return await self._sure(tx, lambda known: self._behind(tx, known, behind))

    async def _behind(self, tx: Transaction, known: Known, behind: _Behind) -> tuple[bool, list[Entry]]:
        """Look into the archive as far as it goes, and into the table from there on."""
        archived: list[Entry] = []
        after = behind.after
        if known.years:
            archived = await self._archived(known, behind)
            ends = {value: known.end(self._place(behind, value)) for value in after}
            after = {value: max(number, ends[value]) for value, number in after.items()}
        left = None if behind.limit is None else behind.limit - len(archived)
        if left == 0:
            return True, archived
        statement = _found_behind(behind.key, behind.types, left is not None, tables.so_far(), known.oldest)
        columns: dict[str, list[Any]] = {
            behind.key.name: list(after),
            "after": list(after.values()),
            "most": [left],
        }
        rows = await tx.fetch(statement, columns)
        found = [self.entry(row[1:]) for row in rows if row.partition is not None]
        return rows[0].whole, archived + found

    async def _archived(self, known: Known, behind: _Behind) -> list[Entry]:
        by_partition: dict[int, dict[Any, int]] = defaultdict(dict)
        for value, after in behind.after.items():
            by_partition[self._place(behind, value)][value] = after
        soughts = [
            Sought(
                partition,
                min(after.values()),
                set(after) if behind.key is _SUBJECT else None,
                behind.types,
                behind.limit,
            )
            for partition, after in sorted(by_partition.items())
        ]
        return [
            entry
            for entries in await self._shelf.find(known, soughts)
            for entry in entries
            if entry.seq > behind.after[entry.subject if behind.key is _SUBJECT else entry.partition]
        ]

    def _place(self, behind: _Behind, value: Any) -> int:  # noqa: ANN401 - a subject or a partition
        return self.partition(value) if behind.key is _SUBJECT else value

    async def _at(
        self, tx: Transaction, known: Known, places: Sequence[tuple[int, int]]
    ) -> tuple[bool, dict[tuple[int, int], Entry]]:
        """Look places up. A place that is not there may have left the table; else nothing needs asking."""
        later, entries = places, list[Entry]()
        if known.years:
            archived = [place for place in places if 0 < place[1] <= known.end(place[0])]
            soughts = [Sought(partition, seq - 1, limit=1) for partition, seq in archived]
            entries = [entry for found in await self._shelf.find(known, soughts) for entry in found]
            later = sorted(set(places) - set(archived))
        if later:
            partitions, numbers = zip(*later, strict=True)
            rows = await tx.fetch(_places(tables.so_far()), {"partition": partitions, "seq": numbers})
            entries += [self.entry(row) for row in rows]
        found = {(entry.partition, entry.seq): entry for entry in entries}
        return len(found) == len(places) or await self._is_whole(tx, known), found

    async def _is_whole(self, tx: Transaction, known: Known) -> bool:
        return bool((await tx.fetch(unnested(_whole(known.oldest), []), {}))[0].whole)


@lru_cache(maxsize=2)
def _places(so_far: str) -> Unnested:
    return looked_up(
        f"select * from journal where {so_far}"  # noqa: S608 - our own names
        " and journal.partition = rows.partition and journal.seq = rows.seq",
        [_PARTITION, tables.journal.c.seq],
    )


@lru_cache(maxsize=64)
def _found_behind(
    key: Column[Any], types: tuple[str, ...] | None, limited: bool, so_far: str, oldest: int
) -> Unnested:
    """Rows behind a number each, in order; one row without an entry where there are none."""
    among = "" if types is None else f" and type in ({', '.join(map(repr, types))})"
    most = " limit rows.most" if limited else ""
    found = looked_up(
        f"select * from journal where {so_far}{among}"  # noqa: S608 - our own names
        f" and journal.{key.name} = rows.{key.name} and journal.seq > rows.after"
        f" order by journal.seq{most}",
        [key, _AFTER, _MOST] if limited else [key, _AFTER],
    )
    return Unnested(
        f"select known.whole, found.* from ({_whole(oldest)}) as known"  # noqa: S608 - our own names
        f" left join ({found.sql}) as found on true",
        found.names,
        found.tables,
    )


def _whole(oldest: int) -> str:
    return f"select to_regclass('{tables.year_table(oldest)}') is not null as whole"
