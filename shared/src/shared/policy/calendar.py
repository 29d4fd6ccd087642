"""Calendar of a rule pack (日历): which year and day an instant belongs to, and when they end.

Everything is a pure function of its arguments. A day begins and ends at midnight in the pack's time zone,
so 31 December ends at 24:00 China time and not at 24:00 UTC. A year is a calendar year (自然年) unless the
pack lets it begin on another day, as a school year does (学年); it is called by the year in which it begins.
Ends are exclusive: the first instant that does not belong any more. Instants are aware; results are in UTC.
"""

from calendar import monthrange
from dataclasses import dataclass
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


def start_of_day(day: date, tz: str = CHINA) -> datetime:
    """Return the first instant of `day`; where a clock change skips midnight, the moment of the change."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tz)).astimezone(UTC)


def end_of_day(day: date, tz: str = CHINA) -> datetime:
    """Return the exclusive end of `day`, which is the start of the next."""
    return start_of_day(day + timedelta(days=1), tz)


@dataclass(frozen=True, slots=True)
class Years:
    """The years of a jurisdiction (年度): the month and day on which each begins, in a time zone."""

    month: int = 1
    day: int = 1
    tz: str = CHINA

    @property
    def are_calendar_years(self) -> bool:
        """Whether a year is a calendar year, and lies in no two of them."""
        return (self.month, self.day) == (1, 1)

    def of_day(self, day: date) -> int:
        """Return the year to which `day` belongs."""
        return day.year - ((day.month, day.day) < (self.month, self.day))

    def of(self, instant: datetime) -> int:
        """Return the year to which `instant` belongs."""
        return self.of_day(day_of(instant, self.tz))

    def first_day(self, year: int) -> date:
        """Return the day with which `year` begins."""
        return date(year, self.month, self.day)

    def last_day(self, year: int) -> date:
        """Return the day with which `year` ends."""
        return self.first_day(year + 1) - timedelta(days=1)

    def called(self, first: int, last: int) -> tuple[int, ...]:
        """Return the calendar years by which people call years: one, or those of first and last day."""
        end = self.last_day(last).year
        return (first,) if first == end else (first, end)

    def start(self, year: int) -> datetime:
        """Return the first instant of `year`."""
        return start_of_day(self.first_day(year), self.tz)

    def end(self, year: int) -> datetime:
        """Return the exclusive end of `year`, which is the start of the next."""
        return self.start(year + 1)


CALENDAR_YEARS = Years()


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
