"""Working days (工作日) by the official calendar of the State Council, with its make-up days (调休).

The year's announcement says which weekdays are free and which Saturdays and Sundays are worked instead;
`chinese_calendar` carries it. A year that was not announced there is refused, never guessed. Of any two of
day of receipt, number of days and last day of a term, each function gives the third.
"""

from datetime import date, timedelta

import chinese_calendar

_DAY = timedelta(days=1)


class NotAnnouncedError(LookupError):
    """The official working calendar (节假日安排) of `year` is not known yet."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the official working calendar of {year} is not known")
        self.year = year


def works(day: date) -> bool:
    """Whether `day` is worked in China, make-up weekends included.

    Raises:
        NotAnnouncedError: its year has not been announced.

    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise NotAnnouncedError(day.year) from error


def due(received: date, days: int) -> date:
    """The last day of a term: the `days`-th working day after `received`, which is not counted itself.

    Raises:
        NotAnnouncedError: the term reaches into a year that has not been announced.

    """
    assert days >= 1, "a term has at least one day"
    day = received
    while days:
        day += _DAY
        days -= works(day)
    return day


def count(received: date, day: date) -> int:
    """How many working days have begun after `received`, up to `day` and with it.

    Raises:
        NotAnnouncedError: a year between them has not been announced.

    """
    return sum(works(received + step * _DAY) for step in range(1, (day - received).days + 1))


def received_before(day: date, days: int) -> date:
    """The last day of receipt whose term of `days` working days was over before `day`.

    Raises:
        NotAnnouncedError: a year that the term lies in has not been announced.

    """
    assert days >= 1, "a term has at least one day"
    received = day - _DAY
    while days:
        days -= works(received)
        received -= _DAY
    return received
