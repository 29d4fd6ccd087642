"""The commands of the archive: what they say, and how they end."""

import argparse
import logging
from datetime import datetime

import pytest

from shared.runtime.journal.archive import arguments, command
from shared.runtime.journal.archive.errors import RefusedError
from shared.runtime.settings import SettingsError
from tests.integration.runtime.archive.books import IN_2025, IN_2026, NOW, Books, note


async def run(books: Books, line: str, url: str | None = None, now: datetime = NOW) -> int:
    """One command as an operator writes it."""
    parser = argparse.ArgumentParser()
    arguments.add(parser.add_subparsers(dest="command"))
    place = str(books.folder) if url is None else url
    return await command.run(
        books.journal, books.owner.url, place or None, parser.parse_args(line.split()), now
    )


def _said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the commands said; other worlds of the process may be at work as well."""
    return [record.message for record in caplog.records if record.name == command.__name__]


async def test_a_year_goes_its_way_and_each_command_may_be_repeated(
    books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await books.say([note("teacher:T1"), note("teacher:T2")], IN_2025)
    for line, rows in (
        ("seal 2025", 2),
        ("archive 2025 --keep", 2),
        ("archive 2025", None),
        ("verify-archive", None),
    ):
        caplog.clear()
        assert await run(books, line) == 0
        first = _said(caplog)
        assert len(first) == 1
        assert "points: 2025 " in first[0]
        assert "2 entries" in first[0]
        assert await books.rows() == rows
        caplog.clear()
        assert await run(books, line) == 0
        assert _said(caplog) == first
    assert await run(books, "archive 2025 --keep") == 0, "what has left does not come back"
    assert await run(books, "verify-archive 2025") == 0


async def test_what_is_not_as_it_was_recorded_is_named_and_ends_with_1(
    books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    entries = await books.say([note("teacher:T1")], IN_2025)
    await books.forge("update journal set subject = 'teacher:T2'")
    assert await run(books, "seal 2025") == 1
    assert caplog.messages == [f"{entries[0].id}: its hash does not continue the chain"]
    await books.forge("update journal set subject = 'teacher:T1'")
    assert await run(books, "seal 2025") == await run(books, "archive 2025") == 0
    books.file.write_bytes(books.file.read_bytes()[:-1])
    caplog.clear()
    assert await run(books, "verify-archive 2025") == 1
    assert caplog.messages == ["points-2025.parquet: is not the file that was archived"]


async def test_what_is_not_possible_as_things_are_is_refused_in_one_line(books: Books) -> None:
    await books.say([note("teacher:T1")], IN_2025)
    for line in ("archive 2025", "verify-archive 2025"):
        with pytest.raises(RefusedError, match="2025 is not"):
            await run(books, line)
    with pytest.raises(RefusedError, match="2025 is not over"):
        await run(books, "seal 2025", now=IN_2025)
    await run(books, "seal 2025", now=IN_2026)
    for url, word in (
        ("", "not set"),
        ("nowhere://x:secret@y", "cannot be used"),
        ("folder", "cannot be used"),
    ):
        with pytest.raises(SettingsError, match=word) as refused:
            await run(books, "archive 2025", url=url)
        assert "secret" not in str(refused.value)
    books.folder.write_text("a file where a folder should be")
    with pytest.raises(RefusedError, match="cannot be written"):
        await run(books, "archive 2025")
    assert await books.rows() == 1
