"""What is said of one act: its receipt (回执), which never changes, and details, which later acts change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from points.accounts.domain.award import Standing
from points.activities.domain.act import Act
from points.activities.domain.progress import Progress


class Receipt(NamedTuple):
    """What never changes about an act that was taken in."""

    source: str
    id: str
    event: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """An act, its receipt, and what it came to."""

    act: Act
    receipt: Receipt
    stands: bool
    withdrawals: Sequence[Act]
    dated: Sequence[Standing]
    """Awards that this act dates."""
    awards: Sequence[Standing]
    """Awards that stand on the object that it names."""
    progress: Sequence[Progress]
