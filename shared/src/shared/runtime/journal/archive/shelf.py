"""What a process knows of archived years, and how it reads them: beside the event loop, one reader at a time.

Archived years do not change, so what is known of them stays true. That there are more is told by whoever
finds the oldest year of the table gone. What reads the files is loaded when something in them is asked for.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING

from shared.runtime.database import Transaction
from shared.runtime.journal.archive import store
from shared.runtime.journal.archive.sought import Sought
from shared.runtime.journal.archive.store import Archived
from shared.runtime.journal.entry import Entry

if TYPE_CHECKING:
    from shared.runtime.journal.archive.volumes import Volumes


@dataclass(frozen=True, slots=True)
class Known:
    """Which years have left the table, as a process knows at one moment."""

    oldest: int
    """The first year of which the journal's table holds the entries."""
    years: Sequence[Archived] = ()

    def end(self, partition: int) -> int:
        """The last number of a partition that lies in the archive."""
        return self.years[-1].seal.stretches[partition].last if self.years else 0


class Shelf:
    """The archived years of one service."""

    def __init__(self, service: str, url: str | None, first: int) -> None:
        """`first` is the year in which journals begin."""
        self._lock = Lock()
        self._volumes = cache(partial(_volumes, service, url))
        self.known = Known(first)
        """Whoever reads takes it once, and keeps to it: while reading, others may learn more."""

    async def learn(self, tx: Transaction) -> None:
        """Look which years have left the table, as far as the transaction sees them."""
        years = [one for one in await store.load_archived(tx) if not one.kept]
        if years and years[-1].seal.year >= self.known.oldest:
            self.known = Known(years[-1].seal.year + 1, years)

    async def find(self, known: Known, soughts: Sequence[Sought]) -> list[list[Entry]]:
        """For each thing sought, what the archive holds of it, in order.

        Raises:
            AwayError: `archive.unreadable`, 503, with the year.
        """
        if all(sought.after >= known.end(sought.partition) for sought in soughts):
            return [[] for _ in soughts]
        return await asyncio.to_thread(self._find, soughts, known.years)

    def _find(self, soughts: Sequence[Sought], years: Sequence[Archived]) -> list[list[Entry]]:
        with self._lock:
            return [list(self._through(sought, years)) for sought in soughts]

    def _through(self, sought: Sought, years: Sequence[Archived]) -> Iterator[Entry]:
        left = sought.limit
        for year in years:
            stretch = year.seal.stretches[sought.partition]
            if stretch.entries and stretch.last > sought.after and left != 0:
                found = self._volumes().read(year, sought._replace(limit=left))
                left = left if left is None else left - len(found)
                yield from found


def _volumes(service: str, url: str | None) -> "Volumes":
    from shared.runtime.journal.archive.volumes import Volumes  # noqa: PLC0415 - Arrow takes 40 MB and a while

    return Volumes(service, url)
