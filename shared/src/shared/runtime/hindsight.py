"""As it was (回溯): entries as they were known at an instant, and of what had taken effect by a day.

Entries are only ever added, so what was known at an instant is what was recorded until then: the same
question has the same answer for ever, once everything that was being written at that instant is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Annotated

from fastapi import Depends, Query

from shared.policy.calendar import day_of
from shared.runtime import clock
from shared.runtime.errors import DomainError
from shared.runtime.fields import Day, Instant
from shared.runtime.journal import Entry

SETTLED = timedelta(minutes=1)
"""After that long nothing is still being written that was recorded before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What is left out: everything recorded later, everything that takes effect later."""

    known_at: datetime | None
    """None for now."""
    effective_on: date | None
    """The last day, in the zone of the rules; None for whatever was recorded."""

    @property
    def is_now(self) -> bool:
        """Whether nothing is left out."""
        return self.known_at is None and self.effective_on is None

    def includes(self, recorded_at: datetime, effective_at: datetime, zone: str) -> bool:
        """Whether something was known and had taken effect."""
        known = self.known_at is None or recorded_at <= self.known_at
        return known and (self.effective_on is None or day_of(effective_at, zone) <= self.effective_on)

    def of(
        self, entries: Iterable[Entry], zone: str, effects: Mapping[str, datetime] = MappingProxyType({})
    ) -> list[Entry]:
        """Those of the entries that were known and in effect; `effects` says of some, by id, since when."""
        return [
            entry
            for entry in entries
            if self.includes(entry.recorded_at, effects.get(entry.id, entry.effective_at), zone)
        ]


NOW = Hindsight(known_at=None, effective_on=None)
"""Nothing is left out."""


_KnownAt = Annotated[
    Instant | None, Query(description="As it was known at an instant, at least a minute ago; now without it.")
]


async def _hindsight(
    known_at: _KnownAt = None,
    effective_on: Annotated[
        Day | None, Query(description="Only what had taken effect by the end of this day.")
    ] = None,
) -> Hindsight:
    if known_at is not None and known_at > clock.now() - SETTLED:
        raise DomainError.at("/known_at", "known_at.not_past", seconds=SETTLED.seconds)
    return Hindsight(known_at=known_at, effective_on=effective_on)


async def _known(known_at: _KnownAt = None) -> Hindsight:
    return await _hindsight(known_at)


AsItWas = Annotated[Hindsight, Depends(_hindsight)]
"""How a request looks back."""

AsKnown = Annotated[Hindsight, Depends(_known)]
"""How a request looks back at what was known, where no single day of effect is meant."""
