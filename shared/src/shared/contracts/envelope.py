"""The envelope of every fact that leaves a service: one journal entry, as others see it."""

from datetime import datetime

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One journal entry. `data` holds the canonical JSON bytes that were hashed, still encoded."""

    source: str
    """The service that owns the fact: points, hours, verification, certificates."""
    partition: int
    seq: int
    """Gapless within (source, partition), from 1."""
    type: str
    """`<noun>.<past tense>.v<major>`, for example `points.awarded.v1`."""
    subject: str
    """Typed subject, for example `teacher:T0360`."""
    effective_at: datetime
    """Business time, aware, UTC."""
    recorded_at: datetime
    """When the owner wrote it down, aware, UTC; never falls within a partition."""
    policy: str
    """Rule pack and version that decided it, `<pack>@<version>`; empty where no rule was asked."""
    data: msgspec.Raw
    hash: str
    """SHA-256 of the entry chained to its predecessor in the partition, 64 hex digits."""

    @property
    def id(self) -> str:
        """`<source>/<partition>/<seq>`: the only identity an event has."""
        return f"{self.source}/{self.partition}/{self.seq}"


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every event's data: immutable and named by `type_of`."""
