"""Practice in enterprises (企业实践): working days of a year, calendar days of one of some windows of years.

A day counts once, however many stays it lies in; a stay counts in each year by the days that lie in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from hours.obligations.domain.standing import Activity, Check, Days, Standing, When, altogether, reached
from shared.policy.obligations import EnterprisePractice
from shared.policy.workdays import NotAnnouncedError, works

_DAY = timedelta(days=1)


def assess_practice(rule: EnterprisePractice, activities: Sequence[Activity], when: When) -> Standing:
    """The year by itself, and the windows that end with it; what lies after the day does not count yet."""
    over = when.has_passed(when.whole.last)
    stays = [one.days for one in activities]
    checks = [*_yearly(rule, stays, when, over=over), *_windows(rule, stays, when, over=over)]
    seen = [check.days.until(when.on) for check in checks if check.days is not None]
    counting = [
        one.record for one in activities if any(days and one.days.within(days) is not None for days in seen)
    ]
    is_untold = any(check.counted is None for check in checks)
    return Standing(
        obligation=rule,
        when=when,
        checks=checks,
        state=altogether(checks),
        reason="calendar.not_announced" if is_untold else "",
        records=counting,
    )


def days_of(stays: Iterable[Days], within: Days | None) -> set[date]:
    """Every day of some stays that lies within others."""
    if within is None:
        return set()
    both = (shared for stay in stays if (shared := stay.within(within)) is not None)
    return {one.first + step * _DAY for one in both for step in range((one.last - one.first).days + 1)}


def _yearly(rule: EnterprisePractice, stays: Sequence[Days], when: When, *, over: bool) -> Iterator[Check]:
    if rule.weeks is None or rule.week_days is None:
        return
    required = Decimal(rule.weeks * rule.week_days)
    worked = _worked(days_of(stays, when.whole.until(when.on)))
    yield Check(
        name="yearly",
        unit="working_days",
        days=when.whole,
        counted=worked,
        required=required,
        state="unknown" if worked is None else reached(worked, required, over=over),
    )


def _worked(days: Iterable[date]) -> Decimal | None:
    """How many days are worked; None while the official calendar of theirs is not announced."""
    try:
        return Decimal(sum(works(day) for day in days))
    except NotAnnouncedError:
        return None


def _windows(rule: EnterprisePractice, stays: Sequence[Days], when: When, *, over: bool) -> Iterator[Check]:
    for window in rule.windows if rule.month_days is not None else ():
        days = when.span(when.year - window.years + 1, when.year)
        required = Decimal(window.months * (rule.month_days or 0))
        counted = Decimal(len(days_of(stays, days.until(when.on))))
        yield Check(
            name="window",
            unit="days",
            days=days,
            counted=counted,
            required=required,
            state=reached(counted, required, over=over),
            is_alternative=True,
        )
