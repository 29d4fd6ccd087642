"""What a run writes down, so that its progress can be read and it goes on where it was."""

from datetime import datetime

import msgspec

REQUESTED = "run.requested.v1"
AIMED = "run.aimed.v1"
STARTED = "run.started.v1"
ADVANCED = "run.advanced.v1"
FINISHED = "run.finished.v1"


class RunRequested(msgspec.Struct, frozen=True, kw_only=True):
    """`run.requested.v1`: somebody asked to have a scope judged."""

    run: str
    year: int
    scope: str
    """Kind of scope: everyone, district, school or teacher."""
    id: str | None
    at: datetime
    """Business time of the verdicts."""
    by: str = ""
    """Who asked, as `school:S12`; entries of before that was kept do not say."""
    cycle: str = ""
    """The rule whose cycle is judged, of which `year` is the last; empty for the year by itself."""


class RunAimed(msgspec.Struct, frozen=True, kw_only=True):
    """`run.aimed.v1`: the cut, as the last number of each partition of the hours service."""

    run: str
    cut: dict[str, int]


class RunStarted(msgspec.Struct, frozen=True, kw_only=True):
    """`run.started.v1`: everything up to the cut has been heard; `total` teachers are to be judged."""

    run: str
    total: int


class RunAdvanced(msgspec.Struct, frozen=True, kw_only=True):
    """`run.advanced.v1`: one chunk was judged, up to the teacher `cursor`."""

    run: str
    cursor: str
    judged: int
    passed: int
    failed: int
    changed: int


class RunFinished(msgspec.Struct, frozen=True, kw_only=True):
    """`run.finished.v1`: nobody is left."""

    run: str
