"""Reads that may be a little old (只读查询): from a replica while one works, else from the primary.

A read sees one state of the database throughout. `Min-Seq` names entries which that state has to contain:
some that this service wrote, or some of another service that it applied. A replica that does not contain them
within a moment is passed over, and what fails on a replica is read once more from the primary.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from sqlalchemy.exc import DBAPIError

from shared.runtime.database import Database, Place, Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Journal, positions
from shared.runtime.replica import Replica

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 0.25
"""Seconds that a read waits for the entries it names."""
STEP = 0.01
OPENING = 2.0
"""Seconds after which a replica that does not even begin is passed over."""
COME_AGAIN = 1
"""Seconds after which an event that was not applied yet is worth asking for again."""

ANSWERED_FROM = "Answered-From"

_ENTRY = re.compile(r"([a-z]{1,40})/(\d{1,4})/(\d{1,18})", re.ASCII)

Wanted = Mapping[str, Mapping[int, int]]
"""Numbers that a state has to contain, by source and partition."""

NOTHING: Wanted = {}


def entries_of(text: str) -> Wanted:
    """What a `Min-Seq` names; of a partition named twice, the later number.

    Raises:
        DomainError: `min_seq.invalid`, 422.
    """
    wanted: dict[str, dict[int, int]] = {}
    for item in text.split(","):
        found = _ENTRY.fullmatch(item.strip())
        if found is None:
            raise DomainError.at("/min-seq", "min_seq.invalid")
        source, partition, seq = found[1], int(found[2]), int(found[3])
        ends = wanted.setdefault(source, {})
        ends[partition] = max(seq, ends.get(partition, 0))
    return wanted


class Reader:
    """Opens the reads of one service."""

    def __init__(
        self, journal: Journal, sources: Collection[str], primary: Database, replica: Replica | None
    ) -> None:
        self._journal = journal
        self._sources = frozenset(sources)
        self._primary = primary
        self.replica = replica

    @asynccontextmanager
    async def transaction(
        self, wanted: Wanted = NOTHING, *, fresh: bool = False
    ) -> AsyncIterator[tuple[Transaction, Place]]:
        """A read, and where it is answered from. A `fresh` one goes to the primary.

        Raises:
            DomainError: `min_seq.unheard` 422, `min_seq.unknown` 404, `min_seq.not_applied` 503.
        """
        self._check(wanted)
        if self.replica is not None and self.replica.works and not fresh:
            async with AsyncExitStack() as stack:
                tx = await self._from(self.replica, stack, wanted)
                if tx is not None:
                    yield tx, "replica"
                    return
        async with self._waiting(self._primary, wanted) as (tx, lacking):
            if lacking:
                raise self._refusal(lacking)
            yield tx, "primary"

    async def run(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in a read; once more, on the primary, where a replica fails."""
        place: Place = "primary"
        try:
            async with self.transaction() as (tx, place):
                return await work(tx)
        except DBAPIError:
            if place == "primary":
                raise
        async with self.transaction(fresh=True) as (tx, _):
            return await work(tx)

    async def _from(self, replica: Replica, stack: AsyncExitStack, wanted: Wanted) -> Transaction | None:
        """A read on the replica, as long as `stack`; None where it does not begin or lacks what is wanted."""
        try:
            async with asyncio.timeout(OPENING):
                tx, lacking = await stack.enter_async_context(self._waiting(replica.database, wanted))
        except (DBAPIError, OSError) as error:
            log.info("a read did not begin on the replica and goes to the primary: %s", type(error).__name__)
            return None
        return None if lacking else tx

    @asynccontextmanager
    async def _waiting(
        self, database: Database, wanted: Wanted
    ) -> AsyncIterator[tuple[Transaction, list[str]]]:
        """A read of a state that contains what is wanted, or of the last one seen, with what it lacks."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while True:
            async with database.transaction(reading=True) as tx:
                lacking = await self._lacking(tx, wanted)
                if not lacking or asyncio.get_running_loop().time() >= end:
                    yield tx, lacking
                    return
            await asyncio.sleep(STEP)

    async def _lacking(self, tx: Transaction, wanted: Wanted) -> list[str]:
        """The entries that this state does not contain; our own first."""
        own = self._journal.layout.service
        lacking = []
        for source in sorted(wanted, key=lambda source: source != own):
            ends = wanted[source]
            if source == own:
                known, parked = await self._journal.heads(tx, list(ends)), set[int]()
            else:
                known = await positions.load(tx, source)
                parked = await positions.parked_at(tx, source, ends)
            lacking += [
                f"{source}/{partition}/{seq}"
                for partition, seq in sorted(ends.items())
                if known.get(partition, 0) < seq or partition in parked
            ]
        return lacking

    def _check(self, wanted: Wanted) -> None:
        for source in wanted.keys() - self._sources - {self._journal.layout.service}:
            raise DomainError("min_seq.unheard", source=source)

    def _refusal(self, lacking: list[str]) -> DomainError:
        if lacking[0].startswith(f"{self._journal.layout.service}/"):
            return DomainError("min_seq.unknown", event=lacking[0])
        return DomainError("min_seq.not_applied", event=lacking[0], retry_after=COME_AGAIN)


async def _read(
    request: Request,
    response: Response,
    min_seq: Annotated[
        str | None,
        Header(
            description="Entries that the answer has to contain, with commas between them: the `event` of a"
            " receipt, or an entry of a service that this one hears."
        ),
    ] = None,
) -> AsyncIterator[Transaction]:
    reader: Reader = request.app.state.reader
    wanted = NOTHING if min_seq is None else entries_of(",".join(request.headers.getlist("min-seq")))
    looks_back = "known_at" in request.query_params  # a replica may lack some of what was known
    fresh = looks_back or getattr(request.state, "read_from", None) == "primary"
    async with reader.transaction(wanted, fresh=fresh) as (tx, place):
        if reader.replica is not None:
            request.state.read_from = response.headers[ANSWERED_FROM] = place
        yield tx


Read = Annotated[Transaction, Depends(_read, scope="function")]
"""The transaction of a request that only reads, and may be answered from a replica."""
