"""A run's way from request to end (验证批次): it waits for a cut, judges in chunks, and ends with its counts.

The cut is what the hours service had said when the run was taken up. Nobody is judged before all of it has
been heard; what is said later judges again by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from verification.figures.domain.roster import Scope

CHUNK = 2000
"""Teachers judged in one transaction: bounds the memory, and what a killed process does again."""

State = Literal["waiting", "running", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a run, or a chunk of it, has done so far."""

    judged: int = 0
    passed: int = 0
    failed: int = 0
    changed: int = 0
    """Teachers for whom something new was posted."""

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            judged=self.judged + other.judged,
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            changed=self.changed + other.changed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks to have judged; `at` is the business time of the verdicts, `by` who asks."""

    run: str
    year: int
    """The last one, where a cycle is judged."""
    scope: Scope
    at: datetime
    by: str
    cycle: str = ""
    """The rule whose cycle is judged; empty for the year by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it stands."""

    id: str
    year: int
    cycle: str
    scope: Scope
    at: datetime
    state: State
    cut: Mapping[int, int] | None
    """None until the heads were read."""
    total: int | None
    """None until the run starts."""
    cursor: str
    """The last teacher judged."""
    tally: Tally
    requested_at: datetime
    finished_at: datetime | None


def reached(positions: Mapping[int, int], cut: Mapping[int, int]) -> bool:
    """Whether everything up to the cut has been heard."""
    return all(positions.get(partition, 0) >= seq for partition, seq in cut.items())
