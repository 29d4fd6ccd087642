"""The database: one engine a process, one transaction an edge.

Edges open transactions, operations receive them and never commit. SQL is SQLAlchemy Core; statements over
many rows and the binary COPY go straight to the driver, which holds the transaction.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from asyncpg import Connection, InterfaceError, PostgresError, Record
from asyncpg.transaction import Transaction as AsyncpgTransaction
from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy import CursorResult, Executable, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.runtime.driver import connect
from shared.runtime.guarded import GuardedRoute
from shared.runtime.unnest import Unnested
from shared.runtime.waiting import Arrays, Waiting

T = TypeVar("T")

ATTEMPTS = 5
"""How often a transaction is run before its deadlock or unique violation reaches the caller."""

RETRIED = frozenset({"40P01", "40001", "23505"})
"""Deadlock, serialisation failure, unique violation: rolled back whole and run again."""

READING: Mapping[str, Any] = MappingProxyType({"isolation": "repeatable_read", "readonly": True})

Place = Literal["primary", "replica"]
"""Where a read is answered from."""


class Transaction:
    """One open transaction, the partition locks that it holds, and the writes that wait for its end."""

    def __init__(self, connection: AsyncConnection, driver: "Connection[Record]") -> None:
        self._connection = connection
        self._driver = driver
        self.held: dict[int, Any] = {}
        """Partition heads locked by this transaction; owned by the journal."""
        self._waiting = Waiting()
        self._ending: list[Callable[[Transaction], Awaitable[None]]] = []
        self._committed: list[Callable[[], None]] = []

    def at_end(self, work: "Callable[[Transaction], Awaitable[None]]") -> None:
        """Run `work` once, before the transaction commits."""
        if work not in self._ending:
            self._ending.append(work)

    def on_commit(self, wake: Callable[[], None]) -> None:
        """Call `wake` once the transaction has committed: to wake others or to remember, never for work."""
        if wake not in self._committed:
            self._committed.append(wake)

    def committed(self) -> None:
        """Run the wake-ups; called by the one who committed."""
        for wake in self._committed:
            wake()

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:  # noqa: ANN401 - as SQLAlchemy
        """Run one statement of SQLAlchemy Core."""
        await self.flush()
        return await self._connection.execute(statement, parameters)

    async def copy(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        """Append rows by binary COPY; a row holds a value for each column of the table, in its order.

        They wait until their table is named or the transaction ends.
        """
        if rows:
            if self._waiting.writes({table.name}):
                await self.flush()
            self._waiting.add_rows(table, rows)

    async def write(self, statement: Unnested, columns: Mapping[str, Sequence[Any]]) -> None:
        """Run a statement over many rows that answers nothing; it waits like rows do."""
        if self._waiting.writes(statement.tables):
            await self.flush()
        self._waiting.add(statement, _arrays(statement, columns))

    async def fetch(self, statement: Unnested, columns: Mapping[str, Sequence[Any]]) -> list[Any]:
        """Run a statement over many rows, given as columns by name; what it returns, with attributes.

        A third of what the same statement costs through SQLAlchemy.
        """
        if self._waiting.meets(statement.tables):
            await self.flush()
        return await self.send(statement.sql, _arrays(statement, columns))

    async def flush(self) -> None:
        """Let out what waits."""
        for table, rows in self._waiting.take_rows().items():
            await self.send_rows(table, rows)
        for sql, arrays in self._waiting.take_statements():
            await self.send(sql, arrays)

    async def end(self) -> None:
        """Do what is left before the commit."""
        for work in self._ending:
            await work(self)
        await self.flush()

    async def send(self, sql: str, arrays: Arrays) -> list[Any]:
        """Give a statement to the driver at once."""
        with _as_statements(sql):
            return await self._driver.fetch(sql, *arrays, record_class=Row)

    async def send_rows(self, table: Table, rows: Arrays) -> None:
        """Give rows to the driver at once."""
        with _as_statements(f"copy {table.name}"):
            await self._driver.copy_records_to_table(
                table.name,
                schema_name=table.schema,
                columns=[column.name for column in table.columns],
                records=rows,
            )


def _arrays(statement: Unnested, columns: Mapping[str, Sequence[Any]]) -> Arrays:
    return [columns[name] for name in statement.names]


class Row(Record):
    """A row of the driver whose columns are attributes."""

    __getattr__ = Record.__getitem__


@contextmanager
def _as_statements(what: str) -> Iterator[None]:
    """Let what the driver raises arrive as if SQLAlchemy had run the statement."""
    try:
        yield
    except (PostgresError, InterfaceError) as error:
        raise DBAPIError(what, None, error) from error


Work = Callable[[Transaction], Awaitable[None]]


class Database:
    """One engine with its pool. `dispose` when the process ends."""

    opens: type[Transaction] = Transaction

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        # The driver begins and ends transactions: SQLAlchemy would begin one with its first own statement
        # only, and what went to the driver before that would commit at once.
        self._engine = create_async_engine(
            url,
            async_creator=partial(connect, url),
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,  # logs hold nothing of what was sent
            pool_size=pool_size,
            max_overflow=pool_size,
        )
        self._returning: set[asyncio.Task[None]] = set()
        self._disposed = False
        self._first: Work | None = None
        self._beginning = asyncio.Lock()

    def begin_with(self, work: Work) -> None:
        """Do `work` once before any other transaction of this process, in one of its own."""
        self._first = work

    async def begin(self) -> None:
        """Do what comes first, unless it is done."""
        async with self._beginning:
            if self._first is not None:
                await self.run(self._first, bare=True)
                self._first = None

    @asynccontextmanager
    async def transaction(self, *, reading: bool = False, bare: bool = False) -> AsyncIterator[Transaction]:
        """A transaction that commits at the end of the block and rolls back on any exception.

        One for `reading` changes nothing and sees one state of the database throughout. A `bare` one is
        opened also before what comes first is done.
        """
        if self._first is not None and not bare:
            await self.begin()
        async with self._connection() as connection:
            driver = await _living(connection)
            tx, begun = self.opens(connection, driver), driver.transaction(**(READING if reading else {}))
            try:
                with _as_statements("begin"):
                    await begun.start()
                yield tx
                await tx.end()
                if reading:  # what was read is true, whatever becomes of the connection
                    await _roll_back(begun, driver)
                else:
                    with _as_statements("commit"):
                        await begun.commit()
            except BaseException:
                await _roll_back(begun, driver)
                raise
        tx.committed()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection of the pool, which gets it back even while those who used it are cancelled."""
        connection = await self._engine.connect()
        try:
            yield connection
        finally:
            returning = asyncio.create_task(self._give_back(connection))
            self._returning.add(returning)
            returning.add_done_callback(self._returning.discard)
            await asyncio.shield(returning)

    async def _give_back(self, connection: AsyncConnection) -> None:
        """Return a connection; after the end it is closed: its pool would keep it for nobody."""
        if self._disposed:
            await connection.invalidate()
        await connection.close()

    async def run(self, work: Callable[[Transaction], Awaitable[T]], *, bare: bool = False) -> T:
        """Run `work` in a transaction; again, from the start, after a deadlock or a unique violation."""
        for _ in range(ATTEMPTS - 1):
            try:
                async with self.transaction(bare=bare) as tx:
                    return await work(tx)
            except DBAPIError as error:
                if not worth_retrying(error):
                    raise
        async with self.transaction(bare=bare) as tx:
            return await work(tx)

    async def dispose(self) -> None:
        """Close every connection, also those that are being given back or will come back later."""
        self._disposed = True
        if self._returning:
            await asyncio.wait(self._returning)
        await self._engine.dispose()


async def _living(connection: AsyncConnection) -> "Connection[Record]":
    """The driver's connection; one that was cut while it lay in the pool is replaced."""
    while True:
        driver: Connection[Record] | None = (await connection.get_raw_connection()).driver_connection
        assert driver is not None, "the connection is open"
        if not driver.is_closed():
            return driver
        await connection.invalidate()


async def _roll_back(begun: AsyncpgTransaction, driver: "Connection[Record]") -> None:
    """Roll back; where that fails or is interrupted, end the connection: nobody knows where it stands."""
    done = False
    try:
        with suppress(Exception):
            await begun.rollback()
            done = True
    finally:
        if not done:
            driver.terminate()


def worth_retrying(error: DBAPIError) -> bool:
    """Whether the same work may succeed in a new transaction."""
    return getattr(error.orig, "sqlstate", None) in RETRIED


async def _open(request: Request) -> AsyncIterator[Transaction]:
    database: Database = request.app.state.database
    async with database.transaction() as tx:
        yield tx


Tx = Annotated[Transaction, Depends(_open, scope="function")]
"""The transaction of a request. Scope `function`: it commits first, then the answer goes out."""


def leaves_replica(request: Request) -> bool:
    """Whether the request was answered from a replica; run again, it is answered from the primary."""
    left: Place | None = getattr(request.state, "read_from", None)
    request.state.read_from = "primary"
    return left == "replica"


class TransactionalRoute(GuardedRoute):
    """A route whose handler is run again, in a new transaction, where that may succeed.

    After a deadlock, a unique violation, or the failure of a replica.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler; the body was read once and stays with the request."""
        handler = super().get_route_handler()

        async def again(request: Request) -> Response:
            for _ in range(ATTEMPTS - 1):
                try:
                    return await handler(request)
                except DBAPIError as error:
                    if not leaves_replica(request) and not worth_retrying(error):
                        raise
            return await handler(request)

        return again
