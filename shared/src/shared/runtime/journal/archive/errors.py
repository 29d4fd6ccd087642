"""How sealing, archiving and reading what is archived can fail."""

from collections.abc import Sequence

from shared.runtime.errors import AwayError
from shared.runtime.journal.checking import Difference
from shared.startup import StartUpError


class RefusedError(StartUpError):
    """A year cannot be sealed or archived as things are; the message says what is in the way."""


class TamperedError(Exception):
    """What is to be sealed or archived is not what was recorded."""

    def __init__(self, found: Sequence[Difference]) -> None:
        super().__init__(f"{len(found)} differences")
        self.found = found


class WrongFileError(ValueError):
    """A file is not the archive that it should be."""


def unreadable(year: int) -> AwayError:
    """The archive of a year is missing or damaged."""
    return AwayError("archive.unreadable", year=year)
