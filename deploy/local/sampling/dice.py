"""Random choices that are the same under every version of Python.

Only `random()` of the standard generator is promised to stay; how its other methods use it is not.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A seeded source of choices."""

    def __init__(self, seed: int) -> None:
        self._source = random.Random(seed)  # noqa: S311 - invented data, not secrets

    def below(self, bound: int) -> int:
        """Return a whole number from 0 to `bound` - 1."""
        return int(self._source.random() * bound)

    def chance(self, percent: int) -> bool:
        """Return True in `percent` of 100 cases."""
        return self.below(100) < percent

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of them."""
        return choices[self.below(len(choices))]

    def several(self, choices: Sequence[T], count: int) -> list[T]:
        """Return `count` different ones in random order."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]

    def moment(self, first: datetime, last: datetime) -> datetime:
        """Return a minute between 08:00 and 22:00 on a day from `first` to `last`."""
        days = (last.date() - first.date()).days
        day = datetime.combine(first.date(), datetime.min.time(), first.tzinfo)
        return day + timedelta(days=self.below(days + 1), minutes=480 + self.below(840))
