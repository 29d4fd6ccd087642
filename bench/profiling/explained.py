"""Statements: how often each is sent, how long it takes, and what PostgreSQL does for it.

When a statement is sent for the so-many-th time, it is run once more before that under
`explain (analyze, buffers)`, and taken back to a savepoint.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
from sqlalchemy import CursorResult, Executable, Table

from bench.apart import Figures, Work, apart
from shared.runtime.database import Database, Transaction
from shared.runtime.waiting import Arrays


class Statement(msgspec.Struct):
    """One statement of a path."""

    sql: str
    count: int = 0
    seconds: float = 0.0
    plan: Sequence[str] = ()


class Explaining(Transaction):
    """A transaction whose statements are timed; one of many is explained."""

    said: defaultdict[str, Statement]
    looked_at = 1
    """The sending before which a statement is explained."""

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:  # noqa: ANN401 - as the parent
        """Run it, and note how long it took."""
        await self.flush()
        began = perf_counter()
        found = await super().execute(statement, parameters)
        self._note(str(statement), began)
        return found

    async def send(self, sql: str, arrays: Arrays) -> list[Any]:
        """Send it, explained before where this is the time, and note how long it took."""
        if self.said[readable(sql)].count + 1 == self.looked_at:
            await super().send("savepoint looked", ())
            rows = await super().send(f"explain (analyze, buffers, summary off) {sql}", arrays)
            await super().send("rollback to savepoint looked", ())
            self.said[readable(sql)].plan = [row[0] for row in rows]
        began = perf_counter()
        found = await super().send(sql, arrays)
        self._note(readable(sql), began)
        return found

    async def send_rows(self, table: Table, rows: Arrays) -> None:
        """Send them, and note how long it took."""
        began = perf_counter()
        await super().send_rows(table, rows)
        self._note(f"copy {table.name}", began)

    def _note(self, sql: str, began: float) -> None:
        one = self.said[sql]
        one.sql, one.count, one.seconds = sql, one.count + 1, one.seconds + perf_counter() - began


def readable(sql: str) -> str:
    """A statement in one line, its arrays of rows without their columns."""
    return re.sub(r"\s+", " ", re.sub(r"unnest\([^)]*\) as rows\([^)]*\)", "rows", sql)).strip()


async def explain(work: Work, file: Path, looked_at: int, *words: str) -> tuple[list[Statement], float]:
    """Run `work(*words)` in a process of its own; its statements, the longest first, and its seconds."""
    figures = await apart(listening, str(file), str(looked_at), work.__module__, work.__name__, *words)
    return _read(file), figures["seconds"]


def _read(file: Path) -> list[Statement]:
    found = msgspec.json.decode(file.read_bytes(), type=list[Statement])
    return sorted(found, key=lambda statement: -statement.seconds)


async def listening(file: str, looked_at: str, module: str, name: str, *words: str) -> Figures:
    """The work with every transaction listening; what was heard goes into a file."""
    Explaining.looked_at = int(looked_at)
    Explaining.said = defaultdict(lambda: Statement(""))
    Database.opens = Explaining
    figures: Figures = await getattr(import_module(module), name)(*words)
    _write(Path(file), [one for one in Explaining.said.values() if one.count])
    return figures


def _write(file: Path, heard: Sequence[Statement]) -> None:
    file.write_bytes(msgspec.json.encode(heard))
