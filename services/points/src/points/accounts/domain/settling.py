"""Settling (结算): what a change of lots entails, beside the change itself.

In a lot that was cleared nothing may rest: what is earned late expires at once. What is taken back late
first shrinks the expiry; what is missing then is a debt, which calls exchanges back while the year is open.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from points.accounts.domain.lot import Lot, LotKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What has to be posted beside the changes."""

    shrunk: Mapping[LotKey, int] = field(default_factory=dict)
    """Expiry taken back, to be posted before the changes."""
    expired: Mapping[LotKey, int] = field(default_factory=dict)
    """Expired at once, to be posted after them."""
    debts: Mapping[LotKey, int] = field(default_factory=dict)
    """Points missing in lots of open years."""


def settle(
    lots: Mapping[LotKey, Lot],
    changes: Mapping[LotKey, int],
    cleared: Collection[LotKey],
    closed: Collection[LotKey],
) -> Settlement:
    """What changes of lots entail: in lots that were cleared, and in those that end in a closed year."""
    shrunk: dict[LotKey, int] = {}
    expired: dict[LotKey, int] = {}
    debts: dict[LotKey, int] = {}
    for key, points in changes.items():
        lot = lots[key]
        after, revived = lot.rest + points, lot.revived(-points)
        if revived:
            shrunk[key] = revived
        if after + revived < 0 and key not in closed:
            debts[key] = -after - revived
        if after > 0 and key in cleared:
            expired[key] = after
    return Settlement(shrunk=shrunk, expired=expired, debts=debts)
