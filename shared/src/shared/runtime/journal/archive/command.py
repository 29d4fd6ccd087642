"""The commands of the archive, for its owner: `seal YEAR`, `archive YEAR`, `verify-archive [YEAR]`."""

import argparse
import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from shared.runtime.database import Database
from shared.runtime.exclusive import exclusive
from shared.runtime.journal.archive.archiving import archive_year, remove_year, verify
from shared.runtime.journal.archive.errors import TamperedError
from shared.runtime.journal.archive.sealing import seal_year
from shared.runtime.journal.checking import Difference
from shared.runtime.journal.journal import Journal
from shared.runtime.place import UNREADABLE, Place
from shared.runtime.settings import SettingsError

log = logging.getLogger(__name__)


async def run(
    journal: Journal, url: str, archive_url: str | None, options: argparse.Namespace, now: datetime
) -> int:
    """Run one of them; 1 where something is not as it was recorded, and every place of it in the log.

    Raises:
        RefusedError: things are not as the command needs them.
        SettingsError: `ARCHIVE_URL` is missing or cannot be read.
    """
    database = Database(url)
    try:
        async with exclusive(url, f"{journal.layout.service}.archive"):
            if options.command == "seal":
                found = await _seal(database, journal, options.year, now)
            else:
                place = await _place(archive_url)
                if options.command == "archive":
                    await _archive(database, journal, place, options, now)
                    found = []
                else:
                    found = await _verify(database, journal, place, options.year)
    except TamperedError as error:
        found = error.found
    finally:
        await database.dispose()
    for difference in found:
        log.error("%s: %s", difference.place, difference.detail)
    return 1 if found else 0


async def _place(archive_url: str | None) -> Place:
    if archive_url is None:
        raise SettingsError("ARCHIVE_URL is not set")
    try:
        return await asyncio.to_thread(Place.at, archive_url)
    except UNREADABLE as error:  # its text may hold the URL, and that a password
        raise SettingsError(f"ARCHIVE_URL cannot be used ({type(error).__name__})") from None


async def _seal(database: Database, journal: Journal, year: int, now: datetime) -> Sequence[Difference]:
    seal = await seal_year(database, journal, year, now)
    service = journal.layout.service
    log.info("%s: %d is sealed: %d entries, %s", service, year, seal.entries, seal.hash.hex())
    return []


async def _archive(
    database: Database, journal: Journal, place: Place, options: argparse.Namespace, now: datetime
) -> None:
    archived = await archive_year(database, journal, place, options.year, now)
    if not options.keep:
        archived = await remove_year(database, journal, place, archived)
    log.info(
        "%s: %d is archived in %s%s: %d entries, %d bytes, %s",
        journal.layout.service,
        options.year,
        archived.file,
        " and kept" if archived.kept else "",
        archived.seal.entries,
        archived.size,
        archived.digest.hex(),
    )


async def _verify(
    database: Database, journal: Journal, place: Place, year: int | None
) -> Sequence[Difference]:
    archived, found = await verify(database, journal, place, year)
    for one in archived:
        words = "%s: %d was read: %d entries in %s"
        log.info(words, journal.layout.service, one.seal.year, one.seal.entries, one.file)
    return found
