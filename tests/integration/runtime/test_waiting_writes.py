"""Writes wait for the end of their transaction or for the first who looks, and go out together."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Table, select, text
from sqlalchemy.exc import DBAPIError

from shared.runtime.database import Database, Transaction
from shared.runtime.journal import Draft
from shared.runtime.journal.tables import kept_answer, position, relayed
from shared.runtime.unnest import insert_rows, rows_by, together, unnested
from shared.runtime.waiting import Arrays
from tests.integration.runtime.test_journal import AT, note
from tests.support.world import Publisher

_KEY: list[Column[Any]] = [position.c.source, position.c.partition]
_POSITIONS = rows_by(position, [position.c.source])
_MOVE = unnested(
    "update position set seq = position.seq + 1 from {rows}"
    " where position.source = rows.source and position.partition = rows.partition",
    _KEY,
)
_DOUBLE = unnested(
    "update position set seq = 2 * position.seq from {rows} where position.source = rows.source",
    [position.c.source],
)
_RELAYED = unnested(
    "update relayed set seq = relayed.seq from {rows} where relayed.partition = rows.partition",
    [relayed.c.partition],
)
_ANSWERS = rows_by(kept_answer, [kept_answer.c.scope])
FIRST: dict[str, list[Any]] = {"source": ["hours"], "partition": [1]}
ALL: dict[str, list[Any]] = {"source": ["hours"]}


class Sending(Transaction):
    """A transaction that notes what goes out."""

    sent: list[str]

    async def send(self, sql: str, arrays: Arrays) -> list[Any]:
        self.sent.append(sql)
        return await super().send(sql, arrays)

    async def send_rows(self, table: Table, rows: Arrays) -> None:
        self.sent.append(f"{len(rows)} of {table.name}")
        await super().send_rows(table, rows)


class Listening(Database):
    opens = Sending


@pytest.fixture
async def database(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    monkeypatch.setattr(Sending, "sent", [], raising=False)
    opened = Listening(publisher.app.state.database.url)
    yield opened
    await opened.dispose()


def answer(key: str) -> tuple[Any, ...]:
    return ("scope", key, b"digest", 200, "{}", datetime(2025, 1, 1, tzinfo=UTC))


def at(seq: int, partition: int = 1) -> tuple[Any, ...]:
    return ("hours", partition, seq, False)


async def test_rows_of_a_table_go_out_once_and_statements_together(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.copy(kept_answer, [answer("a")])
        await tx.write(_MOVE, FIRST)
        await tx.copy(kept_answer, [answer("b"), answer("c")])
        await tx.write(_RELAYED, {"partition": [64]})
        assert Sending.sent == []
    assert Sending.sent == ["3 of kept_answer", together((_MOVE, _RELAYED))]


async def test_who_asks_for_a_table_sees_what_waits_for_it(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.copy(position, [at(5)])
        assert await tx.fetch(_ANSWERS, {"scope": ["scope"]}) == []
        assert len(Sending.sent) == 1, "what waits for another table goes on waiting"
        assert [row.seq for row in await tx.fetch(_POSITIONS, {"source": ["hours"]})] == [5]
        await tx.write(_MOVE, FIRST)
        assert [row.seq for row in await tx.fetch(_POSITIONS, {"source": ["hours"]})] == [6]
        await tx.write(_MOVE, FIRST)
        assert (await tx.execute(select(position.c.seq).where(position.c.source == "hours"))).scalar() == 7


async def test_writes_to_one_table_keep_their_order(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.copy(position, [at(5)])
        await tx.write(_DOUBLE, ALL)
        await tx.copy(position, [at(3, partition=2)])
        await tx.write(_MOVE, FIRST)
        await tx.write(_DOUBLE, ALL)
    async with database.transaction() as tx:
        found = await tx.fetch(_POSITIONS, {"source": ["hours"]})
        assert {row.partition: row.seq for row in found} == {1: 22, 2: 6}


async def test_what_is_refused_at_the_end_leaves_nothing(database: Database) -> None:
    async def twice(tx: Transaction) -> None:
        await tx.copy(kept_answer, [answer("a")])
        await tx.copy(position, [at(5), at(6)])

    with pytest.raises(DBAPIError, match="position"):
        await database.run(twice)
    async with database.transaction() as tx:
        assert await tx.fetch(_ANSWERS, {"scope": ["scope"]}) == []


async def test_facts_of_one_transaction_go_out_in_one_copy_and_heads_are_noted_once(
    publisher: Publisher, database: Database
) -> None:
    journal, subjects = publisher.journal, ["teacher:T1", "teacher:T2"]

    async def heads(tx: Transaction) -> dict[int, int]:
        return await journal.heads(tx, sorted({journal.partition(subject) for subject in subjects}))

    async with database.transaction() as tx:
        await journal.lock(tx, subjects)
        for subject in subjects:
            await journal.append(tx, [note(subject)])
    assert Sending.sent[1:2] == ["2 of journal"]
    assert sum("update part" in sql for sql in Sending.sent) == 1
    async with database.transaction() as tx:
        before = await heads(tx)
        await journal.lock(tx, subjects)
        await journal.append(
            tx, [Draft(*note(subject)[:2], AT, "", note(subject).data) for subject in subjects]
        )
        assert await heads(tx) == {partition: seq + 1 for partition, seq in before.items()}
        assert len(await journal.read_subject(tx, "teacher:T1")) == 2


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        (
            "select found.* from {rows} cross join lateral (select * from act where true offset 0) as found",
            {"act"},
        ),
        ("SELECT a FROM prediction LEFT OUTER JOIN decision ON true", {"prediction", "decision"}),
        ("update part set seq = 1 from {rows} where true", {"part"}),
        ("insert into lot (a) select * from {rows} on conflict (a) do update set a = excluded.a", {"lot"}),
        ("merge into lot using {rows} on true when matched then update set a = 1", {"lot"}),
        ("delete from award using {rows} where true", {"award"}),
        ("select part.seq from part join {rows} on true order by part.seq for update of part", {"part"}),
    ],
)
def test_a_statement_knows_the_tables_that_it_names(sql: str, tables: set[str]) -> None:
    assert unnested(sql, _KEY).tables == tables


async def test_parts_of_one_statement_keep_their_own_parameters(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.copy(position, [at(5)])
        await tx.write(insert_rows(kept_answer), _columns(answer("z")))
        await tx.write(_MOVE, FIRST)
    async with database.transaction() as tx:
        assert (await tx.execute(text("select seq from position where source = 'hours'"))).scalar() == 6
        assert [row.key for row in await tx.fetch(_ANSWERS, {"scope": ["scope"]})] == ["z"]


def _columns(row: tuple[Any, ...]) -> dict[str, list[Any]]:
    return {column.name: [value] for column, value in zip(kept_answer.columns, row, strict=True)}
