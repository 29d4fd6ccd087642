"""Figures of rounds and what may be said of them: medians, spreads, paired ratios, percentiles. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

Round = Mapping[str, float]
"""The figures of one round by name; a wrong run has left none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What several rounds say together."""

    median: float
    low: float
    high: float
    runs: Sequence[float]

    @property
    def spread(self) -> float:
        """The width from the lowest to the highest run, as a part of the median."""
        return (self.high - self.low) / self.median if self.median else float("inf")


def median(values: Sequence[float]) -> float:
    """The value in the middle, or the mean of the two."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def summarise(values: Sequence[float]) -> Summary | None:
    """The summary of some runs; None where there is none."""
    if not values:
        return None
    return Summary(median=median(values), low=min(values), high=max(values), runs=tuple(values))


def figures(rounds: Sequence[Round], name: str) -> Summary | None:
    """One figure over all rounds that have it."""
    return summarise([found[name] for found in rounds if name in found])


def paired(rounds: Sequence[Round], upper: str, lower: str) -> Summary | None:
    """The ratio of two figures, formed in each round: what disturbs a round disturbs both."""
    both = [found for found in rounds if upper in found and lower in found]
    return summarise([found[upper] / found[lower] for found in both])
