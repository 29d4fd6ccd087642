"""Balances as of an instant, over HTTP, one at a time: how long a teacher or a page waits."""

from bench.checks import WrongRunError
from bench.client import get
from bench.load import closed
from bench.site import Site
from bench.statistics import percentile
from deploy.local.sampling.dice import Dice

SEED = 11


def requests_for(teachers: list[str], year: int, count: int) -> list[bytes]:
    """Questions for teachers drawn at random, each as of a day of the year."""
    dice = Dice(SEED)
    return [
        get(f"/v1/teachers/{dice.pick(teachers)}/balance?at={year}-{1 + dice.below(12):02}-15T12:00:00Z")
        for _ in range(count)
    ]


async def measure(site: Site, year: int, count: int) -> dict[str, float]:
    """The 99th percentile in milliseconds.

    Raises: WrongRunError.
    """
    async with site.servers.connected(site.databases["points"]) as link:
        teachers = [str(row[0]) for row in await link.fetch("select distinct teacher from lot order by 1")]
    load = await closed(site.url("points"), requests_for(teachers, year, count), 1)
    if any(answer.status != 200 for answer in load.answers):
        raise WrongRunError("a balance was not answered")
    return {"as-of-p99": 1000 * percentile(load.latencies, 99)}
