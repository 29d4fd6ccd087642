"""P-relay and P-outbox: the same events to the same projection, through our journal and the classic way.

Both write transactions of the same size from here over one connection; relay or publisher, and consumer, are
processes of their own. The clock runs from the first transaction until the last event is in the projection.
"""

import asyncio
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from time import perf_counter
from typing import TypeVar
from uuid import uuid4

from bench.checks import WrongRunError
from bench.load import Load
from bench.measures.intake import heard
from bench.peers import outbox
from bench.peers.posted import Posting, lots, repeated
from bench.recording import context
from bench.servers import EMPTY, Servers
from bench.site import Site
from deploy.local.environment import for_children
from deploy.local.nats import Nats
from shared.runtime.database import Database
from shared.runtime.driver import driver_url
from shared.runtime.journal import Draft

T = TypeVar("T")

PORTION = 100
"""Events of a transaction."""
PATIENCE = 600.0
ROLES = ("publish", "consume")
_LOTS = "select teacher, expires_at, points from lot where points <> 0"
_JOURNAL = "select count(*) from journal"
_APPLIED = "select coalesce(sum(seq), 0) from position where source = 'points'"
_SAID = "select (select count(*) from fact) as written, (select count(*) from outbox) as waiting"


async def measure(servers: Servers, postings: Sequence[Posting], count: int) -> dict[str, float]:
    """Both in events a second.

    Raises: WrongRunError.
    """
    events = repeated(postings, count)
    return {"P-relay": await _ours(servers, events), "P-outbox": await _classic(servers, events)}


async def _ours(servers: Servers, events: Sequence[Posting]) -> float:
    own = context()
    with Site(servers) as site:
        database = Database(servers.addresses("points", site.databases["points"]).service)
        try:
            began = perf_counter()
            for part in _parts(events):
                async with database.transaction() as tx:
                    await own.journal.lock(tx, {one.subject for one in part})
                    await own.journal.append(
                        tx, [Draft(o.type, o.subject, o.effective_at, o.policy, o.fact) for o in part]
                    )
        finally:
            await database.dispose()
        seconds = heard(site, Load(began=began, ended=perf_counter()))
        await _check_ours(servers, site.databases, events)
    return len(events) / seconds


async def _check_ours(servers: Servers, databases: dict[str, str], events: Sequence[Posting]) -> None:
    async with servers.connected(databases["points"]) as link:
        written = await link.fetchval(_JOURNAL)
    async with servers.connected(databases["hours"]) as link:
        applied, found = await link.fetchval(_APPLIED), await link.fetch(_LOTS)
    if (written, applied) != (len(events), len(events)):
        raise WrongRunError(f"{written} events written and {applied} applied of {len(events)}")
    same_lots([(row[0], row[1], row[2]) for row in found], events)


async def _classic(servers: Servers, events: Sequence[Posting]) -> float:
    source, listener = servers.fresh("points", EMPTY), servers.fresh("hours", EMPTY)
    home = servers.state / "outbox"
    try:
        async with servers.connected(source) as link, servers.connected(listener) as other:
            await link.execute(outbox.SOURCE)
            await other.execute(outbox.LISTENER)
        with Nats(home, sync_always=True) as nats:
            await outbox.make_stream(nats.url)
            servers.settle()
            seconds = await _through(servers, nats.url, (source, listener), events)
        await check_classic(servers, source, listener, events)
    finally:
        servers.drop(source)
        servers.drop(listener)
        shutil.rmtree(home, ignore_errors=True)
    return len(events) / seconds


async def _through(
    servers: Servers, nats_url: str, databases: Sequence[str], events: Sequence[Posting]
) -> float:
    """Write everything while it is published and consumed; seconds until all of it had its effect."""
    urls = [driver_url(servers.postgres.url(name)) for name in databases]
    async with (
        _process(ROLES[0], urls[0], nats_url, str(len(events))) as publisher,
        _process(ROLES[1], urls[1], nats_url, str(len(events))) as consumer,
        servers.connected(databases[0]) as link,
    ):
        began = perf_counter()
        for part in _parts([(uuid4(), one) for one in events]):
            await outbox.write(link, part)
        await _told(publisher, outbox.DONE)
        await _told(consumer, outbox.DONE)
        return perf_counter() - began


@asynccontextmanager
async def _process(*words: str) -> AsyncIterator[Process]:
    """A process of the classic way, once it is ready."""
    command = (sys.executable, "-m", outbox.__name__, *words)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=for_children())
    try:
        await _told(process, outbox.READY)
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def _told(process: Process, word: bytes) -> None:
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE):
            told = await process.stdout.readline()
    except TimeoutError:
        raise WrongRunError(f"the outbox is not through after {PATIENCE:.0f} s") from None
    if told != word:
        words = (await process.stderr.read()).decode().strip().splitlines()
        raise WrongRunError(f"a process of the outbox ended: {words[-1] if words else told!r}")


async def check_classic(servers: Servers, source: str, listener: str, events: Sequence[Posting]) -> None:
    """Every event was written, said, heard, and had its effect once.

    Raises: WrongRunError.
    """
    async with servers.connected(source) as link:
        said = await link.fetchrow(_SAID)
    async with servers.connected(listener) as link:
        known, found = await link.fetchval("select count(*) from inbox"), await link.fetch(_LOTS)
    assert said is not None
    if (said["written"], said["waiting"], known) != (len(events), 0, len(events)):
        raise WrongRunError(
            f"{said['written']} events written, {said['waiting']} waiting, {known} heard of {len(events)}"
        )
    same_lots([(row[0], row[1], row[2]) for row in found], events)


def same_lots(found: Sequence[tuple[str, datetime, int]], events: Sequence[Posting]) -> None:
    """Hold a projection against the events that it was made from.

    Raises: WrongRunError.
    """
    held = {(teacher, expires_at): points for teacher, expires_at, points in found}
    wanted = {lot: points for lot, points in lots(events).items() if points}
    if held != wanted:
        odd = set(held.items()) ^ set(wanted.items())
        raise WrongRunError(f"the projection of events differs in {len(odd)} places")


def _parts(things: Sequence[T]) -> Iterator[Sequence[T]]:
    return (things[first : first + PORTION] for first in range(0, len(things), PORTION))
