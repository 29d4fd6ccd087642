"""Seals and archives a year as the commands do, in a process of its own, so that its memory can be told."""

from time import perf_counter

from bench.apart import Figures, peak_mb
from points.settings import LAYOUT
from shared.runtime import clock
from shared.runtime.database import Database
from shared.runtime.journal import Journal
from shared.runtime.journal.archive.archiving import archive_year, remove_year
from shared.runtime.journal.archive.sealing import seal_year
from shared.runtime.place import Place


async def move(owner_url: str, folder: str, year: str) -> Figures:
    """Seal a year, write it and take it out of the table: seconds of each, bytes of the file, MB held."""
    owner, journal, now = Database(owner_url), Journal(LAYOUT), clock.now()
    place = Place.at(folder)
    began = perf_counter()
    await seal_year(owner, journal, int(year), now)
    sealed = perf_counter()
    archived = await archive_year(owner, journal, place, int(year), now)
    written = perf_counter()
    await remove_year(owner, journal, place, archived)
    removed = perf_counter()
    await owner.dispose()
    return {
        "sealing": sealed - began,
        "writing": written - sealed,
        "removing": removed - written,
        "bytes": archived.size,
        "peak": peak_mb(),
    }
