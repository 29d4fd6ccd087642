"""E1: one act a request: how many a second in a closed loop, and how long each takes at 60 % of that.

The second load comes by the clock (open loop), so a request that has to queue is counted with its waiting.
"""

from collections.abc import Sequence

from bench.checks import WrongRunError, audit
from bench.client import Answer, post
from bench.load import Load, closed, offered
from bench.measures.intake import PATH, heard
from bench.site import Site
from bench.statistics import percentile
from bench.workload import Recorded, Workload

CONNECTIONS = 32
PART = 0.6
WARMING = 200
"""Requests before the clock runs, as many as before F5."""
WAITING = 256
"""Connections of the open loop: more than ever wait at once."""


async def measure(site: Site, workload: Workload, seconds: float, before: Recorded) -> dict[str, float]:
    """E1 in acts a second, its latencies in milliseconds; `before` is what was recorded already.

    Raises: WrongRunError.
    """
    requests = [post(PATH, line) for line in workload.lines]
    full = await warmed(site.url("points"), requests, seconds)
    rate = full.rate * PART
    begun = WARMING + len(full.answers)
    sent = begun + int(rate * seconds) + 1
    left = requests[begun:sent]
    if sent > len(requests):
        raise WrongRunError(f"the workload of single acts is too small for {full.rate:.0f} a second")
    part = await offered(site.url("points"), left, rate, WAITING)
    heard(site, part)
    check_singles([*full.answers, *part.answers])
    await audit(site.servers, site.databases, before + workload.first(sent).recorded)
    return {
        "E1": full.rate,
        "E1-p50": 1000 * percentile(part.latencies, 50),
        "E1-p99": 1000 * percentile(part.latencies, 99),
    }


async def warmed(url: str, requests: Sequence[bytes], seconds: float) -> Load:
    """A closed loop of so many seconds, after some requests that are not counted."""
    await closed(url, requests[:WARMING], CONNECTIONS)
    return await closed(url, requests[WARMING:], CONNECTIONS, seconds=seconds)


def check_singles(answers: list[Answer]) -> None:
    """Hold the answers to single acts against what they must be.

    Raises: WrongRunError.
    """
    bad = [answer for answer in answers if answer.status != 201]
    if bad:
        raise WrongRunError(f"{len(bad)} requests failed, one with {bad[0].status}: {bad[0].body[:200]!r}")
