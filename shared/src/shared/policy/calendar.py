"""Calendar of a rule pack (日历): which year and day an instant belongs to, and when they end.

Everything is a pure function of its arguments. A day begins and ends at midnight in the pack's time zone,
so 31 December ends at 24:00 China time and not at 24:00 UTC. Ends are exclusive: the first instant that
does not belong any more. Instants are aware; results are in UTC.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

CHINA = "Asia/Shanghai"
REMEMBERED = 65_536
"""Instants whose day is not computed again."""


@lru_cache(maxsize=REMEMBERED)
def day_of(instant: datetime, tz: str = CHINA) -> date:
    """Return the day to which `instant` belongs."""
    assert instant.tzinfo is not None, "an instant without an offset has no day"
    return instant.astimezone(ZoneInfo(tz)).date()


def year_of(instant: datetime, tz: str = CHINA) -> int:
    """Return the calendar year to which `instant` belongs (自然年度)."""
    return day_of(instant, tz).year


def start_of_day(day: date, tz: str = CHINA) -> datetime:
    """Return the first instant of `day`; where a clock change skips midnight, the moment of the change."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz)).astimezone(UTC)


def end_of_day(day: date, tz: str = CHINA) -> datetime:
    """Return the exclusive end of `day`, which is the start of the next."""
    return start_of_day(day + timedelta(days=1), tz)


def start_of_year(year: int, tz: str = CHINA) -> datetime:
    """Return the first instant of `year`."""
    return start_of_day(date(year, 1, 1), tz)


def end_of_year(year: int, tz: str = CHINA) -> datetime:
    """Return the exclusive end of `year`, which is the start of the next."""
    return start_of_year(year + 1, tz)


def months_after(day: date, months: int) -> date:
    """Return the same day of the month `months` later; where that month is too short, its last day.

    31 August and six months give 28 (or 29) February, 29 February and twelve months give 28 February.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_after_day(instant: datetime, months: int, tz: str = CHINA) -> datetime:
    """Return the exclusive end of the day that lies `months` months after the day of `instant`."""
    return end_of_day(months_after(day_of(instant, tz), months), tz)


def months_before(day: date, months: int) -> date:
    """Return the day that lies `months` months before `day`: the last one that keeps such a term.

    A month before 31 March is 28 (or 29) February.
    """
    return months_after(day, -months)
