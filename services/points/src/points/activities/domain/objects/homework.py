"""A homework (研修作业) and who recommended it, for whom, in which workshop.

All recommendations are kept: which of them is the host's is known to the workshops only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from points.activities.domain.act import Act, Moment
from points.activities.domain.rulebook import Rulebook


class Recommendation(NamedTuple):
    """One recommendation: the homework's author, the workshop, and who recommended it."""

    moment: Moment
    teacher: str
    workshop: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Homework:
    """What has been said about one homework."""

    recommendations: tuple[Recommendation, ...] = ()
    """In order of occurrence; of the same author, workshop and recommender the earliest."""

    def rests_on(self, moment: Moment) -> bool:
        """Whether it would be another without the act of that moment."""
        return any(given.moment == moment for given in self.recommendations)


def fold(homework: Homework, acts: Iterable[Act], _book: Rulebook) -> Homework:
    """Add acts that name the homework."""
    earliest = {given[1:]: given for given in homework.recommendations}
    for act in acts:
        given = Recommendation(act.moment, act.teacher, act.named("workshop"), act.text("by"))
        earliest[given[1:]] = min(earliest.get(given[1:], given), given)
    return Homework(recommendations=tuple(sorted(earliest.values())))
