"""Fills a ledger fast: one run's rows again and again under other names, by COPY, in several processes.

Everything stands as if the services had written it: partitions after the layout's rule, numbers without gaps,
every hash chained, positions and what was relayed at the heads. A rebuild finds no difference. Each process
has the partitions of its share; what rests on an entry lies with it.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Table

from bench.apart import Figures, apart
from bench.growth.stencil import HOLE, Kept, Line, Stencil, mark, read_stencil, under
from bench.servers import Link, Servers
from hours.exchanges import tables as exchanges
from points.accounts import tables as accounts
from points.activities import tables as activities
from points.activities.domain.act import Act, digest
from points.settings import LAYOUT
from shared.policy.calendar import CALENDAR_YEARS
from shared.runtime import clock
from shared.runtime.driver import connect
from shared.runtime.journal.entry import chain, genesis
from shared.runtime.journal.tables import journal

SHARES = 2
"""Processes that fill at the same time."""
TOGETHER = 20_000
"""Entries of a COPY, about."""
HEARD = exchanges.lot
"""What hours knows of the lots; it lies in its own database."""

Row = Sequence[Any]
Entries = Mapping[int | None, Row]
"""Lines of a share as rows of the journal, by their place in the stencil."""


async def fill(servers: Servers, template: str, databases: Mapping[str, str], copies: int) -> None:
    """Fill the databases of points and hours with so many copies of what `template` holds."""
    urls = [servers.postgres.url(name) for name in (template, databases["points"], databases["hours"])]
    await asyncio.gather(*(apart(fill_share, *urls, str(copies), str(share)) for share in range(SHARES)))
    for name in databases.values():
        async with servers.connected(name) as link:
            await link.execute("vacuum (analyze)")
    servers.settle()


async def fill_share(template: str, points: str, hours: str, copies: str, share: str) -> Figures:
    """Fill one share of the partitions, in a process of its own."""
    source, target, listener = await connect(template), await connect(points), await connect(hours)
    try:
        filler = Filler(await read_stencil(source), int(share), clock.now())
        numbers = iter(range(int(copies)))
        while portion := list(islice(numbers, filler.together)):
            for table, rows in filler.copies(portion).items():
                link, names = listener if table is HEARD else target, [one.name for one in table.columns]
                await link.copy_records_to_table(table.name, columns=names, records=rows)
        await _end(target, listener, filler)
        return {"entries": float(sum(seq for seq, _ in filler.heads.values()))}
    finally:
        for link in (source, target, listener):
            await link.close()


async def _end(points: Link, hours: Link, filler: "Filler") -> None:
    """Say where the partitions end, that all of it was relayed, and that hours has heard it."""
    ends = [(partition, seq, head, filler.now) for partition, (seq, head) in filler.heads.items() if seq]
    await points.executemany(
        "update part set seq = $2, head = $3, recorded_at = $4 where partition = $1", ends
    )
    heard = [(partition, seq) for partition, seq, *_ in ends if partition in LAYOUT.heard]
    await points.executemany("update relayed set seq = $2 where partition = $1", heard)
    await hours.executemany("insert into position (source, partition, seq) values ('points', $1, $2)", heard)


class Filler:
    """The rows of copies, for one share of the partitions."""

    def __init__(self, stencil: Stencil, share: int, now: datetime) -> None:
        self._stencil = stencil
        self._year = CALENDAR_YEARS.of(now)
        self.now = now
        self.heads = {p: (0, genesis(LAYOUT.service, p)) for p in LAYOUT.all if p % SHARES == share}
        """Last number and hash of each partition of the share."""
        self.together = max(1, TOGETHER // len(stencil.lines))
        """Copies of a COPY."""

    def copies(self, numbers: Sequence[int]) -> dict[Table, list[Row]]:
        """The rows of some copies, by table."""
        rows: dict[Table, list[Row]] = {}
        for number in numbers:
            name = mark(number)
            entries = self._entries(name)
            rows.setdefault(journal, []).extend(entries.values())
            for table, found in self._resting(name, entries):
                rows.setdefault(table, []).append(found)
        return rows

    def _entries(self, name: str) -> Entries:
        entries: dict[int | None, Row] = {}
        for place, line in enumerate(self._stencil.lines):
            subject = line.subject.under(name)
            partition = LAYOUT.partition(subject)
            if partition in self.heads:
                entries[place] = self._entry(line, name, partition, subject, entries)
        return entries

    def _entry(self, line: Line, name: str, partition: int, subject: str, before: Entries) -> Row:
        data = line.data.under(name)
        if line.reverses is not None:
            reversed_partition, reversed_seq = before[line.reverses][:2]
            data = data.replace(HOLE, f"{LAYOUT.service}/{reversed_partition}/{reversed_seq}")
        last, head = self.heads[partition]
        seq, policy = last + 1, line.policy
        columns = (partition, seq, line.type, subject, line.effective_at, self.now, policy, data)
        self.heads[partition] = (seq, hashed := chain(head, columns))
        return (*columns, hashed, self._year)

    def _resting(self, name: str, entries: Entries) -> Iterator[tuple[Table, Row]]:
        """The rows of projections, with their tables."""
        stencil = self._stencil
        for (source, key, withdrawn), entry in _placed(stencil.acts, name, entries):
            act = digest(msgspec.json.decode(entry[7], type=Act))
            yield activities.act, (source, key, *entry[:2], act, withdrawn)
        for columns, entry in _placed(stencil.awards, name, entries):
            yield accounts.award, (*columns[:-1], *entry[:2], columns[-1])
        for (subject, policy, state), entry in _placed(stencil.states, name, entries):
            yield activities.object_state, (subject, policy, entry[1], state)
        for subject, policy, state in self._own(stencil.groups, name, ""):
            yield activities.object_state, (subject, policy, 0, state)
        for teacher, expires_at, year, earned in self._own(stencil.lots, name, "teacher:"):
            partition = LAYOUT.partition(f"teacher:{teacher}")
            yield accounts.lot, (teacher, expires_at, year, partition, earned, 0, 0)
            yield HEARD, (teacher, expires_at, earned)
        for columns in self._own(stencil.belongings, name, ""):
            yield activities.belonging, columns

    def _own(self, loose: Sequence[Row], name: str, kind: str) -> Iterator[Row]:
        """Rows that rest on no line and whose first column is a subject of the share."""
        for columns in loose:
            row = under(columns, name)
            if LAYOUT.partition(kind + row[0]) in self.heads:
                yield row


def _placed(kept: Sequence[Kept], name: str, entries: Entries) -> Iterator[tuple[Row, Row]]:
    """Rows that rest on a line of the share, with its entry."""
    for one in kept:
        if one.line in entries:
            yield under(one.columns, name), entries[one.line]
