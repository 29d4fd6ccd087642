"""Seals (封存): what a year of recording held, partition by partition, under one hash.

The hash continues the seal of the year before, so the last seal vouches for every year up to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from struct import pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The entries of one partition in one year; `first` lies behind `last` where there are none."""

    partition: int
    first: int
    last: int
    before: bytes
    """The hash that the first entry continues."""
    head: bytes
    """The hash of the last one."""

    @property
    def entries(self) -> int:
        """How many there are."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The seal of one year; `stretches` by partition."""

    year: int
    hash: bytes
    stretches: dict[int, Stretch]

    @property
    def entries(self) -> int:
        """How many entries the year holds."""
        return sum(stretch.entries for stretch in self.stretches.values())


def unsealed(service: str) -> bytes:
    """What the first seal of a service continues."""
    return sha256(f"{service} sealed".encode()).digest()


def seal(service: str, year: int, previous: bytes, stretches: Iterable[Stretch]) -> Seal:
    """Seal a year behind the seal of the year before it."""
    ordered = {one.partition: one for one in sorted(stretches, key=lambda one: one.partition)}
    digest = sha256(previous + f"{service}/{year}".encode())
    for one in ordered.values():
        digest.update(pack(">hqq", one.partition, one.first, one.last) + one.before + one.head)
    return Seal(year=year, hash=digest.digest(), stretches=ordered)
