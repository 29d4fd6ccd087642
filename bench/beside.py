"""A piece of year-end work beside bare SQL that leaves the same, on copies of one database.

What they leave is compared as text, row by row under a sum of hashes; what differs anywhere has no figure.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter

from bench.apart import Figures, Work, apart
from bench.checks import WrongRunError
from bench.servers import Link, Servers

_SIZE = (
    "select sum(pg_total_relation_size(oid))::bigint from pg_class"
    " where relkind = 'r' and relnamespace = 'public'::regnamespace"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is done twice, and how what it left is read."""

    service: str
    bare: Callable[[Link, int], Awaitable[None]]
    """The bare SQL, for a year."""
    own: Work
    """What the service does, given its database's address and the year; says `seconds` and `memory`."""
    left: str
    """A query for counts and sums of hashes of what must be the same, a count of everybody first."""


def left(everybody: str, *parts: str) -> str:
    """A query for a count of one table's rows, then for all the parts."""
    return f"select (select count(*) from {everybody}), {', '.join(parts)}"


def entries(where: str) -> str:
    """Count and sum of hashes of entries; time of recording and chain are the writer's own."""
    columns = "partition, seq, type, subject, effective_at, policy, data"
    text = f"concat_ws('|', {columns})"
    return f"(select {_summed(text)} from journal where {where})"


def rows(table: str) -> str:
    """Count and sum of hashes of a table's rows."""
    return f"(select {_summed('t::text')} from {table} t)"


def _summed(text: str) -> str:
    return f"array[count(*), sum(hashtextextended({text}, 0)::numeric)]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was measured of both."""

    bare: float
    """Seconds of the bare SQL."""
    own: float
    """Seconds of ours."""
    memory: float
    """The most that ours held, in MB."""
    written: float
    """Bytes by which our database grew, for each of those that the work is about."""


async def measure(servers: Servers, work: Beside, template: str, count: int, year: int) -> Done:
    """Do both, one after the other.

    Raises: WrongRunError.
    """
    bare, own = servers.fresh(work.service, template), servers.fresh(work.service, template)
    try:
        floor = await _bare(servers, work, bare, year)
        servers.settle()
        before = await size(servers, own)
        ran: Figures = await apart(work.own, servers.addresses(work.service, own).service, str(year))
        written = (await size(servers, own) - before) / count
        found = [await _look(servers, name, work.left) for name in (bare, own)]
        if found[0] != found[1] or found[0][0] != count:
            raise WrongRunError(f"the bare SQL and {work.own.__module__} left {found} of {count}")
    finally:
        servers.drop(bare)
        servers.drop(own)
    return Done(bare=floor, own=ran["seconds"], memory=ran["memory"], written=written)


async def size(servers: Servers, name: str) -> int:
    """Bytes of all tables of a database, with their keys."""
    async with servers.connected(name) as link:
        found: int = await link.fetchval(_SIZE)
    return found


async def _bare(servers: Servers, work: Beside, name: str, year: int) -> float:
    servers.settle()
    async with servers.connected(name) as link:
        began = perf_counter()
        await work.bare(link, year)
        return perf_counter() - began


async def _look(servers: Servers, name: str, query: str) -> tuple[object, ...]:
    async with servers.connected(name) as link:
        return tuple(await link.fetchrow(query) or ())
