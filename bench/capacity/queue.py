"""What waits: requests at one machine, acts over a year, events while the broker is away. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from bench.statistics import percentile

HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How long requests take, in milliseconds, from their arrival to their answer."""

    mean: float
    median: float
    p99: float


def waiting(arriving: float, served: float, seed: int) -> Waiting:
    """An hour of requests that come at random to a machine that takes each for the same time (M/D/1).

    `arriving` and `served` are requests a second.
    """
    dice = random.Random(seed)  # noqa: S311 - as arrivals
    service, now, free, took = 1 / served, 0.0, 0.0, list[float]()
    while (now := now + dice.expovariate(arriving)) < HOUR:
        free = max(free, now) + service
        took.append(1000 * (free - now))
    if not took:
        return Waiting(mean=0, median=0, p99=0)
    return Waiting(mean=sum(took) / len(took), median=percentile(took, 50), p99=percentile(took, 99))


def left_over(hours: Sequence[float], rate: float) -> float:
    """The most acts that any hour leaves to the next, where `rate` is what is taken a second."""
    waits = most = 0.0
    for acts in hours:
        waits = max(0.0, waits + acts - rate * HOUR)
        most = max(most, waits)
    return most


def recovery(arriving: float, rate: float, away: float) -> float:
    """Seconds after an outage until what came meanwhile is worked off beside what comes; infinite if never.

    Events arrive all the time and are worked off at `rate` once the outage is over.
    """
    return away * arriving / (rate - arriving) if rate > arriving else inf
