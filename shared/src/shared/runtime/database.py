"""The database: one engine a process, one transaction an edge.

Edges open transactions, operations receive them and never commit. SQL is SQLAlchemy Core; bulk rows go
through the driver's binary COPY in the same transaction.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

from asyncpg import InterfaceError, PostgresError
from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from sqlalchemy import CursorResult, Executable, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

T = TypeVar("T")

ATTEMPTS = 5
"""How often a transaction is run before its deadlock or unique violation reaches the caller."""

RETRIED = frozenset({"40P01", "40001", "23505"})
"""Deadlock, serialisation failure, unique violation: rolled back whole and run again."""


class Transaction:
    """One open transaction and the partition locks that it holds."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._begun = False
        self.held: dict[int, Any] = {}
        """Partition heads locked by this transaction; owned by the journal."""
        self._committed: list[Callable[[], None]] = []

    def on_commit(self, wake: Callable[[], None]) -> None:
        """Call `wake` once the transaction has committed; for wake-ups only, never for work."""
        if wake not in self._committed:
            self._committed.append(wake)

    def committed(self) -> None:
        """Run the wake-ups; called by the one who committed."""
        for wake in self._committed:
            wake()

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:  # noqa: ANN401 - as SQLAlchemy
        """Run one statement of SQLAlchemy Core."""
        self._begun = True
        return await self._connection.execute(statement, parameters)

    async def copy(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        """Append rows by binary COPY; a row holds a value for each column of the table, in its order.

        The driver does not know SQLAlchemy's transaction: a COPY before the first statement would
        commit at once. Therefore the lock, or any other statement, always comes first. What the driver
        raises arrives as from a statement.
        """
        assert self._begun, "a COPY before the first statement would commit on its own"
        if not rows:
            return
        raw = await self._connection.get_raw_connection()
        driver = raw.driver_connection
        assert driver is not None, "the connection is open"
        try:
            await driver.copy_records_to_table(
                table.name,
                schema_name=table.schema,
                columns=[column.name for column in table.columns],
                records=rows,
            )
        except (PostgresError, InterfaceError) as error:
            raise DBAPIError(f"copy {table.name}", None, error) from error


class Database:
    """One engine with its pool. `dispose` when the process ends."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self._engine = create_async_engine(url, pool_size=pool_size, max_overflow=pool_size)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction that commits at the end of the block and rolls back on any exception."""
        async with self._engine.begin() as connection:
            tx = Transaction(connection)
            yield tx
        tx.committed()

    async def run(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in a transaction; again, from the start, after a deadlock or a unique violation."""
        for _ in range(ATTEMPTS - 1):
            try:
                async with self.transaction() as tx:
                    return await work(tx)
            except DBAPIError as error:
                if not worth_retrying(error):
                    raise
        async with self.transaction() as tx:
            return await work(tx)

    async def dispose(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def worth_retrying(error: DBAPIError) -> bool:
    """Whether the same work may succeed in a new transaction."""
    return getattr(error.orig, "sqlstate", None) in RETRIED


async def _open(request: Request) -> AsyncIterator[Transaction]:
    database: Database = request.app.state.database
    async with database.transaction() as tx:
        yield tx


Tx = Annotated[Transaction, Depends(_open, scope="function")]
"""The transaction of a request. Scope `function`: it commits first, then the answer goes out."""


class TransactionalRoute(APIRoute):
    """A route whose handler is run again, in a new transaction, after a deadlock or a unique violation."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler; the body was read once and stays with the request."""
        handler = super().get_route_handler()

        async def again(request: Request) -> Response:
            for _ in range(ATTEMPTS - 1):
                try:
                    return await handler(request)
                except DBAPIError as error:
                    if not worth_retrying(error):
                        raise
            return await handler(request)

        return again
