"""Archiving a sealed year (归档): written to a file, read back, and only then taken out of the table.

A crash leaves the entries in the table, or the file with its mark; the same command again goes on from there.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.runtime.database import Database
from shared.runtime.journal.archive import parquet, store
from shared.runtime.journal.archive.errors import RefusedError, TamperedError, WrongFileError
from shared.runtime.journal.archive.parquet import Writer, YearFile
from shared.runtime.journal.archive.seal import Seal, seal, unsealed
from shared.runtime.journal.archive.store import Archived
from shared.runtime.journal.checking import Difference, Walk
from shared.runtime.journal.journal import Journal
from shared.runtime.place import UNREADABLE, Place

LOCK_TIMEOUT = "500ms"
"""How long writers may have to wait behind us while we wait for readers."""
TRIES = 40
PAUSE = 0.5
_LOCKED = "55P03"


async def archive_year(
    database: Database, journal: Journal, place: Place, year: int, now: datetime
) -> Archived:
    """Write a sealed year to its file, and note that it lies there; its entries stay in the table.

    Raises:
        RefusedError: the year is not sealed, or its file cannot be written.
        TamperedError: what lies in the table or in the file is not what was sealed.
    """
    async with database.transaction() as tx:
        known = {one.seal.year: one for one in await store.load_archived(tx)}
        seals = {one.year: one for one in await store.load_seals(tx)}
    if year not in seals:
        raise RefusedError(f"{year} is not sealed")
    if year in known:
        return known[year]
    try:
        made = await _write(database, journal, place, seals[year])
    except UNREADABLE as error:
        raise RefusedError(f"the archive of {year} cannot be written: {error}") from error
    async with database.transaction() as tx:
        await store.save_archived(tx, made, now)
    return made


async def remove_year(database: Database, journal: Journal, place: Place, archived: Archived) -> Archived:
    """Take an archived year out of the table, where it still lies there and its file is whole.

    Raises:
        RefusedError: an earlier year lies there still, or the journal is read without a pause.
        TamperedError: the file is not what was archived.
    """
    if not archived.kept:
        return archived
    year = archived.seal.year
    async with database.transaction() as tx:
        left = {one.seal.year for one in await store.load_archived(tx) if not one.kept}
        for sealed in await store.load_seals(tx):
            if sealed.year < year and sealed.year not in left:
                raise RefusedError(f"years leave the table in their order; the next one is {sealed.year}")
    if found := await asyncio.to_thread(differences, place, journal.layout.service, archived):
        raise TamperedError(found)
    for _ in range(TRIES):
        try:
            async with database.transaction() as tx:
                await tx.execute(text(f"set local lock_timeout = '{LOCK_TIMEOUT}'"))
                await store.remove_year(tx, archived.seal)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCKED:
                raise
            await asyncio.sleep(PAUSE)
        else:
            return replace(archived, kept=False)
    raise RefusedError("the journal is read without a pause, as by a rebuild; run the command again later")


async def verify(
    database: Database, journal: Journal, place: Place, year: int | None
) -> tuple[list[Archived], list[Difference]]:
    """Hold the files of archived years, or of one, against their seals, and all seals against each other.

    Raises:
        RefusedError: the year is not archived.
    """
    async with database.transaction() as tx:
        seals, archived = await store.load_seals(tx), await store.load_archived(tx)
    chosen = [one for one in archived if year in {None, one.seal.year}]
    if year is not None and not chosen:
        raise RefusedError(f"{year} is not archived")
    service = journal.layout.service
    found = _broken(service, seals)
    for one in chosen:
        found += await asyncio.to_thread(differences, place, service, one)
    return chosen, found


def differences(place: Place, service: str, archived: Archived) -> list[Difference]:
    """Where a file is not what was archived, or its entries are not those that were sealed."""
    try:
        if place.size(archived.file) != archived.size or place.digest(archived.file) != archived.digest:
            return [Difference(archived.file, "is not the file that was archived")]
        return _unsealed(place, archived.file, service, archived.seal)
    except UNREADABLE as error:
        return [Difference(archived.file, f"cannot be read: {error}")]


async def _write(database: Database, journal: Journal, place: Place, sealed: Seal) -> Archived:
    service = journal.layout.service
    file = f"{service}-{sealed.year}.parquet"
    if place.holds(file):
        await asyncio.to_thread(_ours, place, file, service, sealed)
    with place.making(file) as made:
        writer = Writer(place, made, service, sealed)
        try:
            await _copy(database, journal, sealed, writer)
        finally:
            writer.close()
        if found := await asyncio.to_thread(_unsealed, place, made, service, sealed):
            raise TamperedError(found)
    digest = await asyncio.to_thread(place.digest, file)
    return Archived(seal=sealed, file=file, size=place.size(file), digest=digest, kept=True)


async def _copy(database: Database, journal: Journal, sealed: Seal, writer: Writer) -> None:
    """Write the entries row group by row group; no more than one of them is in memory."""
    async with database.transaction() as tx:
        for stretch in sealed.stretches.values():
            after = 0
            while rows := await store.read_year(tx, sealed.year, stretch.partition, after, parquet.ROWS):
                await asyncio.to_thread(writer.write, [journal.entry(row) for row in rows])
                after = rows[-1].seq


def _ours(place: Place, file: str, service: str, sealed: Seal) -> None:
    """Refuse to write over what somebody else archived."""
    try:
        YearFile(place, file, service, sealed).close()
    except UNREADABLE as error:
        raise WrongFileError(f"there is another file of this name ({error})") from error


def _unsealed(place: Place, file: str, service: str, sealed: Seal) -> list[Difference]:
    """Where the entries in a file are not those that were sealed."""
    opened = YearFile(place, file, service, sealed)
    found: list[Difference] = []
    for stretch in sealed.stretches.values():
        walk = Walk(service, stretch.partition, stretch.first - 1, stretch.before)
        for group in opened.groups.get(stretch.partition, ()):
            walk.follow(opened.entries(group))
        walk.end(stretch.last, stretch.head)
        found += walk.found
    opened.close()
    return found


def _broken(service: str, seals: Sequence[Seal]) -> list[Difference]:
    """Where a seal is not that of its stretches behind the seal before."""
    found: list[Difference] = []
    previous = unsealed(service)
    for one in seals:
        if seal(service, one.year, previous, one.stretches.values()).hash != one.hash:
            found.append(Difference(f"{service} {one.year}", "its seal is broken"))
        previous = one.hash
    return found
