"""What a teacher could exchange at an instant (可兑换积分), and what would be lost without it (即将失效)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.policy.categories import Category
from shared.policy.points import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """A teacher's points as an exchange at one instant sees them."""

    teacher: str
    year: int
    """The training year of that instant."""
    lots: Sequence[tuple[datetime, int]]
    """Expiry and usable points of each lot that has not expired; below zero where it is in debt."""
    lost: int
    """Points that were never exchanged and have expired."""
    used: Mapping[str, int]
    """Whole hours exchanged in that year, by category; those that wait for an answer count."""

    @property
    def points(self) -> int:
        """What may be burnt; below zero while a debt is open."""
        return sum(points for _, points in self.lots)

    def left(self, category: Category, rule: Exchange) -> int:
        """Hours that the cap of a category still allows."""
        return max(0, rule.caps.get(category, 0) - self.used.get(category, 0))

    def savable(self, rule: Exchange | None) -> int:
        """Points that exchanges could still burn, over all categories; none where they become no hours."""
        if rule is None:
            return 0
        hours = sum(self.left(category, rule) for category in rule.caps)
        return min(max(0, self.points) // rule.rate, hours) * rule.rate


def exchangeable(purse: Purse, rule: Exchange | None) -> dict[str, int]:
    """Whole hours that could be exchanged into each category, if into that one alone."""
    if rule is None:
        return {}
    afforded = max(0, purse.points) // rule.rate
    return {category: min(afforded, purse.left(category, rule)) for category in rule.caps}


def exchangeable_of(free: int, used: Mapping[str, int], rule: Exchange | None) -> dict[str, int]:
    """The same out of sums: points that are free, and points exchanged in the year, by category."""
    if rule is None:
        return {}
    return {
        category: max(0, min(free, cap * rule.rate - used.get(category, 0))) // rule.rate
        for category, cap in rule.caps.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """What a lot holds that will expire, and what of it no exchange can save any more."""

    expires_at: datetime
    points: int
    beyond_exchange: int


def forecast(purse: Purse, rule: Exchange | None) -> list[Expiring]:
    """What will expire, the earliest first.

    Exchanges burn the earliest expiry first, so what the caps and the whole hours leave over is taken from
    the lots that expire last.
    """
    lots = [(expires_at, points) for expires_at, points in sorted(purse.lots) if points > 0]
    savable = purse.savable(rule)
    found: list[Expiring] = []
    for expires_at, points in lots:
        saved = min(points, savable)
        savable -= saved
        found.append(Expiring(expires_at=expires_at, points=points, beyond_exchange=points - saved))
    return found
