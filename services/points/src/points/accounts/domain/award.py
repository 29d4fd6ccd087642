"""Awards (积分授予): what is posted for a claim after its cap, and what of it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Points to be awarded."""

    ground: str
    rule: str
    teacher: str
    year: int
    at: datetime
    source: str
    act: str
    """With `source` the key of the act that completes the condition."""
    asked: int
    points: int
    policy: str
    """The version of the rules that grants them."""
    basis: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An award that stands, and the entry that posted it."""

    ground: str
    rule: str
    teacher: str
    year: int
    at: datetime
    source: str
    act: str
    asked: int
    points: int
    expires_at: datetime
    partition: int
    seq: int
    cap: int | None
    """The cap under which it was cut; None where its version states no limit."""

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What there is at most one of."""
        return (self.ground, self.rule, self.teacher, self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An award to be taken back, and why."""

    award: Standing
    reason: str
    """`withdrawn` or `recomputed`."""
