"""The closing of a year (年度关闭): asked for once, done partition by partition, resumable at any point."""

from dataclasses import dataclass
from typing import Literal

import msgspec

State = Literal["open", "closing", "closed"]


class YearCloseRequested(msgspec.Struct, frozen=True, kw_only=True):
    """`year.close_requested.v1`, subject `year:…`: registration for the year is to end."""

    year: int
    requested_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the closing of a year is."""

    year: int
    requested: bool
    closed: int
    """Partitions of teachers that are closed."""
    partitions: int

    @property
    def state(self) -> State:
        """In one word."""
        if self.closed == self.partitions:
            return "closed"
        return "closing" if self.requested else "open"
