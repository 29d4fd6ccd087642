"""Lots (积分批次): what a teacher earned that expires at the same instant.

A pack whose points live for the year makes one lot a year, cleared when the year is closed; one
whose points live for months makes one for each day of earning, swept when the day has come. Past its expiry
a lot is empty for an exchange, swept or not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.policy.calendar import Years, day_of, months_after_day, start_of_day
from shared.policy.points import AnyExpiry, CalendarYearExpiry


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Sums of one lot."""

    teacher: str
    expires_at: datetime
    earned: int = 0
    exchanged: int = 0
    expired: int = 0
    final: bool = False
    """Whether the year in which it ends is closed: what expired stays expired for every exchange."""

    @property
    def rest(self) -> int:
        """What is left; below zero where exchanged points were taken back."""
        return self.earned - self.exchanged - self.expired

    def revived(self, points: int) -> int:
        """Expired points that must come back before `points` can leave the lot, as far as there are any."""
        return min(self.expired, max(0, points - self.rest))

    def burnt(self, points: int) -> "Lot":
        """The lot after an exchange has taken points from it."""
        expired = self.expired - self.revived(points)
        return replace(self, exchanged=self.exchanged + points, expired=expired)


class LotKey(NamedTuple):
    """Whose lot, and when it expires."""

    teacher: str
    expires_at: datetime


class Ended(NamedTuple):
    """The lots of a partition that expire in (`after`, `until`]."""

    partition: int
    after: datetime | None
    """None for all since the beginning."""
    until: datetime


class Rest(NamedTuple):
    """What is left in a lot that has ended."""

    teacher: str
    expires_at: datetime
    points: int


class Movement(NamedTuple):
    """Points that came into a lot (or left it, below zero) at an instant."""

    at: datetime
    points: int


def expiry(rule: AnyExpiry, earned_at: datetime, years: Years) -> datetime:
    """The first instant at which points earned at `earned_at` are gone."""
    match rule:
        case CalendarYearExpiry():
            return years.end(years.of(earned_at))
        case _:
            return months_after_day(earned_at, rule.months, years.tz)


def ending_year(expires_at: datetime, years: Years) -> int:
    """The last training year in which a lot can be used."""
    return years.of(expires_at - timedelta(microseconds=1))


def due(rule: AnyExpiry, now: datetime, tz: str) -> datetime | None:
    """Up to which instant lots are swept without an order; None where the closing of a year clears them."""
    match rule:
        case CalendarYearExpiry():
            return None
        case _:
            return start_of_day(day_of(now, tz), tz)


def usable(lot: Lot, movements: Iterable[Movement], at: datetime) -> int:
    """What of a lot an exchange at `at` may burn.

    Only points dated up to `at` count, and what later exchanges burnt stays theirs: at no instant since
    `at` may the lot fall below zero. Below zero only where it already has. A sweep takes nothing from an
    exchange that is dated before it.
    """
    if lot.expires_at <= at:
        return 0
    ordered = sorted(movements, key=lambda moved: (moved.at, -moved.points))
    balance = sum(moved.points for moved in ordered if moved.at <= at)
    lowest = balance
    for moved in ordered:
        if moved.at > at:
            balance += moved.points
            lowest = min(lowest, balance)
    return min(lowest, lot.rest) if lot.final else lowest


def burn(lots: Sequence[tuple[datetime, int]], points: int) -> list[tuple[datetime, int]]:
    """Take points from (expiry, usable) pairs, the earliest expiry first."""
    burnt: list[tuple[datetime, int]] = []
    for expires_at, left in sorted(lots):
        taken = min(left, points)
        if taken > 0:
            burnt.append((expires_at, taken))
            points -= taken
    assert points == 0, "an exchange burns no more than there is"
    return burnt


class Burnt(NamedTuple):
    """What an exchange took from one lot and has not given back, and the lot's rest."""

    expires_at: datetime
    points: int
    rest: int


def restore(burnt: Sequence[Burnt], points: int) -> list[tuple[datetime, int]]:
    """Give points back to the lots they came from: to those in debt first, then the latest expiry first."""
    given: dict[datetime, int] = {}

    def give(expires_at: datetime, most: int) -> None:
        nonlocal points
        amount = min(most, points)
        if amount > 0:
            given[expires_at] = given.get(expires_at, 0) + amount
            points -= amount

    for lot in sorted(burnt):
        give(lot.expires_at, min(lot.points, max(0, -lot.rest)))
    for lot in sorted(burnt, reverse=True):
        give(lot.expires_at, lot.points - given.get(lot.expires_at, 0))
    assert points == 0, "no more is given back than was burnt"
    return sorted(given.items())
