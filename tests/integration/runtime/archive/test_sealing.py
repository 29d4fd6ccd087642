"""A year that is over can be sealed, once, one after the other; then nothing is written into it any more."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.runtime.journal.archive.errors import RefusedError, TamperedError
from shared.runtime.journal.entry import genesis
from tests.integration.runtime.archive.books import IN_2025, IN_2026, NOW, Books, note
from tests.support.world import until

SUBJECTS = [f"teacher:T{n}" for n in range(40)]
NEW_YEAR = datetime(2025, 12, 31, 16, tzinfo=UTC)
"""The beginning of 2026 in China."""
WAITING = "select count(*) from pg_locks where not granted"


async def counts(books: Books) -> list[int]:
    async with books.owner.transaction() as tx:
        query = "select (select count(*) from seal), (select count(*) from stretch)"
        return list((await tx.execute(text(query))).one())


async def test_a_seal_says_where_each_partition_begins_and_ends(books: Books) -> None:
    first = await books.say([note(subject) for subject in SUBJECTS], IN_2025)
    second = await books.say([note("teacher:T1"), note("teacher:T1")], IN_2026)
    one, other = await books.seal(2025), await books.seal(2026)
    assert (one.entries, other.entries) == (40, 2)
    assert one.stretches.keys() == set(books.journal.layout.all)
    for partition, stretch in one.stretches.items():
        mine = [entry for entry in first if entry.partition == partition]
        assert (stretch.first, stretch.last) == (1, len(mine))
        assert stretch.before == genesis("points", partition)
        assert stretch.head == (mine[-1].hash if mine else stretch.before)
        following = other.stretches[partition]
        assert (following.first, following.before) == (stretch.last + 1, stretch.head)
    assert other.stretches[second[0].partition].head == second[-1].hash


async def test_sealed_twice_it_is_sealed_once(books: Books) -> None:
    await books.say([note("teacher:T1")], IN_2025)
    sealed = await books.seal()
    before = await counts(books)
    assert await books.seal(now=NOW + timedelta(days=400)) == sealed
    assert await counts(books) == before == [1, 32]


async def test_a_year_is_over_when_it_is_over_in_china(books: Books) -> None:
    await books.say([note("teacher:T1")], IN_2025)
    for now in (IN_2025, NEW_YEAR - timedelta(microseconds=1)):
        with pytest.raises(RefusedError, match="2025 is not over in China"):
            await books.seal(now=now)
    assert await counts(books) == [0, 0]
    assert (await books.seal(now=NEW_YEAR)).entries == 1


async def test_years_are_sealed_one_after_the_other(books: Books) -> None:
    await books.say([note("teacher:T1")], IN_2025)
    await books.say([note("teacher:T1")], IN_2026)
    with pytest.raises(RefusedError, match="in 2025 already"):
        await books.seal(2026)
    await books.seal(2025)
    later = datetime(2030, 1, 1, tzinfo=UTC)
    with pytest.raises(RefusedError, match="the next one is 2026"):
        await books.seal(2027, now=later)
    with pytest.raises(RefusedError, match="no year 2024"):
        await books.seal(2024)
    await books.seal(2026)
    assert (await books.seal(2027, now=later)).entries == 0


WRITING = (
    "insert into journal select * from journal where year = 2025",
    "insert into journal_2025 select * from journal where year = 2025",
    "update journal set data = '{}' where year = 2025",
    "delete from journal where year = 2025",
    "truncate journal_2025",
    "truncate journal",
)


async def test_nobody_writes_into_a_sealed_year_not_even_the_owner(books: Books) -> None:
    await books.say([note("teacher:T1")], IN_2025)
    await books.seal()
    for statement in WRITING:
        with pytest.raises(DBAPIError, match="the year 2025 of the journal is sealed"):
            async with books.owner.transaction() as tx:
                await tx.execute(text(statement))
    assert await books.rows() == 1


async def test_a_copy_with_a_slow_clock_records_behind_the_sealed_year(books: Books) -> None:
    await books.say([note("teacher:T1")], IN_2025)
    sealed = await books.seal()
    late = await books.say([note(subject) for subject in SUBJECTS], IN_2025)
    assert {(entry.recorded_at, entry.year) for entry in late} == {(NEW_YEAR, 2026)}
    assert await books.seal() == sealed


async def test_what_is_being_written_is_waited_for(books: Books) -> None:
    books.journal.now = lambda: IN_2025
    async with books.database.transaction() as tx:
        await books.journal.lock(tx, ["teacher:T1"])
        await books.journal.append(tx, [note("teacher:T1")])
        sealing = asyncio.create_task(books.seal())

        async def waits() -> bool:
            async with books.owner.transaction() as other:
                return bool((await other.execute(text(WAITING))).scalar() or sealing.done())

        await until(waits)
        assert not sealing.done()
    assert (await sealing).entries == 1


FORGED: dict[str, list[int]] = {
    "update journal set data = '{}' where seq = 2": [2],
    "update journal set recorded_at = recorded_at - interval '1 s' where seq = 2": [2],
    "update journal set recorded_at = recorded_at + interval '1 year' where seq = 3": [3, 3],
    "delete from journal where seq = 2": [3, 3],
    "delete from journal where year = 2025 and seq = 3": [4, 4],
    "delete from journal where year = 2026": [],
    "insert into journal select partition, seq, type, subject, effective_at, recorded_at, policy, data, hash,"
    " 2026 from journal where seq = 2": [2, 2],
}
"""What may be done to a partition of three entries in 2025 and one in 2026, and what is named then."""


async def test_a_year_that_was_tampered_with_is_not_sealed_and_every_place_is_named(books: Books) -> None:
    partitions = {books.journal.partition(subject): subject for subject in SUBJECTS}
    await books.say([note(subject) for subject in partitions.values() for _ in range(3)], IN_2025)
    await books.say([note(subject) for subject in partitions.values()], IN_2026)
    expected: list[str] = []
    for partition, (statement, numbers) in zip(sorted(partitions), FORGED.items(), strict=False):
        await books.forge(f"{statement} and partition = {partition}")
        expected += [f"points/{partition}/{seq}" for seq in numbers] or [f"points/{partition}"]
    with pytest.raises(TamperedError) as found:
        await books.seal()
    assert [one.place for one in found.value.found] == expected
    assert await counts(books) == [0, 0]
    async with books.owner.transaction() as tx:
        await tx.execute(text("update journal set policy = policy"))  # nothing was closed either
