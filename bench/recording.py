"""Notes every write that points sends to PostgreSQL, with its parameters, so that F2 can send them again.

The workload goes through the service's own operations in transactions that listen; nothing of a statement is
written down here by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import CursorResult, Executable, Table
from sqlalchemy.sql.elements import CompilerElement

from bench.workload import Workload
from points.activities import operations
from points.activities.domain.act import Act
from points.activities.domain.admission import arrival
from points.activities.domain.reading import read
from points.activities.domain.rulebook import Rulebook
from points.activities.jobs.lane import MOST
from points.settings import LAYOUT, Context
from shared.adoptions.operations import Adoptions
from shared.policy import loader
from shared.policy.loader import Edition, Editions
from shared.policy.pack import Pack
from shared.runtime import clock
from shared.runtime.database import Database, Transaction
from shared.runtime.journal import Journal
from shared.runtime.unnest import POSTGRESQL
from shared.runtime.waiting import Arrays

PORTION = MOST
"""Acts of a transaction: what the lane of intake takes at most, and the connections keep waiting."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write: a statement as PostgreSQL gets it and its parameters, or the rows of a COPY."""

    what: str | Table
    values: Sequence[Any]


@dataclass(slots=True)
class Recording:
    """The writes of each transaction in order, and how many statements there were of any kind."""

    batches: list[list[Write]] = field(default_factory=list)
    statements: int = 0
    acts: int = 0


class _Listening(Transaction):
    """A transaction that notes what passes through it."""

    def listen(self, recording: Recording) -> None:
        self._recording = recording
        recording.batches.append([])

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:  # noqa: ANN401 - as the parent
        self._recording.statements += 1
        noted = _noted(statement, parameters)
        if _writes(str(noted.what)):
            self._recording.batches[-1].append(noted)
        return await super().execute(statement, parameters)

    async def send(self, sql: str, arrays: Arrays) -> list[Any]:
        self._recording.statements += 1
        if _writes(sql):
            self._recording.batches[-1].append(Write(sql, arrays))
        return await super().send(sql, arrays)

    async def send_rows(self, table: Table, rows: Arrays) -> None:
        self._recording.statements += 1
        self._recording.batches[-1].append(Write(table, rows))
        await super().send_rows(table, rows)


class _Overheard(Database):
    """A database whose transactions note what passes through them."""

    opens = _Listening


def context(pack: Pack | None = None) -> Context:
    """What the operations of points work with; under the shipped rules where no pack is given."""
    editions = loader.editions() if pack is None else Editions(Edition("", pack))
    return Context(
        journal=Journal(LAYOUT), book=Rulebook(editions.pack), adoptions=Adoptions(editions), explain={}
    )


async def record(url: str, workload: Workload) -> Recording:
    """Take a workload in, in transactions of one size, and note what was written."""
    given = [arrival(act_of(line)) for line in workload.lines]
    recording, own = Recording(acts=workload.recorded.acts), context()
    database = _Overheard(url)
    for first in range(0, len(given), PORTION):
        async with database.transaction() as tx:
            assert isinstance(tx, _Listening)
            tx.listen(recording)
            await operations.record(tx, own, given[first : first + PORTION])
    await database.dispose()
    return recording


def act_of(line: bytes) -> Act:
    """A document of a workload as the rules see it."""
    found = read(msgspec.json.decode(line), clock.now())
    assert isinstance(found, Act), found
    return found


def _writes(text: str) -> bool:
    """Whether a statement changes or locks rows."""
    words = text.lower()
    return not words.startswith("select") or " for update" in words


def _noted(statement: Executable, parameters: Mapping[str, Any] | None) -> Write:
    assert isinstance(statement, CompilerElement)
    compiled: Any = statement.compile(dialect=POSTGRESQL)
    values = compiled.construct_params(parameters)
    return Write(str(compiled), [values[name] for name in compiled.positiontup or ()])
