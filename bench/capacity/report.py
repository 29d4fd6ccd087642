"""The plans of all places as one table in Markdown, the same on a terminal and on the page."""

from collections.abc import Callable, Sequence
from math import isinf

from bench.capacity.measured import Measured
from bench.capacity.plan import MINUTES_AWAY, Plan
from bench.capacity.prices import Prices

MINUTE, HOUR, DAY = 60, 3600, 86_400


def lines(measured: Measured, plans: Sequence[Plan], prices: Prices | None) -> list[str]:
    """What was measured in a sentence, and a row for each thing that is asked of a place."""
    rows = _rows(measured)
    if prices is not None:
        rows[prices.says] = lambda plan: amount(prices.of(plan))
    return [
        f"| measured at {measured.commit}, {measured.taken_at:%Y-%m-%d} | "
        + " | ".join(plan.place.name for plan in plans)
        + " |",
        "|---" + "|--:" * len(plans) + "|",
        *(f"| {name} | " + " | ".join(map(told, plans)) + " |" for name, told in rows.items()),
    ]


def _rows(measured: Measured) -> dict[str, Callable[[Plan], str]]:
    away = {
        f"broker away {minutes} minutes in that hour: caught up after": lambda plan, place=place: time(
            plan.recoveries[place]
        )
        for place, minutes in enumerate(MINUTES_AWAY)
    }
    return {
        "teachers": lambda plan: amount(plan.place.teachers),
        "acts in a year": lambda plan: amount(plan.acts),
        "acts a second in the busiest hour": lambda plan: amount(plan.peak),
        f"machines of {measured.cores} cores, a database on each": lambda plan: amount(plan.machines),
        "servers of databases, with standbys": lambda plan: amount(plan.servers),
        "how busy each machine is in that hour": lambda plan: f"{100 * plan.utilisation:.0f} %",
        "acts left over to the next hour, at most": lambda plan: amount(plan.left_over),
        "a request of a batch: median, slowest in a hundred": lambda plan: (
            f"{time(plan.waiting.median / 1000)}, {time(plan.waiting.p99 / 1000)}"
        ),
        **away,
        "everyone is judged in": lambda plan: time(plan.judging),
        "hours has heard every verdict after": lambda plan: time(plan.hearing),
        "everyone has a certificate after": lambda plan: time(plan.issuing),
        "a year in the databases": lambda plan: size(plan.gigabytes),
        "of it the journal of points, once archived": lambda plan: size(plan.archived),
        "processes of the four services": lambda plan: amount(plan.copies),
        "core hours in a year, with standbys": lambda plan: amount(plan.core_hours),
        "on disk before a year is archived, with standbys": lambda plan: size(plan.stored),
    }


def amount(value: float) -> str:
    """A number with as many digits as mean something."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def time(seconds: float) -> str:
    """A length of time in the unit that people would use."""
    if isinf(seconds):
        return "never"
    for unit, length in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
        if seconds >= 2 * length:
            return (
                f"{seconds / length:,.0f} {unit}"
                if seconds >= 10 * length
                else f"{seconds / length:.1f} {unit}"
            )
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def size(gigabytes: float) -> str:
    """Bytes in the unit that people would use."""
    return f"{gigabytes / 1000:,.1f} TB" if gigabytes >= 1000 else f"{gigabytes:,.1f} GB"
