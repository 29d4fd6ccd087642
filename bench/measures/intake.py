"""E2 and E3: batches over HTTP until their durable answers, and until hours knows every award they caused.

Also the same shuffled, and with topics after Zipf's law (E7). Each run is checked before its figures count.
"""

from dataclasses import dataclass
from time import perf_counter

import msgspec

from bench.checks import WrongRunError, audit
from bench.client import Answer, post
from bench.load import Load, closed
from bench.site import Site
from bench.workload import Recorded, Workload
from deploy.local.bank import wait_until_heard

PATH = "/v1/activities"
PORTION = 100
"""Acts of a request."""
CONNECTIONS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A checked run: acts a second until answered, until hours knew of them; a digest of the awards."""

    answered: float
    known: float
    seconds: float
    awards: str


class _Counted(msgspec.Struct):
    accepted: int
    replayed: int
    refused: int


async def take_in(site: Site, workload: Workload, before: Recorded) -> Taken:
    """Send a workload in batches; `before` is what was recorded already.

    Raises: WrongRunError.
    """
    requests = [post(PATH, body) for body in workload.arrays(PORTION)]
    load = await closed(site.url("points"), requests, CONNECTIONS)
    seconds = heard(site, load)
    recorded = workload.recorded
    check_answers(load.answers, recorded.acts, len(workload.lines))
    awards = await audit(site.servers, site.databases, before + recorded)
    return Taken(
        answered=recorded.acts / load.seconds,
        known=recorded.acts / seconds,
        seconds=load.seconds,
        awards=awards,
    )


def heard(site: Site, load: Load) -> float:
    """Wait until hours has applied what points said; seconds since the first request.

    Raises: WrongRunError where events are parked.
    """
    points, hours = site.points, site.hours
    try:
        parked = wait_until_heard(points, hours)
    finally:
        points.close()
        hours.close()
    if parked:
        raise WrongRunError(f"{parked} events are parked")
    return perf_counter() - load.began


def check_answers(answers: list[Answer], acts: int, sent: int) -> None:
    """Hold the answers of batches against what was sent.

    Raises: WrongRunError.
    """
    bad = [answer for answer in answers if answer.status != 200]
    if bad:
        raise WrongRunError(f"{len(bad)} requests failed, one with {bad[0].status}: {bad[0].body[:200]!r}")
    counts = [msgspec.json.decode(answer.body, type=_Counted) for answer in answers]
    accepted, replayed, refused = (
        sum(getattr(count, name) for count in counts) for name in ("accepted", "replayed", "refused")
    )
    if (accepted, replayed, refused) != (acts, sent - acts, 0):
        raise WrongRunError(f"{accepted} accepted, {replayed} replayed, {refused} refused of {sent} sent")
