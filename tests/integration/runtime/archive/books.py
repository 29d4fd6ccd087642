"""A journal with past years of recording: what is said at which moment, and the owner's hand on it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import make_url, text

from shared.runtime.database import Database
from shared.runtime.journal import Draft, Entry, Journal
from shared.runtime.journal.archive.archiving import archive_year, remove_year
from shared.runtime.journal.archive.seal import Seal
from shared.runtime.journal.archive.sealing import seal_year
from shared.runtime.journal.archive.store import Archived
from shared.runtime.place import Place
from tests.support.world import Publisher, World

AT = datetime(2024, 4, 4, 8, 32, tzinfo=UTC)
IN_2025 = datetime(2025, 6, 1, 1, 2, 3, 456789, tzinfo=UTC)
IN_2026 = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2027, 1, 1, tzinfo=UTC)
"""Later than both years; whatever the tests record without a moment is recorded before it or then."""


class Noted(msgspec.Struct, frozen=True):
    text: str


def note(subject: str, words: str = "said", kind: str = "note.made.v1", at: datetime = AT) -> Draft:
    return Draft(type=kind, subject=subject, effective_at=at, policy="test@1", data=Noted(words))


class Books:
    """The journal of a publisher, its owner, and the folder of its archive."""

    def __init__(self, world: World, publisher: Publisher, url: str) -> None:
        self._postgres = world.cluster.postgres
        self.publisher = publisher
        self.journal: Journal = publisher.journal
        self.database: Database = publisher.app.state.database
        self.owner = Database(self.database.url.replace("points@", "points_owner@"))
        self.folder = Path(url)
        self.place = Place.at(url)

    @property
    def file(self) -> Path:
        return self.folder / "points-2025.parquet"

    async def say(self, drafts: Sequence[Draft], moment: datetime) -> list[Entry]:
        """Append facts as if it were `moment`."""
        self.journal.now = lambda: moment
        return await self.publisher.say_all(list(drafts))

    async def seal(self, year: int = 2025, now: datetime = NOW) -> Seal:
        return await seal_year(self.owner, self.journal, year, now)

    async def archive(self, year: int = 2025, *, keep: bool = False) -> Archived:
        archived = await archive_year(self.owner, self.journal, self.place, year, NOW)
        if keep:
            return archived
        return await remove_year(self.owner, self.journal, self.place, archived)

    async def close_year(self, year: int = 2025) -> None:
        """Seal and archive."""
        await self.seal(year)
        await self.archive(year)

    async def forge(self, statement: str) -> None:
        """Change what is written, with the rights of somebody who can take every guard away."""
        database = make_url(self.database.url).database
        assert database is not None
        unguarded = f"set session_replication_role = replica; {statement}"
        await asyncio.to_thread(self._postgres.sql, unguarded, database)

    async def rows(self, year: int = 2025) -> int | None:
        """How many entries of a year lie in the table; None where there is none for it."""
        async with self.owner.transaction() as tx:
            table = f"journal_{year}"
            if (await tx.execute(text("select to_regclass(:table)"), {"table": table})).scalar() is None:
                return None
            return int((await tx.execute(text(f"select count(*) from {table}"))).scalar_one())  # noqa: S608 - our name
