"""What a process knows of archived years, and how it reads them: beside the event loop, a year at a time.

Archived years do not change, so what is known of them stays true. That there may be more is told by whoever
finds the oldest year of the table gone (`oldest`).
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from threading import Lock

from shared.runtime.database import Transaction
from shared.runtime.journal.archive import store
from shared.runtime.journal.archive.errors import WrongFileError, unreadable
from shared.runtime.journal.archive.parquet import UNREADABLE, Sought, YearFile
from shared.runtime.journal.archive.place import Place
from shared.runtime.journal.archive.store import Archived
from shared.runtime.journal.entry import Entry

log = logging.getLogger(__name__)


class Shelf:
    """The archived years of one service, as far as this process knows."""

    def __init__(self, service: str, url: str | None, first: int) -> None:
        """`first` is the year in which journals begin."""
        self._service = service
        self._url = url
        self._lock = Lock()
        self._opened: dict[int, YearFile] = {}
        self._years: Sequence[Archived] = ()
        self._ends: dict[int, int] = {}
        self.oldest = first
        """The first year of which the journal's table holds the entries."""

    @property
    def holds_years(self) -> bool:
        """Whether any year has left the table."""
        return bool(self._years)

    def end(self, partition: int) -> int:
        """The last number of a partition that lies in the archive."""
        return self._ends.get(partition, 0)

    async def learn(self, tx: Transaction) -> bool:
        """Look which years have left the table; False where nothing new is to be seen."""
        years = [one for one in await store.load_archived(tx) if not one.kept]
        if not years or years[-1].seal.year < self.oldest:
            return False
        self._years = years
        self._ends = {partition: one.last for partition, one in years[-1].seal.stretches.items()}
        self.oldest = years[-1].seal.year + 1
        return True

    async def find(self, soughts: Sequence[Sought]) -> list[list[Entry]]:
        """For each thing sought, what the archive holds of it, in order.

        Raises:
            AwayError: `archive.unreadable`, 503, with the year.
        """
        concerned = [sought for sought in soughts if sought.after < self.end(sought.partition)]
        if not concerned:
            return [[] for _ in soughts]
        return await asyncio.to_thread(self._find, soughts, self._years)

    def _find(self, soughts: Sequence[Sought], years: Sequence[Archived]) -> list[list[Entry]]:
        with self._lock:
            return [list(self._through(sought, years)) for sought in soughts]

    def _through(self, sought: Sought, years: Sequence[Archived]) -> Iterator[Entry]:
        left = sought.limit
        for year in years:
            stretch = year.seal.stretches[sought.partition]
            if stretch.entries and stretch.last > sought.after and left != 0:
                found = self._read(year, sought._replace(limit=left))
                left = left if left is None else left - len(found)
                yield from found

    def _read(self, year: Archived, sought: Sought) -> list[Entry]:
        try:
            return list(self._open(year).find(sought))
        except UNREADABLE as error:
            log.warning("the archive of %d cannot be read: %s", year.seal.year, error)
            self._opened.pop(year.seal.year, None)
            raise unreadable(year.seal.year) from error

    def _open(self, year: Archived) -> YearFile:
        opened = self._opened.get(year.seal.year)
        if opened is None:
            if self._url is None:
                raise WrongFileError("ARCHIVE_URL is not set")
            place = Place.at(self._url)
            if place.size(year.file) != year.size:
                raise WrongFileError(f"{year.file} has another size")
            opened = YearFile(place, year.file, self._service, year.seal)
            self._opened[year.seal.year] = opened
        return opened
