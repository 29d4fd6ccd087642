"""The files of archived years that a process reads, each kept open. All of it may block."""

import logging

from shared.runtime.journal.archive.errors import WrongFileError, unreadable
from shared.runtime.journal.archive.parquet import YearFile
from shared.runtime.journal.archive.sought import Sought
from shared.runtime.journal.archive.store import Archived
from shared.runtime.journal.entry import Entry
from shared.runtime.place import UNREADABLE, Place

log = logging.getLogger(__name__)


class Volumes:
    """The files of one service."""

    def __init__(self, service: str, url: str | None) -> None:
        self._service = service
        self._url = url
        self._opened: dict[int, YearFile] = {}

    def read(self, year: Archived, sought: Sought) -> list[Entry]:
        """What a year holds of what is sought, in order.

        Raises:
            AwayError: `archive.unreadable`, 503, with the year.
        """
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
