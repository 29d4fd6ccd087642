"""Settling (结算): what a change of lots entails, beside the change itself.

In a closed year nothing may rest: what is earned late expires at once, and what is taken back late first
shrinks the expiry. In an open year points taken back after they were exchanged leave a debt, which calls
exchanges back.
"""

from collections.abc import Mapping
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
    lots: Mapping[LotKey, Lot], changes: Mapping[LotKey, int], closed: Mapping[LotKey, bool]
) -> Settlement:
    """What changes of lots entail; `closed` says whether the year in which a lot ends is closed."""
    shrunk: dict[LotKey, int] = {}
    expired: dict[LotKey, int] = {}
    debts: dict[LotKey, int] = {}
    for key, points in changes.items():
        lot = lots.get(key, Lot(teacher=key.teacher, expires_at=key.expires_at))
        after = lot.rest + points
        if not closed[key]:
            if after < 0:
                debts[key] = -after
        elif after > 0:
            expired[key] = after
        elif after < 0 < lot.expired:
            shrunk[key] = min(-after, lot.expired)
    return Settlement(shrunk=shrunk, expired=expired, debts=debts)
