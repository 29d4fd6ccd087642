"""When acts come: a year of hours with its holidays, weekdays, evenings and the last week of December."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bench.capacity.assumptions import HOURS, MONTHS, WEEKDAYS, Assumptions

YEAR = 2025
"""The year whose weekdays are taken; any other would do."""
DEADLINE = date(YEAR, 12, 25)
"""From here on everybody hurries: what was not exchanged by the end of the year is gone."""


def arrivals(teachers: int, assumed: Assumptions) -> list[float]:
    """Acts in each hour of the year. The same for the same seed; their sum is what all teachers do."""
    dice = random.Random(assumed.seed)  # noqa: S311 - an invented year, not a secret
    weights = [
        (day, MONTHS[day.month] * WEEKDAYS[day.weekday()] * max(0.0, dice.gauss(1, assumed.unevenness)))
        for day in _days()
    ]
    total = teachers * assumed.acts
    hurry, calm = total * assumed.hurry, total * (1 - assumed.hurry)
    in_hurry = sum(weight for day, weight in weights if day >= DEADLINE)
    before = sum(weight for day, weight in weights if day < DEADLINE)
    hours = sum(HOURS)
    return [
        weight * (hurry / in_hurry if day >= DEADLINE else calm / before) * hour / hours
        for day, weight in weights
        for hour in HOURS
    ]


def busiest(acts: Sequence[float]) -> float:
    """Acts a second in the busiest hour."""
    return max(acts) / 3600


def _days() -> Iterator[date]:
    day = date(YEAR, 1, 1)
    while day.year == YEAR:
        yield day
        day += timedelta(days=1)
