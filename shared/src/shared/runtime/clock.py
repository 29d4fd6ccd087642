"""The only clock. Edges read it and hand the instant down; nothing below an edge asks for the time.

A process of a deployment without real people may be ahead of its time, to rehearse what is to come (演练).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class _Clock:
    ahead: timedelta = timedelta()


_clock = _Clock()


def now() -> datetime:
    """The present instant, aware, in UTC, with microseconds."""
    return datetime.now(UTC) + _clock.ahead  # noqa: TID251 - this is the one place


def run_ahead(by: timedelta) -> None:
    """Let the clock of this process be ahead by so much; once, before anybody asks it."""
    _clock.ahead = by
