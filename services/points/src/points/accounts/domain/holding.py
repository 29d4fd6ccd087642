"""What a teacher holds (持有): lots, what moved in them, hours exchanged; at an instant it is a purse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from points.accounts.domain.lot import Lot, Movement, usable
from points.accounts.domain.purse import Purse
from shared.policy.points import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A teacher's lots with everything that a decision about them needs."""

    teacher: str
    lots: Sequence[Lot] = ()
    """The earliest expiry first."""
    moved: Mapping[datetime, Sequence[Movement]] = field(default_factory=dict)
    """By lot: awards, and what exchanges burnt and did not give back."""
    exchanged: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """Points exchanged and not given back, by year and category."""
    closed: frozenset[int] = frozenset()
    """Years that take no exchange any more."""

    def purse(self, at: datetime, year: int, rule: Exchange | None) -> Purse:
        """The holding as an exchange at one instant of a training year sees it."""
        rate = None if rule is None else rule.rate
        return Purse(
            teacher=self.teacher,
            year=year,
            lots=[
                (lot.expires_at, usable(lot, self.moved.get(lot.expires_at, ()), at))
                for lot in self.lots
                if lot.expires_at > at
            ],
            lost=sum(max(0, lot.earned - lot.exchanged) for lot in self.lots if lot.expires_at <= at),
            used={
                kind: points // rate
                for (of, kind), points in self.exchanged.items()
                if of == year and rate is not None
            },
        )

    def balance(self, at: datetime) -> dict[datetime, int]:
        """Points of each lot that has not expired at an instant."""
        return {
            lot.expires_at: sum(move.points for move in self.moved.get(lot.expires_at, ()) if move.at <= at)
            for lot in self.lots
            if lot.expires_at > at
        }

    def revived(self, burnt: Sequence[tuple[datetime, int]]) -> dict[datetime, int]:
        """Expired points, by lot, that an exchange dated before their end brings back to burn them."""
        taken = dict(burnt)
        found = {lot.expires_at: lot.revived(taken.get(lot.expires_at, 0)) for lot in self.lots}
        return {expires_at: points for expires_at, points in found.items() if points}

    def after(self, at: datetime, kind: tuple[int, str], burnt: Sequence[tuple[datetime, int]]) -> "Holding":
        """The holding after an exchange of a year and category has burnt from it."""
        taken = dict(burnt)
        lots = [lot.burnt(taken.get(lot.expires_at, 0)) for lot in self.lots]
        moved = dict(self.moved)
        for expires_at, points in burnt:
            moved[expires_at] = [*moved.get(expires_at, ()), Movement(at, -points)]
        exchanged = {**self.exchanged, kind: self.exchanged.get(kind, 0) + sum(taken.values())}
        return replace(self, lots=lots, moved=moved, exchanged=exchanged)
