"""P-naive: the naive service under the load of E2 and of E1, its tables counted afterwards."""

from bench.checks import WrongRunError
from bench.client import post
from bench.load import closed
from bench.measures.intake import CONNECTIONS, PATH, PORTION, check_answers
from bench.measures.singles import WARMING, check_singles, warmed
from bench.peers.naive.__main__ import NAME
from bench.peers.naive.intake import book
from bench.servers import EMPTY, Link, Servers
from bench.site import serving
from bench.workload import Workload

SERVICE = "points"
"""Whose role owns the database."""
_MISCOUNTED = (
    "select count(*) from thing left join (select thing, count(*) as people, sum(stars) as stars"
    " from participant group by thing) as found on found.thing = thing.name"
    " where thing.people <> coalesce(found.people, 0) or thing.stars <> coalesce(found.stars, 0)"
)
_GRANTED = (
    "select rule, max(points) as most from (select rule, sum(points) as points from award"
    " group by rule, teacher, year) as granted group by rule"
)


async def measure(servers: Servers, batches: Workload, singles: Workload, seconds: float) -> dict[str, float]:
    """P-naive and P-naive-single in acts a second.

    Raises: WrongRunError.
    """
    database = servers.fresh(SERVICE, EMPTY)
    settings = {f"{NAME.upper()}_DATABASE_URL": servers.addresses(SERVICE, database).owner}
    try:
        with serving(NAME, servers.state / "naive", **settings) as process:
            servers.settle()
            requests = [post(PATH, body) for body in batches.arrays(PORTION)]
            many = await closed(process.url, requests, CONNECTIONS)
            one = await warmed(process.url, [post(PATH, line) for line in singles.lines], seconds)
        acts = batches.recorded.acts
        check_answers(many.answers, acts, len(batches.lines))
        check_singles(one.answers)
        sent = singles.first(WARMING + len(one.answers)).recorded.acts
        async with servers.connected(database) as link:
            await check(link, acts + sent)
    finally:
        servers.drop(database)
    return {"P-naive": acts / many.seconds, "P-naive-single": one.rate}


async def check(link: Link, acts: int) -> None:
    """Every act once, people and stars as they took part, no cap exceeded.

    Raises: WrongRunError.
    """
    stored = await link.fetchval("select count(*) from act")
    if stored != acts:
        raise WrongRunError(f"the naive service stored {stored} acts of {acts}")
    if miscounted := await link.fetchval(_MISCOUNTED):
        raise WrongRunError(f"the naive service miscounted {miscounted} things")
    caps, granted = book().caps, {row["rule"]: row["most"] for row in await link.fetch(_GRANTED)}
    above = [rule for rule, most in granted.items() if rule in caps and most > caps[rule]]
    if above or not granted:
        raise WrongRunError(f"the naive service awarded nothing, or too much under {above}")
