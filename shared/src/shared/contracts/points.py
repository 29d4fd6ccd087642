"""What the points service says. Points are whole and positive; `debit` and `credit` name the accounts.

Accounts: `issued` (the counter-account of awards), `teacher` (what a teacher holds), `exchanged` and
`expired`. An amount leaves `debit` and arrives at `credit`, so every entry sums to zero by itself.
"""

from datetime import datetime
from typing import Any

import msgspec

from shared.contracts.envelope import Fact


class ActivityRef(msgspec.Struct, frozen=True, kw_only=True):
    """The natural key of an activity."""

    source: str
    id: str


class LotChange(msgspec.Struct, frozen=True, kw_only=True):
    """Points of one lot: what a teacher earned that expires at the same instant."""

    expires_at: datetime
    points: int


class PointsAwarded(Fact, frozen=True, kw_only=True):
    """`points.awarded.v1`, subject `teacher:…`, effective at the act that completes the condition."""

    teacher: str
    rule: str
    ground: str
    """The subject the rule judged, for example `topic:gz-community/topic-17`."""
    activity: ActivityRef
    year: int
    """Training year of the award, China time."""
    asked: int
    """What the rule grants before the cap."""
    points: int
    """What was granted after the cap; 0 for an award cut whole."""
    expires_at: datetime
    basis: dict[str, Any]
    """Inputs and figures of the decision, for the answer to why: people counted, means, cap."""
    debit: str = "issued"
    credit: str = "teacher"


class PointsReversed(Fact, frozen=True, kw_only=True):
    """`points.reversed.v1`: a former award is taken back whole; names the entry it reverses."""

    teacher: str
    reverses: str
    """Event id of the `points.awarded.v1`."""
    rule: str
    ground: str
    activity: ActivityRef
    year: int
    asked: int
    points: int
    expires_at: datetime
    reason: str
    """`withdrawn`, or `recomputed` where an earlier act arrived later and moved or cut the award."""
    debit: str = "teacher"
    credit: str = "issued"


class PointsExpired(Fact, frozen=True, kw_only=True):
    """`points.expired.v1`: the rest of one lot is cleared at its expiry."""

    teacher: str
    year: int
    expires_at: datetime
    points: int
    debit: str = "teacher"
    credit: str = "expired"


class PointsExpiryReversed(Fact, frozen=True, kw_only=True):
    """`points.expiry_reversed.v1`: an expiry shrinks.

    An award under it was taken back, or an exchange dated before the expiry burnt what was cleared.
    """

    teacher: str
    year: int
    expires_at: datetime
    points: int
    debit: str = "expired"
    credit: str = "teacher"


class PointsExchanged(Fact, frozen=True, kw_only=True):
    """`points.exchanged.v1`: points debited for hours; pending until the hours service answers."""

    exchange: str
    """The natural key of the request."""
    teacher: str
    year: int
    category: str
    hours: int
    points: int
    at: datetime
    burnt: list[LotChange]
    basis: dict[str, Any]
    debit: str = "teacher"
    credit: str = "exchanged"


class PointsExchangeRefused(Fact, frozen=True, kw_only=True):
    """`points.exchange_refused.v1`: a request was refused at once; nothing was debited.

    It is kept so that the same request gets the same answer and can be asked why.
    """

    exchange: str
    teacher: str
    year: int
    category: str
    hours: int
    at: datetime
    code: str
    """Stable code, for example `exchange.cap_exceeded`."""
    basis: dict[str, Any]


class PointsExchangeSettled(Fact, frozen=True, kw_only=True):
    """`points.exchange_settled.v1`: the hours service posted the hours."""

    exchange: str
    teacher: str
    posting: str
    """Event id of the `hours.posted.v1`."""


class PointsExchangeRefunded(Fact, frozen=True, kw_only=True):
    """`points.exchange_refunded.v1`: points given back to the lots they came from.

    After a refusal all of them; after a reversal of exchanged hours, the hours taken back. What returns
    to a lot that is past its expiry is followed by a `points.expired.v1`.
    """

    exchange: str
    teacher: str
    year: int
    hours: int
    points: int
    restored: list[LotChange]
    reason: str
    """Stable code: why hours refused (`teacher.unknown`, `year.closed`, …) or `recalled`."""
    recall: str = ""
    """The call that is answered, after a reversal of exchanged hours."""
    debit: str = "exchanged"
    credit: str = "teacher"


class PointsExchangeRecalled(Fact, frozen=True, kw_only=True):
    """`points.exchange_recalled.v1`: asks the hours service to take back hours whose points were reversed."""

    recall: str
    """Identity of this call, unique: the exchange and a running number."""
    exchange: str
    teacher: str
    year: int
    category: str
    hours: int


class PointsYearClosed(Fact, frozen=True, kw_only=True):
    """`points.year_closed.v1`, one for each teacher partition: nothing of the year changes here any more."""

    year: int
    partition: int


class PointsSwept(Fact, frozen=True, kw_only=True):
    """`points.swept.v1`, subject `sweep:…`: no lot of this partition that ended up to `until` holds anything.

    Said where points live for months, day by day; a calendar year's lots end with `points.year_closed.v1`.
    """

    until: datetime
    partition: int
