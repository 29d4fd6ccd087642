"""Terms of courses (期限): when a step is due, whether it is late as of a day, and what is late on a day.

Nothing here is stored, for an announcement may still move a working day: whoever asks gets it by the calendar
that is known then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.policy import workdays
from shared.policy.calendar import months_after
from shared.policy.courses import Renewal, WorkingDays
from shared.policy.pack import Pack
from shared.policy.workdays import NotAnnouncedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a step stands as of a day."""

    received_on: date
    due_on: date | None = None
    """Last day of the term; None where there is none, or it is not known yet."""
    used: int | None = None
    """How many of its working days have begun; None where the term has none, or they are not known yet."""
    overdue: bool | None = False
    """None where it is not known yet."""
    not_announced: int | None = None
    """The year whose working days are not known yet."""


def clock(pack: Pack, term: str | None, received_on: date, day: date) -> Clock:
    """How a step stands as of `day`, by the term of a rule."""
    match pack.lookup(term) if term else None:
        case WorkingDays(days=days):
            return _in_working_days(days, received_on, day)
        case Renewal(latest=years):
            due = months_after(received_on, 12 * years)
            return Clock(received_on=received_on, due_on=due, overdue=day > due)
        case _:
            return Clock(received_on=received_on)


def _in_working_days(days: int, received_on: date, day: date) -> Clock:
    try:
        due = workdays.due(received_on, days)
    except NotAnnouncedError as error:
        overdue = None if day.year >= error.year else False
        return Clock(received_on=received_on, overdue=overdue, not_announced=error.year)
    used = workdays.count(received_on, min(day, due))
    return Clock(received_on=received_on, due_on=due, used=used, overdue=day > due)


def late(pack: Pack, day: date) -> Mapping[str, date]:
    """For each term the last day of receipt that makes a step late on `day`.

    Raises:
        NotAnnouncedError: the working days before `day` are not known yet.
    """
    terms = {rule.id: workdays.received_before(day, rule.days) for rule in pack.terms}
    return terms | {rule.id: _years_before(day, rule.latest) for rule in pack.renewals}


def _years_before(day: date, years: int) -> date:
    received = months_after(day, -12 * years)
    while months_after(received, 12 * years) >= day:
        received -= timedelta(days=1)
    return received


def is_open(pack: Pack, rule: str, renewal: Clock) -> bool:
    """Whether teachers may enrol in a listed course, by the clock of its renewal and a rule that blocks."""
    renewals = {way.renewal for way in pack.courses if way.id == rule}
    blocks = any(one.blocks_enrolment for one in pack.renewals if one.id in renewals)
    return not (blocks and renewal.overdue)
