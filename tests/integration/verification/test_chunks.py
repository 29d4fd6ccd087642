"""How many teachers a chunk has changes nothing that is said, and no number of statements."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from sqlalchemy import Executable, Table, text

from shared.adoptions.operations import Adoptions
from shared.policy.loader import Edition, Editions, editions
from shared.policy.pack import Pack
from shared.runtime.database import Database, Transaction
from shared.runtime.journal import Journal
from shared.runtime.waiting import Arrays
from tests.support.world import World
from verification.figures.domain.hours import Posted, TeacherYear
from verification.figures.domain.roster import Counted, Enrolled, Heard, Member, Scope
from verification.runs import operations, store
from verification.runs.domain.run import Asked, Run
from verification.settings import LAYOUT, Context
from verification.verdicts import operations as verdicts
from verification.verdicts.domain.verdict import ProvinceVerdict

NOW = datetime(2025, 1, 31, 10, tzinfo=UTC)
ELECTIVE = ("20", "18", "17")
"""Passes also where 20 elective hours are required, passes where 18 are, never passes."""
SAID = (
    "select partition, seq, type, subject, effective_at, policy, data from journal"
    " where subject like 'teacher:%' order by partition, seq"
)
SHOWN = ("select * from prediction order by teacher", "select * from decision order by teacher")
JUDGED = ("verification.passed.v1", "verification.failed.v1")


class RollbackError(Exception):
    """Takes everything back that a world was told."""


class Observed(Transaction):
    """A transaction that counts its statements; one that is sent for each of many rows counts for each."""

    statements = 0

    async def execute(self, statement: Executable, parameters: Any = None) -> Any:
        self.statements += len(parameters) if isinstance(parameters, list) else 1
        return await super().execute(statement, parameters)

    async def send(self, sql: str, arrays: Arrays) -> list[Any]:
        self.statements += 1
        return await super().send(sql, arrays)

    async def send_rows(self, table: Table, rows: Arrays) -> None:
        self.statements += 1
        await super().send_rows(table, rows)


class ObservedDatabase(Database):
    """A database whose transactions count."""

    opens = Observed


@pytest.fixture
async def database(world: World) -> AsyncIterator[Database]:
    environment = await world.environment("verification")
    opened = ObservedDatabase(environment["VERIFICATION_DATABASE_URL"])
    yield opened
    await opened.dispose()


@asynccontextmanager
async def told(database: Database, people: int) -> AsyncIterator[tuple[Observed, Context]]:
    """So many teachers with hours, in a transaction that holds every partition and is rolled back."""
    context = Context(journal=Journal(LAYOUT), adoptions=Adoptions(editions()), authority="local")
    with suppress(RollbackError):
        async with database.transaction() as tx:
            assert isinstance(tx, Observed)
            await context.journal.lock_partitions(tx, LAYOUT.all)
            await verdicts.hear(tx, context, heard(people), NOW)
            yield tx, context
            raise RollbackError


def heard(people: int) -> list[Heard]:
    items: list[Heard] = []
    for n in range(people):
        member = Member(teacher=f"T{n:03}", school="S01", district="天河区")
        items.append(Enrolled(member=member, event=f"hours/32/{n}", at=NOW))
        key = TeacherYear(member.teacher, 2024)
        items += [Counted(key=key, change=change, event=f"hours/40/{n}", at=NOW) for change in posted(n)]
    return items


def posted(n: int) -> list[Posted]:
    return [
        Posted(category="public", hours=Decimal(30)),
        Posted(category="professional", hours=Decimal(52)),
        Posted(category="elective", hours=Decimal(ELECTIVE[n % 3])),
    ]


def stricter(pack: Pack) -> Adoptions:
    """The same rules, but two elective hours more are required."""
    required = [
        msgspec.structs.replace(row, minima={**row.minima, "elective": row.minima["elective"] + 2})
        for row in pack.requirements
    ]
    return Adoptions(Editions(Edition("", msgspec.structs.replace(pack, requirements=tuple(required)))))


async def judge_all(tx: Observed, context: Context, name: str, size: int) -> tuple[Run, list[int]]:
    """A whole run, and how many statements each of its chunks took."""
    asked = Asked(run=name, year=2024, scope=Scope(kind="everyone"), at=NOW, by="operator:local")
    await operations.request(tx, context, asked, NOW)
    await operations.aim(tx, context, name, {}, NOW)
    await operations.start(tx, context, name, NOW)
    taken: list[int] = []
    while (run := await store.load(tx, name)) is not None and run.state == "running":
        before = tx.statements
        await operations.judge_chunk(tx, context, name, NOW, size)
        taken.append(tx.statements - before)
    assert run is not None
    return run, taken


async def shown(tx: Transaction, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await tx.execute(text(query))]


@pytest.mark.parametrize("size", [1, 7, 40])
async def test_any_size_of_chunk_says_the_same_in_the_same_order(database: Database, size: int) -> None:
    found = []
    for chunk in (1000, size):
        async with told(database, 40) as (tx, context):
            strict = replace(context, adoptions=stricter(context.pack))
            runs = [
                (await judge_all(tx, own, name, chunk))[0]
                for name, own in (("first", context), ("stricter", strict), ("again", strict))
            ]
            said = await shown(tx, SAID)
            rows = [await shown(tx, query) for query in SHOWN]
            found.append((said, rows))
        tallies = [(run.tally.passed, run.tally.failed, run.tally.changed) for run in runs]
        assert tallies == [(27, 13, 40), (14, 26, 40), (14, 26, 0)]
    assert found[0] == found[1]


async def test_a_verdict_names_the_prediction_that_lies_before_it(database: Database) -> None:
    async with told(database, 40) as (tx, context):
        await judge_all(tx, context, "first", 1000)
        await judge_all(tx, replace(context, adoptions=stricter(context.pack)), "stricter", 9)
        said = await shown(tx, SAID)
    predicted = {
        f"verification/{partition}/{seq}": subject
        for partition, seq, kind, subject, *_ in said
        if kind == "verification.predicted.v1"
    }
    named = [
        (msgspec.json.decode(row[-1])["basis"]["prediction"], row[3]) for row in said if row[2] in JUDGED
    ]
    assert len(named) == 80
    assert dict(named) == predicted


async def test_the_statements_of_a_chunk_do_not_grow_with_its_teachers(database: Database) -> None:
    assert await _statements(database, 3) == await _statements(database, 120)


async def _statements(database: Database, people: int) -> list[list[int]]:
    """Of runs that judge afresh, that judge again, and that close and open discrepancies."""
    async with told(database, people) as (tx, context):
        strict = replace(context, adoptions=stricter(context.pack))
        _, fresh = await judge_all(tx, context, "first", people + 1)
        _, changed = await judge_all(tx, strict, "changed", people + 1)
        province = replace(context, authority="province")
        await verdicts.receive(tx, province, [_verdict(n) for n in range(people)], NOW)
        _, closing = await judge_all(tx, province, "closing", people + 1)
        _, opening = await judge_all(tx, replace(strict, authority="province"), "opening", people + 1)
        differing = "select count(*), count(closed) from discrepancy"
        assert await shown(tx, differing) == [(people, people // 3)]
        return [fresh, changed, closing, opening]


def _verdict(n: int) -> ProvinceVerdict:
    return ProvinceVerdict(verdict=f"V{n}", teacher=f"T{n:03}", year=2024, outcome="pass", decided_at=NOW)
