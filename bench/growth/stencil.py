"""What one run left, as a stencil: every row of it with the places at which its names are filled in.

A run is made under a mark in the names of its source and its teachers. Another mark in its place gives the
same acts, awards and sums of other people on other objects; nothing of what was decided depends on a name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from bench.servers import Link
from bench.workload import Workload

MARK = "grown-000000"
_TEACHER = re.compile(rb'"(T\d{6})"')
_REVERSES = re.compile(r'"reverses":"points/(\d+)/(\d+)"')
HOLE = "\0"
"""Where the number of a reversed entry is filled in."""


def marked(workload: Workload) -> Workload:
    """A workload of the source `MARK`, its teachers under the mark as well."""
    return Workload([_TEACHER.sub(rf'"{MARK}-\1"'.encode(), line) for line in workload.lines])


def mark(number: int) -> str:
    """The mark of one copy; as long as the stencil's own."""
    return f"grown-{number:06}"


@dataclass(frozen=True, slots=True)
class Text:
    """A text with a mark in it."""

    parts: Sequence[str]

    @classmethod
    def of(cls, text: str) -> "Text":
        """Find the marks."""
        return cls(text.split(MARK))

    def under(self, name: str) -> str:
        """The text under another mark."""
        return name.join(self.parts)


Columns = Sequence[Any]
"""Values of a row; a text with marks is a `Text`."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the journal."""

    type: str
    subject: Text
    effective_at: datetime
    policy: str
    data: Text
    reverses: int | None
    """The place of the line that it takes back, whose number goes into `HOLE`."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of a projection: its columns, and the place of the line that it rests on."""

    columns: Columns
    line: int


@dataclass(frozen=True, slots=True)
class Stencil:
    """Everything that a run left. Lines are in the order of their partitions."""

    lines: Sequence[Line]
    acts: Sequence[Kept]
    """source, id, withdrawn"""
    awards: Sequence[Kept]
    """ground to expires_at"""
    states: Sequence[Kept]
    """subject, policy, state; they rest on the last line that they hold"""
    groups: Sequence[Columns]
    """The same of those that no line is about"""
    lots: Sequence[Columns]
    """teacher, expires_at, year, earned; nothing was exchanged"""
    belongings: Sequence[Columns]
    """parent, thing"""


def under(columns: Columns, name: str) -> list[Any]:
    """Columns under another mark."""
    return [column.under(name) if isinstance(column, Text) else column for column in columns]


async def read_stencil(link: Link) -> Stencil:
    """Read what a run left in a database of points."""
    rows = await link.fetch("select * from journal order by partition, seq")
    places = {(row["partition"], row["seq"]): place for place, row in enumerate(rows)}
    lines: dict[str, list[tuple[int, int]]] = {}
    for place, row in enumerate(rows):
        lines.setdefault(row["subject"], []).append((row["seq"], place))
    states = [
        (_marked(row[:3]), _last(lines.get(row["subject"], ()), row["seq"]))
        for row in await link.fetch("select subject, policy, state, seq from object_state")
    ]

    async def placed(query: str) -> list[Kept]:
        """Rows whose last two columns say where their entry stands."""
        return [Kept(_marked(row[:-2]), places[tuple(row[-2:])]) for row in await link.fetch(query)]

    async def loose(query: str) -> list[Columns]:
        return [_marked(row) for row in await link.fetch(query)]

    return Stencil(
        lines=[_line(row, places) for row in rows],
        acts=await placed("select source, id, withdrawn, partition, seq from act where seq is not null"),
        awards=await placed(
            "select ground, rule, teacher, year, at, source, act, asked, points, expires_at, cap, partition,"
            " seq from award"
        ),
        states=[Kept(columns, line) for columns, line in states if line is not None],
        groups=[columns for columns, line in states if line is None],
        lots=await loose("select teacher, expires_at, year, earned from lot"),
        belongings=await loose("select parent, thing from belonging"),
    )


def _line(row: asyncpg.Record, places: Mapping[tuple[int, int], int]) -> Line:
    data, found = row["data"], _REVERSES.search(row["data"])
    reverses = None if found is None else places[int(found[1]), int(found[2])]
    if found is not None:
        data = data.replace(found[0], f'"reverses":"{HOLE}"')
    return Line(
        row["type"], Text.of(row["subject"]), row["effective_at"], row["policy"], Text.of(data), reverses
    )


def _last(of: Sequence[tuple[int, int]], seq: int) -> int | None:
    """The last line of a subject up to a number of its partition."""
    return max((place for number, place in of if number <= seq), default=None)


def _marked(columns: Iterable[Any]) -> Columns:
    return [Text.of(one) if isinstance(one, str) and MARK in one else one for one in columns]
