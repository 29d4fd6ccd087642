"""Until when the province answers (答复期限): a number of working days after what was handed over to it.

Nothing of this is stored, for an announcement may still move a working day: whoever asks gets it by the
calendar that is known then. The day of handing over is not counted.
"""

from dataclasses import dataclass
from datetime import date, datetime

from shared.policy import workdays
from shared.policy.calendar import day_of, end_of_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How what was handed over stands as of an instant."""

    on: date | None = None
    """Last day of the term; None where there is none, or it is not known yet."""
    overdue: bool | None = False
    """None where it is not known yet."""
    not_announced: int | None = None
    """The year whose working days are not known yet."""


def due(submitted_at: datetime, days: int | None, now: datetime, tz: str) -> Due:
    """How a submission stands at `now`, by a term of so many working days, or by none."""
    if days is None:
        return Due()
    today = day_of(now, tz)
    try:
        last = workdays.due(day_of(submitted_at, tz), days)
    except workdays.NotAnnouncedError as error:
        overdue = None if today.year >= error.year else False
        return Due(overdue=overdue, not_announced=error.year)
    return Due(on=last, overdue=today > last)


def overdue_before(now: datetime, days: int, tz: str) -> datetime:
    """What was handed over before this, and is not answered, is overdue at `now`.

    Raises:
        NotAnnouncedError: the working days of a year that the term lies in are not known.
    """
    return end_of_day(workdays.received_before(day_of(now, tz), days), tz)
