"""Journal entries and the hash chain through them.

The chain makes tampering evident: every entry carries the SHA-256 of its predecessor's hash, its own
numbers packed, and its texts separated by NUL (which no text may hold).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import pack
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec

S = TypeVar("S", bound=msgspec.Struct)

Columns = tuple[int, int, str, str, datetime, datetime, str, str]
"""What of an entry is hashed: its partition to its data, in the order of the table."""

CHINA = ZoneInfo("Asia/Shanghai")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_encoder = msgspec.json.Encoder(order="deterministic")


def canonical(data: object) -> str:
    """Canonical JSON: sorted keys, no spaces, decimals as strings. The same value gives the same text."""
    return _encoder.encode(data).decode()


class Draft(NamedTuple):
    """What is to be appended; the journal adds number, time of recording and hash."""

    type: str
    subject: str
    effective_at: datetime
    policy: str
    data: msgspec.Struct
    partition: int | None = None
    """Only for marks that belong to a partition and not to a subject."""


class Entry(NamedTuple):
    """One row of the journal: where it comes from, then its columns."""

    source: str
    partition: int
    seq: int
    type: str
    subject: str
    effective_at: datetime
    recorded_at: datetime
    policy: str
    data: str
    hash: bytes
    year: int

    @property
    def id(self) -> str:
        """`<service>/<partition>/<seq>`."""
        return f"{self.source}/{self.partition}/{self.seq}"

    def follows(self, head: bytes) -> bool:
        """Whether its hash is the one that it has after a predecessor with hash `head`."""
        return chain(head, self[1:9]) == self.hash

    def parse(self, shape: Callable[..., S]) -> S:
        """The data in its shape."""
        value: S = msgspec.json.decode(self.data, type=shape)
        return value


def genesis(service: str, partition: int) -> bytes:
    """What the first entry of a partition is chained to."""
    return sha256(f"{service}/{partition}".encode()).digest()


def chain(head: bytes, columns: Columns) -> bytes:
    """The hash of the entry with these columns after a predecessor with hash `head`."""
    partition, seq, type_, subject, effective_at, recorded_at, policy, data = columns
    numbers = pack(">hqqq", partition, seq, microseconds(effective_at), microseconds(recorded_at))
    return sha256(head + numbers + f"{type_}\0{subject}\0{policy}\0{data}".encode()).digest()


def microseconds(instant: datetime) -> int:
    """Whole microseconds since 1970, exactly."""
    return (instant - _EPOCH) // _MICROSECOND


def instant_of(since: int) -> datetime:
    """The instant so many microseconds after 1970, in UTC."""
    return _EPOCH + since * _MICROSECOND


def place_of(event: str) -> tuple[int, int]:
    """Partition and number of an entry, by its event id."""
    _, partition, seq = event.split("/")
    return int(partition), int(seq)


def year_of_recording(recorded_at: datetime) -> int:
    """The China year in which an entry was recorded."""
    return recorded_at.astimezone(CHINA).year
