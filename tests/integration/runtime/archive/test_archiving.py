"""A sealed year leaves the table only once a file holds it, whatever happens in between."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.runtime.database import Database
from shared.runtime.journal.archive import archiving, parquet
from shared.runtime.journal.archive.errors import RefusedError, TamperedError
from shared.runtime.journal.archive.parquet import Writer
from tests.integration.runtime.archive.books import IN_2025, IN_2026, Books, note
from tests.support.world import World

SUBJECTS = [f"teacher:T{n}" for n in range(40)]


async def verify(books: Books) -> list[str]:
    _, found = await archiving.verify(books.owner, books.journal, books.place, None)
    return [f"{one.place}: {one.detail}" for one in found]


@pytest.fixture
async def sealed(books: Books) -> Books:
    """Forty entries of 2025, sealed, and two of 2026."""
    await books.say([note(subject) for subject in SUBJECTS], IN_2025)
    await books.say([note("teacher:T1"), note("teacher:T2")], IN_2026)
    await books.seal()
    return books


async def test_archived_twice_it_is_archived_once(sealed: Books) -> None:
    archived = await sealed.archive()
    written = sealed.file.read_bytes()
    assert await sealed.rows() is None
    assert await sealed.archive() == archived
    assert sealed.file.read_bytes() == written
    assert [path.name for path in sealed.folder.iterdir()] == ["points-2025.parquet"]
    assert await verify(sealed) == []


async def test_years_leave_in_their_order_and_may_be_kept(sealed: Books) -> None:
    with pytest.raises(RefusedError, match="2026 is not sealed"):
        await sealed.archive(2026)
    await sealed.seal(2026)
    assert (await sealed.archive(2026, keep=True)).kept
    assert await sealed.rows(2026) == 2
    with pytest.raises(RefusedError, match="the next one is 2025"):
        await sealed.archive(2026)
    await sealed.archive(2025)
    assert not (await sealed.archive(2026)).kept
    assert (await sealed.rows(2025), await sealed.rows(2026)) == (None, None)
    assert await verify(sealed) == []


async def test_a_year_without_entries_is_archived_like_any_other(books: Books) -> None:
    await books.seal(2025)
    assert (await books.archive(2025)).seal.entries == 0
    entries = await books.say([note("teacher:T1")], IN_2026)
    await books.close_year(2026)
    async with books.database.transaction() as tx:
        assert await books.journal.read_subject(tx, "teacher:T1") == entries
    assert await verify(books) == []


async def test_empty_years_before_the_first_sealed_one_leave_with_it(books: Books) -> None:
    entries = await books.say([note("teacher:T1")], IN_2026)
    await books.close_year(2026)
    assert (await books.rows(2025), await books.rows(2026)) == (None, None)
    async with books.database.transaction() as tx:
        assert await books.journal.read_subject(tx, "teacher:T1") == entries


async def test_after_a_crash_while_writing_the_file_it_is_written_again(
    sealed: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "close", crash)
        with pytest.raises(KeyboardInterrupt):
            await sealed.archive()
    assert not sealed.file.exists()
    assert await sealed.rows() == 40
    assert not (await sealed.archive()).kept
    assert await verify(sealed) == []


async def test_after_a_crash_between_the_file_and_its_mark_it_goes_on(sealed: Books) -> None:
    first = await archiving._write(sealed.owner, sealed.journal, sealed.place, await sealed.seal())
    assert sealed.file.exists()
    assert await sealed.rows() == 40
    archived = await sealed.archive()
    assert archived.digest == first.digest
    assert await sealed.rows() is None


async def test_after_a_crash_between_the_mark_and_the_removal_it_goes_on_once_it_can(
    sealed: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is looked at again, and a moment without readers is waited for, but not for ever."""
    marked = await sealed.archive(keep=True)
    written = sealed.file.read_bytes()
    damage(sealed.file)
    with pytest.raises(TamperedError):
        await sealed.archive()
    sealed.file.write_bytes(written)
    monkeypatch.setattr(archiving, "TRIES", 2)
    monkeypatch.setattr(archiving, "PAUSE", 0)
    async with sealed.database.transaction() as tx:
        assert len(await sealed.journal.read_subject(tx, "teacher:T1")) == 2
        with pytest.raises(RefusedError, match="run the command again"):
            await sealed.archive()
        assert len(await sealed.journal.read_subject(tx, "teacher:T1")) == 2
    assert await sealed.rows() == 40
    assert (await sealed.archive()).digest == marked.digest
    assert await sealed.rows() is None


async def test_rows_that_were_changed_behind_the_seal_are_not_archived(sealed: Books) -> None:
    await sealed.forge("update journal set data = '{}' where subject = 'teacher:T5' and year = 2025")
    with pytest.raises(TamperedError) as found:
        await sealed.archive()
    assert [one.detail for one in found.value.found] == ["its hash does not continue the chain"]
    assert not sealed.file.exists()
    assert await sealed.rows() == 40


async def test_a_file_of_somebody_else_is_not_written_over(sealed: Books) -> None:
    """Neither one that cannot be read nor the year of another deployment, however alike."""
    seal = await sealed.seal()
    await archiving._write(
        sealed.owner, sealed.journal, sealed.place, replace(seal, hash=b"another".ljust(32))
    )
    for content in (sealed.file.read_bytes(), b"of another deployment"):
        sealed.file.write_bytes(content)
        with pytest.raises(RefusedError, match="another file of this name"):
            await sealed.archive()
        assert sealed.file.read_bytes() == content
    assert await sealed.rows() == 40


async def test_a_damaged_file_a_missing_one_and_a_broken_seal_are_found(sealed: Books) -> None:
    await sealed.archive()
    await sealed.seal(2026)
    kept = sealed.file.read_bytes()
    damage(sealed.file)
    assert await verify(sealed) == ["points-2025.parquet: is not the file that was archived"]
    sealed.file.unlink()
    assert [found.partition(":")[0] for found in await verify(sealed)] == ["points-2025.parquet"]
    sealed.file.write_bytes(kept)
    assert await verify(sealed) == []
    await sealed.forge("update stretch set last = last + 1 where year = 2026 and partition = 3")
    assert await verify(sealed) == ["points 2026: its seal is broken"]


async def test_a_file_that_was_forged_with_its_mark_is_found_entry_by_entry(sealed: Books) -> None:
    archived = await sealed.archive()
    opened = parquet.YearFile(sealed.place, archived.file, "points", archived.seal)
    writer = Writer(sealed.place, "forged.parquet", "points", archived.seal)
    forged = ""
    for partition in sorted(opened.groups):
        for group in opened.groups[partition]:
            entries = opened.entries(group)
            if not forged:
                forged = entries[0].id
                entries[0] = entries[0]._replace(data='{"text":"forged"}')
            writer.write(entries)
    writer.close()
    (sealed.folder / "forged.parquet").rename(sealed.file)
    digest, size = sealed.place.digest(archived.file).hex(), sealed.place.size(archived.file)
    await sealed.forge(f"update archive set size = {size}, digest = '\\x{digest}'")  # noqa: S608 - our own figures
    assert await verify(sealed) == [f"{forged}: its hash does not continue the chain"]


async def test_what_was_not_relayed_is_not_waited_for(sealed: Books, world: World) -> None:
    await world.stop("points")
    await sealed.forge("update relayed set seq = 0")
    database = Database(sealed.database.url)
    await sealed.archive()
    async with database.transaction() as tx:
        query = "select count(*) from stretch join relayed using (partition) where last <> seq"
        assert (await tx.execute(text(query))).scalar_one() == 0
    await database.dispose()


def damage(file: Path) -> None:
    """Turn one bit of a file."""
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(bytes(content))
