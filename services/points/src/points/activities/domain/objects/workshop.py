"""A workshop (研修工作坊): its host (坊主), its members, its featuring (置顶), and what its sessions came to.

Sessions are things of their own; the workshop keeps of each what it needs to judge its activity.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from points.activities.domain.act import Act, Deed, Moment
from points.activities.domain.objects.session import Session
from points.activities.domain.rulebook import Rulebook


class Held(NamedTuple):
    """A session as its workshop sees it."""

    founding: Deed
    outcomes: Mapping[int, Moment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What has been said about one workshop."""

    founding: Deed | None = None
    members: Mapping[str, Moment] = field(default_factory=dict)
    """The first joining of each teacher."""
    featured: Moment | None = None
    sessions: Mapping[str, Held] = field(default_factory=dict)

    def rests_on(self, moment: Moment) -> bool:
        """Whether it would be another without the act of that moment, which names the workshop itself."""
        told = moment in self.members.values() or moment == self.featured
        return told or (self.founding is not None and moment == self.founding.moment)


def fold(workshop: Workshop, acts: Iterable[Act], _book: Rulebook) -> Workshop:
    """Add acts that name the workshop itself."""
    founding, members, featured = workshop.founding, dict(workshop.members), workshop.featured
    for act in acts:
        if act.type == "workshop.founded":
            founding = min(founding or act.deed, act.deed)
        elif act.type == "workshop.joined":
            members[act.teacher] = min(members.get(act.teacher, act.moment), act.moment)
        else:
            featured = min(featured or act.moment, act.moment)
    return replace(workshop, founding=founding, members=members, featured=featured)


def see(workshop: Workshop, subject: str, sessions: Mapping[str, Session]) -> Workshop:
    """Take over sessions as they are now; those that belong elsewhere are dropped."""
    held = dict(workshop.sessions)
    for name, session in sessions.items():
        if session.founding is not None and session.founding.workshop == subject:
            held[name] = Held(Deed(session.founding.moment, session.founding.teacher), session.outcomes)
        else:
            held.pop(name, None)
    return replace(workshop, sessions=held)
