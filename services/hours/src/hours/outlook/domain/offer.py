"""What a teacher's points could still give (可兑换学时): within the window, their life, the caps."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from hours.outlook.domain.plan import Way
from shared.policy.calendar import Years, end_of_day, start_of_day
from shared.policy.categories import Category
from shared.policy.points import Exchange, Window

Lot = tuple[datetime, int]
"""When points expire, and how many; below zero where they were taken back after an exchange."""


def ending(lots: Sequence[Lot], since: datetime, until: datetime) -> list[Lot]:
    """Those that expire after an instant, up to another one; a debt does not."""
    return [(expires_at, points) for expires_at, points in lots if points > 0 and since < expires_at <= until]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Points that can be exchanged into hours of one year."""

    rule: Exchange | None
    """None: points become no hours."""
    first: datetime | None
    """From when on; None where the year takes no exchange any more."""
    last: datetime
    """Exclusive."""
    lots: Sequence[Lot]
    """Those that have not expired, the earliest first."""
    left: Mapping[Category, Decimal]
    """Hours that the caps still allow."""

    @property
    def points(self) -> int:
        """What can be spent; an open debt comes first."""
        first = self.first
        if first is None:
            return 0
        return max(sum(points for expires_at, points in self.lots if expires_at > first), 0)

    @property
    def hours(self) -> int:
        """Whole hours that the points give, over all categories."""
        return 0 if self.rule is None else self.points // self.rule.rate

    @property
    def ways(self) -> list[Way]:
        """An hour of each category that the exchange reaches, as far as points and cap go."""
        rule = self.rule
        if rule is None:
            return []
        whole = {category: min(left, Decimal(self.hours)) // 1 for category, left in self.left.items()}
        return [
            Way(kind="exchange", category=category, of=rule.id, hours=hours)
            for category, hours in whole.items()
            if hours
        ]


def span(window: Window | None, year: int, at: datetime, years: Years) -> tuple[datetime | None, datetime]:
    """From when on, and until when, points can be exchanged into hours of a year, seen from an instant."""
    opens, ends = years.start(year), years.end(year)
    if window is not None:
        (month, day), (last_month, last_day) = _parts(window.first), _parts(window.last)
        opens = start_of_day(date(year, month, 1) + timedelta(days=day - 1), years.tz)
        ends = end_of_day(date(year, last_month, min(last_day, monthrange(year, last_month)[1])), years.tz)
    first = max(at, opens)
    return (first if first < ends else None), ends


def _parts(text: str) -> tuple[int, int]:
    """Month and day. 29 February begins on 1 March and ends on the 28th where the year has none."""
    month, day = text.split("-")
    return int(month), int(day)
