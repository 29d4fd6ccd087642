"""A service that only writes down what it hears, for tests of hearing."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import text

from shared.contracts.envelope import Event
from shared.runtime.database import Database, Transaction
from shared.runtime.journal import Draft, Journal, Layout
from shared.runtime.journal.consumer import Consumer
from shared.runtime.service import Service, create
from tests.support.world import World

AT = datetime(2025, 4, 4, 8, 32, tzinfo=UTC)


class Noted(msgspec.Struct, frozen=True):
    text: str


def note(teacher: int, words: str) -> Draft:
    return Draft(
        type="note.made.v1", subject=f"teacher:T{teacher}", effective_at=AT, policy="", data=Noted(words)
    )


class Listener:
    """A service that writes down what it hears, and chokes on the word `poison` while it is set to."""

    def __init__(self, world: World, source_url: str, database: Database) -> None:
        self.poisoned = True
        self.database = database
        self.world = world
        self.settings = world.settings("hours", database.url)
        self.consumer = Consumer(
            source="points", url=source_url, handle=self.handle, credentials=self.settings.credentials
        )

    async def handle(self, tx: Transaction, events: Sequence[Event]) -> None:
        for event in events:
            words = msgspec.json.decode(event.data, type=Noted).text
            if words == "poison" and self.poisoned:
                raise ValueError("cannot swallow this")
            await tx.execute(
                text("insert into heard (id, subject, seq) values (:id, :subject, :seq)"),
                {"id": event.id, "subject": event.subject, "seq": event.seq},
            )

    async def serve(self) -> None:
        """Listen as the hours service of the test's world."""
        service = Service(
            name="hours",
            title="listener",
            summary="hears",
            folder=Path(__file__).parent / "publisher",
            journal=Journal(Layout(service="hours", ranks=(("teacher",),), relayed=("teacher",))),
            consumers=[self.consumer],
        )
        await self.world.start("hours", create(service, self.settings, self.database))

    async def heard(self) -> list[tuple[str, int]]:
        async with self.database.transaction() as tx:
            rows = await tx.execute(text("select subject, seq from heard order by n"))
            return [(row.subject, row.seq) for row in rows]


@asynccontextmanager
async def listening(world: World) -> AsyncIterator[Listener]:
    """A listener to `points`, not yet served: a second journal, with one table beside it."""
    other = await world.publisher("hours")
    await world.stop("hours")
    owner = Database(other.app.state.database.url.replace("hours@", "hours_owner@"))
    async with owner.transaction() as tx:
        await tx.execute(text("create table heard (n serial, id text primary key, subject text, seq bigint)"))
        await tx.execute(text("grant all on heard to hours"))
        await tx.execute(text("grant all on heard_n_seq to hours"))
    await owner.dispose()
    database = Database(other.app.state.database.url)
    yield Listener(world, world.url("points"), database)
    await database.dispose()
