"""Which years of a teacher take no more registrations (关账), and which an authority opened again (重开)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

NOBODY_OPENED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A teacher's closed years. It contains a year that takes no registration now."""

    closed: Collection[int]
    reopened: Mapping[int, str]
    """By year the entry of the reopening that holds today."""

    def __contains__(self, year: int) -> bool:
        return year in self.closed and year not in self.reopened

    def opened_by(self, year: int) -> str:
        """The entry without which the year would take nothing; empty where it is open by itself."""
        return self.reopened.get(year, NOBODY_OPENED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """A year of one teacher is to take registrations again, up to a day."""

    teacher: str
    year: int
    until: date
    """The last day, in the time zone of the rules."""
    reason: str
    by: str
    """Who orders it, such as `city:P11`."""
    at: datetime
