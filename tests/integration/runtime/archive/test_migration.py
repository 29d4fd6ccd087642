"""A database that was made before there were archives learns about them, and can forget it again."""

from collections.abc import Callable

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, pool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from shared.runtime.journal import schema
from tests.integration.runtime.archive.books import IN_2025, Books, note


async def migrate(books: Books, step: Callable[[Operations], None]) -> None:
    """Run a step of a migration as the owner."""

    def run(connection: Connection) -> None:
        step(Operations(MigrationContext.configure(connection, opts={"role": "points"})))

    engine = create_async_engine(books.owner.url, poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


async def test_a_database_from_before_is_migrated_there_and_back(books: Books) -> None:
    entries = await books.say([note("teacher:T1")], IN_2025)
    await books.seal()
    await migrate(books, schema.keep_no_archives)
    async with books.owner.transaction() as tx:
        await tx.execute(text("update journal set policy = policy"))
        with pytest.raises(DBAPIError, match="seal"):
            await tx.execute(text("select * from seal"))
    await migrate(books, schema.keep_archives)
    await migrate(books, schema.keep_archives)
    await books.close_year()
    async with books.database.transaction() as tx:
        assert await books.journal.read_subject(tx, "teacher:T1") == entries
