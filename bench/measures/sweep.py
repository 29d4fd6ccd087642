"""E6: the expiry of a year's lots, and what those notice of it who ask for balances at the same time."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import perf_counter

import msgspec

from bench.checks import WrongRunError
from bench.client import connections, get, post
from bench.load import Load, closed, offered
from bench.measures.balances import requests_for
from bench.measures.intake import heard
from bench.recording import context
from bench.servers import Servers
from bench.site import APART, Site
from bench.statistics import percentile
from bench.workload import teacher
from deploy.local.sampling.feed import on
from points.accounts import operations as accounts
from points.accounts.domain.award import Grant
from points.settings import Context
from shared.policy import loader
from shared.policy.pack import Pack
from shared.policy.points import MonthsExpiry
from shared.runtime.database import Database, Transaction

POINTS = 130
PORTION = 1000
READERS = 0.2
"""How busy those keep the service who ask for balances, as a part of what one of them could ask alone."""
READS = 30_000
"""Questions kept ready."""
WAITING = 128
PATIENCE = 300.0
LOOK = 0.02
_LOTS = "select count(*), coalesce(sum(earned - exchanged - expired), 0), coalesce(sum(expired), 0) from lot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Databases to be templates: lots that end with a calendar year, and lots that live twelve months."""

    by_year: Mapping[str, str]
    by_months: str


async def prepare(servers: Servers, lots: int, year: int) -> Prepared:
    """Make databases in which so many teachers hold points of a year."""
    by_months = servers.fresh("points")
    await grant_all(servers, by_months, lots, year, context(monthly()))
    with Site(servers) as site:
        await grant_all(servers, site.databases["points"], lots, year, context())
        now = perf_counter()
        heard(site, Load(began=now, ended=now))
        return Prepared(by_year=site.keep(), by_months=by_months)


def monthly() -> Pack:
    """The shipped rules, but points live for twelve months."""
    pack = loader.builtin()
    stands = pack.expired_by
    rule = {field: getattr(stands, field) for field in stands.__struct_fields__}
    return msgspec.structs.replace(pack, expiry=MonthsExpiry(**{**rule, "months": 12}))


async def grant_all(servers: Servers, name: str, lots: int, year: int, own: Context) -> None:
    """Give so many teachers points of a year, through the service's own operation."""
    database = Database(servers.addresses("points", name).service)
    try:
        for first in range(0, lots, PORTION):
            grants = _grants(range(first, min(lots, first + PORTION)), on(5, 4, "09:00", year), own)
            await database.run(partial(_post, own, grants))
    finally:
        await database.dispose()


def _grants(numbers: Sequence[int], at: datetime, own: Context) -> list[Grant]:
    rule = own.pack.points[0]
    return [
        Grant(
            ground=f"topic:bench/{number}",
            rule=rule.id,
            teacher=teacher(number),
            year=at.year,
            at=at,
            source="bench",
            act=f"act-{number}",
            asked=POINTS,
            points=POINTS,
            policy=own.pack.reference,
            basis={},
        )
        for number in numbers
    ]


async def _post(own: Context, grants: Sequence[Grant], tx: Transaction) -> None:
    await own.journal.lock(tx, {accounts.subject(grant.teacher) for grant in grants})
    await accounts.post(tx, own, [], grants)


async def measure(
    servers: Servers, prepared: Prepared, lots: int, year: int, seconds: float
) -> dict[str, float]:
    """E6 in lots a second, and by how many percent the readers' 99th percentile rises.

    Raises: WrongRunError.
    """
    with Site(servers, prepared.by_year, duties=APART) as site:
        url = site.url("points")
        asked = requests_for([teacher(number) for number in range(lots)], year, READS)
        rate = READERS * (await closed(url, asked, 1, seconds=seconds)).rate
        before = await offered(url, asked[: max(1, int(rate * 2 * seconds))], rate, WAITING)
        over = asyncio.Event()
        reading = asyncio.create_task(offered(url, asked, rate, WAITING, over=over))
        try:
            took = await _close(site, year)
        finally:
            over.set()
            await asyncio.wait({reading})
        now = perf_counter()
        heard(site, Load(began=now, ended=now))
        await _check(site, lots)
    risen = percentile(reading.result().latencies, 99) / percentile(before.latencies, 99)
    return {"E6": lots / took, "E6-readers": 100 * (risen - 1)}


async def _close(site: Site, year: int) -> float:
    """Order the closing and look until it is done; seconds."""
    began = perf_counter()
    async with connections(site.url("points"), 1) as (line,):
        ordered = await line.send(post(f"/v1/years/{year}/close", b"", key="bench"))
        if ordered.status != 202:
            raise WrongRunError(f"the closing was answered with {ordered.status}: {ordered.body[:200]!r}")
        while True:
            shown = msgspec.json.decode((await line.send(get(f"/v1/years/{year}"))).body)
            if shown["state"] == "closed":
                return perf_counter() - began
            if perf_counter() - began > PATIENCE:
                raise WrongRunError(f"the year is not closed after {PATIENCE:.0f} s: {shown}")
            await asyncio.sleep(LOOK)


async def _check(site: Site, lots: int) -> None:
    async with site.servers.connected(site.databases["points"]) as link:
        found = tuple(await link.fetchrow(_LOTS) or ())
    if found != (lots, 0, lots * POINTS):
        raise WrongRunError(f"lots, rest and expired points are {found}")
    async with site.servers.connected(site.databases["hours"]) as link:
        rest = await link.fetchval("select count(*) from lot where points <> 0")
    if rest:
        raise WrongRunError(f"hours still sees points in {rest} lots")
