"""How pushing to the province stands (推送): one batch at a time, tried until the province has taken it.

Positions say for each partition of the journal how far the province has taken what was submitted. What a
batch spans is settled before it is sent for the first time, so every attempt says the same; the next one
waits for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal, NamedTuple

BATCH = 50
"""Submissions in one message: well below the 20 kB that receivers of Standard Webhooks take."""
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 3600))
"""How long to wait after each failed attempt in a row; after the last one always as long."""
LONGEST = timedelta(days=1)
"""The most that the province can ask us to wait."""
GONE = 410

Kind = Literal["timed_out", "unreachable", "redirected", "refused"]


class Batch(NamedTuple):
    """What goes over together: what a partition says was submitted, behind `after` and up to `last`."""

    partition: int
    after: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why an attempt did not succeed."""

    kind: Kind
    status: int | None = None
    """What the province answered, where it did."""
    asked: timedelta | None = None
    """How long it asked us to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """How pushing stands."""

    positions: Mapping[int, int] = field(default_factory=dict)
    """The last number of each partition that the province has taken, or that says nothing of a submission."""
    batch: Batch | None = None
    """What is on its way."""
    attempts: int = 0
    """How often in a row it failed."""
    failure: Kind | None = None
    status: int | None = None
    failed_at: datetime | None = None
    next_at: datetime | None = None
    """When it is tried again."""
    pushed_at: datetime | None = None
    """When the province took something last."""

    def waits(self, now: datetime) -> bool:
        """Whether what is on its way is to be tried again later only."""
        return self.next_at is not None and now < self.next_at

    def taken(self, now: datetime) -> "Pushed":
        """After the province took what was on its way."""
        assert self.batch is not None, "something was on its way"
        positions = {**self.positions, self.batch.partition: self.batch.last}
        return Pushed(positions=positions, pushed_at=now)

    def failed(self, failure: Failure, now: datetime) -> "Pushed":
        """After another attempt failed."""
        attempts = self.attempts + 1
        return replace(
            self,
            attempts=attempts,
            failure=failure.kind,
            status=failure.status,
            failed_at=now,
            next_at=now + pause(failure, attempts),
        )


def pause(failure: Failure, attempts: int) -> timedelta:
    """How long to wait after so many failed attempts in a row: longer each time, and as long as is asked for.

    A receiver that says it is gone for good is asked as rarely as possible at once.
    """
    usual = PAUSES[-1 if failure.status == GONE else min(attempts, len(PAUSES)) - 1]
    return min(max(usual, failure.asked or usual), LONGEST)


def asked(retry_after: str | None, now: datetime) -> timedelta | None:
    """The pause that a `Retry-After` asks for, in seconds or as a date (RFC 9110 section 10.2.3)."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return min(timedelta(seconds=int(retry_after[:9])), LONGEST)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now, timedelta())


def failure_of(status: int, retry_after: str | None, now: datetime) -> Failure | None:
    """What an answer means: only 2xx is taken, and nobody is followed elsewhere."""
    if 200 <= status < 300:
        return None
    kind: Kind = "redirected" if 300 <= status < 400 else "refused"
    return Failure(kind=kind, status=status, asked=asked(retry_after, now))
