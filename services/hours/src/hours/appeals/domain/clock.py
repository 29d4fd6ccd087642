"""The clock of an appeal (申诉期限): until when it is taken, and by which day it is answered.

The day on which a term begins is not counted. Nothing happens by itself when one runs out: an appeal that is
answered late is answered all the same.
"""

from datetime import date, datetime, timedelta

from shared.policy import workdays
from shared.policy.calendar import day_of, end_of_day


def last_day(decided: datetime, days: int, tz: str) -> date:
    """The last day on which an appeal against what was decided then is taken."""
    return day_of(decided, tz) + timedelta(days=days)


def due(filed: datetime, days: int, tz: str) -> date | None:
    """The day by which an appeal is to be answered; None while the working days up to it are not known."""
    try:
        return workdays.due(day_of(filed, tz), days)
    except workdays.NotAnnouncedError:
        return None


def overdue_before(instant: datetime, days: int, tz: str) -> datetime:
    """Appeals filed before this are overdue at `instant`, unless they were answered by then.

    Raises:
        NotAnnouncedError: the working days of a year that the term lies in are not known.

    """
    return end_of_day(workdays.received_before(day_of(instant, tz), days), tz)
