"""A session (研修活动环节): who created it in which workshop, who joined, its first outcome of each year.

Whether it counts depends on the workshop: only its host creates sessions that do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from points.activities.domain.act import Act, Moment
from points.activities.domain.rulebook import Rulebook


class Creation(NamedTuple):
    """Who created the session, when, in which workshop."""

    moment: Moment
    teacher: str
    workshop: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What has been said about one session."""

    founding: Creation | None = None
    joins: Mapping[str, Moment] = field(default_factory=dict)
    """The first joining of each teacher."""
    outcomes: Mapping[int, Moment] = field(default_factory=dict)
    """The first outcome of each year, whoever handed it in."""

    def rests_on(self, moment: Moment) -> bool:
        """Whether it would be another without the act of that moment."""
        told = moment in self.joins.values() or moment in self.outcomes.values()
        return told or (self.founding is not None and moment == self.founding.moment)


def fold(session: Session, acts: Iterable[Act], book: Rulebook) -> Session:
    """Add acts that name the session."""
    founding, joins, outcomes = session.founding, dict(session.joins), dict(session.outcomes)
    for act in acts:
        if act.type == "session.created":
            creation = Creation(act.moment, act.teacher, act.named("workshop"))
            founding = min(founding or creation, creation)
        elif act.type == "session.joined":
            joins[act.teacher] = min(joins.get(act.teacher, act.moment), act.moment)
        else:
            year = book.year_of(act.occurred_at)
            outcomes[year] = min(outcomes.get(year, act.moment), act.moment)
    return Session(founding=founding, joins=joins, outcomes=outcomes)
