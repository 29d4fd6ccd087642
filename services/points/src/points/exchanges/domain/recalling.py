"""Calling exchanges back (追回): points taken back after they were exchanged are missing in a lot.

The newest exchanges that burnt from that lot are called back, as few whole hours as cover what is missing;
hours that are already being called back count first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


def rate_of(burnt: int, hours: int) -> int:
    """Points that an hour of an exchange cost, from what it holds; 0 where it holds nothing any more."""
    return burnt // hours if hours else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What one exchange holds of a lot in debt."""

    exchange: str
    at: datetime
    seq: int
    """Its place in the journal, for exchanges of the same instant."""
    points: int
    """Burnt from the lot and not given back."""
    free: int
    """Hours of it that are not called back yet."""
    called: int
    """Hours that are called back and not answered yet."""
    rate: int
    """Points that an hour of it cost."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Hours of an exchange to be called back."""

    exchange: str
    hours: int


def recall(missing: int, stakes: Iterable[Stake]) -> list[Recall]:
    """Which hours to call back for `missing` points of a lot."""
    newest_first = sorted(stakes, key=lambda stake: (stake.at, stake.seq), reverse=True)
    missing -= sum(min(stake.points, stake.called * stake.rate) for stake in newest_first)
    called: list[Recall] = []
    for stake in newest_first:
        left = stake.points - min(stake.points, stake.called * stake.rate)
        covered = min(missing, left, stake.free * stake.rate)
        if covered <= 0:
            continue
        called.append(Recall(stake.exchange, -(-covered // stake.rate)))
        missing -= min(left, called[-1].hours * stake.rate)
    return called
