"""A run as of a day that is still to come (演练): by how much its clock is ahead, kept in its state.

A folder of data may name the day in `rehearsal.toml`, which a person's `TODAY=` goes before. From that day's
first instant the clock goes on, also when the same state is run again later.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from deploy.local.intake import FolderError
from shared.policy.calendar import start_of_day

FILE = "rehearsal.toml"
"""In a folder of data: `today`, a date."""
KEPT = "ahead"
"""In a state: so many seconds."""


def day(environment: Mapping[str, str], data: Path) -> date | None:
    """The day as of which is run; None: as of today.

    Raises: FolderError where it is no date.
    """
    said = environment.get("TODAY")
    try:
        if said:
            return date.fromisoformat(said)
        file = data / FILE
        named = tomllib.loads(file.read_text(encoding="utf-8"))["today"] if file.is_file() else None
    except (ValueError, KeyError) as error:
        raise FolderError(f"TODAY={said}: {error}" if said else f"{data / FILE}: {error}") from None
    if named is not None and not (isinstance(named, date) and not isinstance(named, datetime)):
        raise FolderError(f"{data / FILE}: today is not a date.")
    return named


def begin(state: Path, today: date | None, tz: str, now: datetime) -> timedelta:
    """By how much the clock of a state is ahead; what it began with is kept.

    Raises: FolderError where the day is over: what is behind us is not rehearsed.
    """
    if today is None:
        return timedelta()
    if known := kept(state):
        return known
    ahead = timedelta(seconds=(start_of_day(today, tz) - now) // timedelta(seconds=1))
    if ahead <= timedelta():
        raise FolderError(f"TODAY={today} has begun: name a day that is to come.")
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    (state / KEPT).write_text(f"{ahead // timedelta(seconds=1)}")
    return ahead


def kept(state: Path) -> timedelta:
    """By how much the clock of a state is ahead that was run before; nothing where it is that of today."""
    try:
        return timedelta(seconds=int((state / KEPT).read_text()))
    except FileNotFoundError:
        return timedelta()
