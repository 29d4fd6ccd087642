"""The journal on a real database: numbers without gaps, order of locks, chain, rights, replay."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import Column, Integer, select, text
from sqlalchemy.exc import DBAPIError

from shared.runtime.database import ATTEMPTS, Database, Transaction, worth_retrying
from shared.runtime.journal import Draft, tables
from shared.runtime.journal.rebuild import compare
from shared.runtime.unnest import unnested
from tests.support.world import Publisher, World

AT = datetime(2025, 4, 4, 8, 32, tzinfo=UTC)
_END_OWN_SESSION = unnested(
    "select pg_terminate_backend(pg_backend_pid()) from {rows}", [Column("n", Integer)]
)


class Noted(msgspec.Struct, frozen=True):
    text: str


def note(subject: str, words: str = "said") -> Draft:
    return Draft(type="note.made.v1", subject=subject, effective_at=AT, policy="test@1", data=Noted(words))


@pytest.fixture
async def publisher(world: World) -> Publisher:
    return await world.publisher("points")


async def test_concurrent_writers_leave_every_partition_gapless_and_chained(publisher: Publisher) -> None:
    async def write(writer: int) -> None:
        for n in range(20):
            await publisher.say_all([note(f"teacher:T{(writer * 7 + n * k) % 50}") for k in range(1, 6)])

    await asyncio.gather(*(write(w) for w in range(6)))

    database = publisher.app.state.database
    assert await compare_as_owner(publisher) == []
    async with database.transaction() as tx:
        heads = await publisher.journal.heads(tx)
        assert sum(heads.values()) == 6 * 20 * 5
        for partition, head in heads.items():
            entries = await publisher.journal.read(tx, partition, 0, 1000)
            assert [e.seq for e in entries] == list(range(1, head + 1))
            assert [e.recorded_at for e in entries] == sorted(e.recorded_at for e in entries)


async def compare_as_owner(publisher: Publisher) -> list[object]:
    url = publisher.app.state.database.url.replace("points@", "points_owner@")
    owner = Database(url)
    found = await compare(owner, publisher.journal, [])
    await owner.dispose()
    return list(found)


async def test_any_changed_byte_is_found_by_place(publisher: Publisher) -> None:
    entries = await publisher.say_all([note("teacher:T1", "one"), note("teacher:T1", "two")])
    owner = Database(publisher.app.state.database.url.replace("points@", "points_owner@"))
    async with owner.transaction() as tx:
        await tx.execute(
            text("update journal set data = replace(data, 'one', 'uno') where seq = 1 and partition = :p"),
            {"p": entries[0].partition},
        )
    found = await compare(owner, publisher.journal, [])
    await owner.dispose()
    assert [f.place for f in found] == [entries[0].id]


async def test_partitions_are_locked_upward_only(publisher: Publisher) -> None:
    async with publisher.app.state.database.transaction() as tx:
        await publisher.journal.lock_partitions(tx, [7])
        with pytest.raises(AssertionError, match="upward"):
            await publisher.journal.lock_partitions(tx, [3])


async def test_a_subject_that_is_not_locked_is_not_written(publisher: Publisher) -> None:
    async with publisher.app.state.database.transaction() as tx:
        with pytest.raises(AssertionError, match="not locked"):
            await publisher.journal.append(tx, [note("teacher:T1")])


async def test_a_copy_before_any_statement_is_rolled_back_like_any_other(publisher: Publisher) -> None:
    answer = ("scope", "key", b"digest", 200, "{}", AT)

    async def fail(tx: Transaction) -> None:
        await tx.copy(tables.kept_answer, [answer])
        raise KeyError("after the copy")

    with pytest.raises(KeyError):
        await publisher.app.state.database.run(fail)
    async with publisher.app.state.database.transaction() as tx:
        assert (await tx.execute(select(tables.kept_answer))).all() == []


async def test_what_the_driver_refuses_arrives_as_from_a_statement_and_is_tried_again(
    publisher: Publisher,
) -> None:
    answer = ("scope", "key", b"digest", 200, "{}", AT)
    tries = 0

    async def twice(tx: Transaction) -> None:
        nonlocal tries
        tries += 1
        await tx.copy(tables.kept_answer, [answer] if tries > 2 else [answer, answer])

    await publisher.app.state.database.run(twice)
    assert tries == 3
    with pytest.raises(DBAPIError) as refused:
        await publisher.app.state.database.run(twice)
    assert worth_retrying(refused.value)
    assert tries == 3 + ATTEMPTS


async def test_a_connection_that_was_cut_is_not_used_again(publisher: Publisher) -> None:
    database: Database = publisher.app.state.database
    with pytest.raises(DBAPIError):
        async with database.transaction() as tx:
            await tx.fetch(_END_OWN_SESSION, {"n": [1]})
    for _ in range(12):
        async with database.transaction() as tx:
            assert (await tx.execute(text("select 1"))).scalar_one() == 1


async def test_what_fails_after_the_append_leaves_nothing(publisher: Publisher) -> None:
    async def fail(tx: Transaction) -> None:
        await publisher.journal.lock(tx, ["teacher:T1"])
        await publisher.journal.append(tx, [note("teacher:T1")])
        raise KeyError("after the append")

    with pytest.raises(KeyError):
        await publisher.app.state.database.run(fail)
    async with publisher.app.state.database.transaction() as tx:
        assert await publisher.journal.read_subject(tx, "teacher:T1") == []
    assert (await publisher.say("note.made.v1", "teacher:T1", Noted("x"), AT)).seq == 1


@pytest.mark.parametrize(
    "statement",
    [
        "update journal set data = ''",
        "delete from journal",
        "truncate journal",
        "select * from journal for update",
        "delete from part",
    ],
)
async def test_the_services_role_cannot_touch_what_is_written(publisher: Publisher, statement: str) -> None:
    await publisher.say("note.made.v1", "teacher:T1", Noted("x"), AT)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with publisher.app.state.database.transaction() as tx:
            await tx.execute(text(statement))


async def test_heads_and_ranges_over_http(publisher: Publisher) -> None:
    entries = await publisher.say_all([note("teacher:T1", f"n{n}") for n in range(5)])
    partition = entries[0].partition
    heads = (await publisher.client.get("/v1/journal/heads")).json()
    assert heads["heads"][str(partition)] == 5
    page = (await publisher.client.get(f"/v1/journal/{partition}", params={"after": 3})).json()["items"]
    assert [e["seq"] for e in page] == [4, 5]
    assert page[0]["hash"] == entries[3].hash.hex()
    missing = await publisher.client.get("/v1/journal/999")
    assert (missing.status_code, missing.json()["code"]) == (404, "partition.unknown")
