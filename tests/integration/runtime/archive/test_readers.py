"""Whoever reads the journal gets the same answer, wherever an entry lies."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.runtime.database import Transaction, worth_retrying
from shared.runtime.journal import Entry, Journal
from shared.runtime.journal.archive import parquet
from shared.runtime.journal.archive.shelf import Known, Shelf
from shared.runtime.journal.archive.sought import Sought
from shared.runtime.journal.rebuild import compare
from tests.integration.runtime.archive.books import IN_2025, IN_2026, Books, note

KINDS = ("note.made.v1", "note.taken.v1")
SUBJECTS = [f"teacher:T{n}" for n in range(60)]
TEXTS = ("", "said", '龙 \\ " \n \u0001', "𠮷" * 40, "x" * 3000)


async def fill(books: Books, seed: int) -> None:
    """Two years of recording, and what is recorded now."""
    chance = Random(seed)
    for start in (IN_2025, IN_2026, datetime(2026, 12, 30, tzinfo=UTC)):
        for step in range(4):
            drafts = [
                note(
                    chance.choice(SUBJECTS),
                    chance.choice(TEXTS),
                    chance.choice(KINDS),
                    datetime(
                        chance.choice([1, 1969, 2024, 9999]), 1, 1, 1, 2, 3, chance.randrange(10**6), UTC
                    ),
                )
                for _ in range(70)
            ]
            await books.say(drafts, start + timedelta(hours=step, microseconds=step))


async def answers(books: Books, seed: int) -> list[Any]:
    """Everything that can be asked, of all or of some, from any number on."""
    chance, journal = Random(seed), books.journal
    found: list[Any] = []
    async with books.database.transaction() as tx:
        heads = await journal.heads(tx)
        for partition, head in heads.items():
            after = 0
            while page := await journal.read(tx, partition, after, chance.choice([1, 3, 500])):
                found.append(page)
                after = page[-1].seq
            found.append(await journal.read_entry(tx, partition, chance.randint(0, head + 1)))
        places = [(partition, seq) for partition, head in heads.items() for seq in range(head + 2)]
        found.append(await journal.read_places(tx, chance.sample(places, 80)))
        for subject in SUBJECTS:
            types = chance.choice([None, KINDS[:1], KINDS, ["none.such.v1"]])
            after, limit = chance.choice([0, 0, 3, 9]), chance.choice([None, 1, 4])
            found.append(await journal.read_subject(tx, subject, types, after=after, limit=limit))
        behind = {subject: chance.choice([0, 2, 8]) for subject in chance.sample(SUBJECTS, 30)}
        told = await journal.read_subjects(tx, behind, KINDS[:1])
        found.append(sorted(told, key=lambda entry: entry.subject))  # no order is promised between them
        since = {partition: chance.randint(0, head) for partition, head in heads.items()}
        told = await journal.read_partitions(tx, since, KINDS)
        found.append(sorted(told, key=lambda entry: entry.partition))
    return found


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2, 3, 4))])
async def test_every_answer_is_the_same_before_and_after_each_year_is_archived(
    books: Books, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS", 5)
    await fill(books, seed)
    before = await answers(books, seed)
    assert len(before) > 100
    for year in (2025, 2026):
        await books.close_year(year)
        assert await books.rows(year) is None
        assert await answers(books, seed) == before
    assert await compare(books.owner, books.journal, []) == []


async def test_a_year_that_is_written_again_entry_by_entry_gives_the_very_same_bytes(books: Books) -> None:
    entries = await books.say([note(subject, "龙\n") for subject in SUBJECTS], IN_2025)
    await books.close_year()
    async with books.database.transaction() as tx:
        for entry in entries:
            again = await books.journal.read_entry(tx, entry.partition, entry.seq)
            assert again == entry
            assert again is not None
            assert again.recorded_at.tzinfo is UTC
            assert (type(again.hash), type(again.data)) == (bytes, str)


Ask = Callable[[Journal, Transaction], Awaitable[Any]]
ASKED: list[Ask] = [
    lambda journal, tx: journal.read(tx, journal.partition("teacher:T1"), 0, 10),
    lambda journal, tx: journal.read_subject(tx, "teacher:T1"),
    lambda journal, tx: journal.read_subject(tx, "teacher:T1", limit=1),
    lambda journal, tx: journal.read_subjects(tx, {"teacher:T1": 0}, KINDS),
    lambda journal, tx: journal.read_partitions(tx, {journal.partition("teacher:T1"): 0}, KINDS),
    lambda journal, tx: journal.read_places(tx, [(journal.partition("teacher:T1"), 1)]),
    lambda journal, tx: journal.read_entry(tx, journal.partition("teacher:T1"), 2),
]


async def test_a_copy_that_has_not_heard_of_the_archive_notices(books: Books) -> None:
    await books.say([note("teacher:T1", "in 2025"), note("teacher:T1", "also")], IN_2025)
    await books.say([note("teacher:T1", "in 2026")], IN_2026)
    copies = [(ask, Journal(books.journal.layout, str(books.folder))) for ask in ASKED]
    async with books.database.transaction() as tx:
        before = [await ask(copy, tx) for ask, copy in copies]
    assert all(before)
    await books.close_year()
    async with books.database.transaction() as tx:
        for (ask, copy), answer in zip(copies, before, strict=True):
            assert await ask(copy, tx) == answer
            assert await ask(copy, tx) == answer


async def test_a_transaction_that_cannot_know_of_the_archive_is_run_again(books: Books) -> None:
    """One that sees a state from before, without the rows, gives no answer instead of a wrong one."""
    await books.say([note("teacher:T1", "in 2025"), note("teacher:T1", "also")], IN_2025)
    async with AsyncExitStack() as stack:
        before = [await stack.enter_async_context(books.database.transaction()) for _ in ASKED]
        for tx in before:
            await tx.execute(text("set transaction isolation level repeatable read"))
            await books.journal.heads(tx)
        await books.close_year()
        for ask, tx in zip(ASKED, before, strict=True):
            copy = Journal(books.journal.layout, str(books.folder))
            with pytest.raises(DBAPIError) as refused:
                await ask(copy, tx)
            assert worth_retrying(refused.value)
            async with books.database.transaction() as other:
                assert await ask(copy, other)
            assert await ask(copy, tx), "a process that knows reads the file, whatever the transaction sees"


class Slow(Shelf):
    """A shelf whose first reader is held up on its way back from the file."""

    def __init__(self, journal: Journal, folder: Path) -> None:
        super().__init__(journal.layout.service, str(folder), 2025)
        self.came, self.goes_on = asyncio.Event(), asyncio.Event()

    async def find(self, known: Known, soughts: Sequence[Sought]) -> list[list[Entry]]:
        found = await super().find(known, soughts)
        if not self.came.is_set():
            self.came.set()
            await self.goes_on.wait()
        return found


async def test_a_reader_keeps_to_what_it_knew_when_it_began_whatever_others_learn_meanwhile(
    books: Books,
) -> None:
    await books.say([note("teacher:T1", "said"), note("teacher:T1", "also")], IN_2025)
    entries = await books.say([note("teacher:T1", "said"), note("teacher:T1", "also")], IN_2026)
    partition, last = entries[-1][1:3]
    await books.close_year(2025)
    await books.seal(2026)
    copy = Journal(books.journal.layout, str(books.folder))
    slow = copy._shelf = Slow(copy, books.folder)
    async with books.database.transaction() as tx:
        await slow.learn(tx)
    async with books.database.transaction() as tx:
        reading = asyncio.create_task(copy.read_subject(tx, "teacher:T1"))
        await slow.came.wait()
        await books.archive(2026)
        async with books.database.transaction() as other:
            assert await copy.read_entry(other, partition, last) == entries[-1]
        assert slow.known.oldest == 2027
        slow.goes_on.set()
        assert [entry.seq for entry in await reading] == [1, 2, 3, 4]
