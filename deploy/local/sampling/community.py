"""A year in the research community: topics, resources, workshops, sessions, homework, withdrawals.

The scenes are written so that every rule on points is met, missed by one, and cut by its cap somewhere.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from deploy.local.sampling.dice import Dice
from deploy.local.sampling.feed import Feed, on

VISITOR = "T9001"
"""Earns points, but is on no roster: an exchange of theirs is refused by the hours service."""


class Community:
    """Writes the scenes into a feed; `people` are the teachers who take part."""

    def __init__(self, dice: Dice, people: Sequence[str]) -> None:
        self.dice = dice
        self.feed = Feed(dice)
        self.people = list(people)
        self.topics = 0
        self.resources = 0

    def others(self, count: int, *without: str) -> list[str]:
        """Return `count` different teachers beside those named."""
        return self.dice.several([p for p in self.people if p not in without], count)

    def author_of(self, activity: str) -> str:
        """Return who did an act."""
        return next(str(one["teacher"]) for one in self.feed.activities() if one["id"] == activity)

    def sharing_of(self, resource: str) -> str:
        """Return the id of the act that shared a resource."""
        return self._acts_on("resource.shared", "resource", resource)[0]

    def ratings_of(self, resource: str) -> list[str]:
        """Return the ids of the ratings of a resource."""
        return self._acts_on("resource.rated", "resource", resource)

    def _acts_on(self, kind: str, noun: str, name: str) -> list[str]:
        acts = [one for one in self.feed.activities() if one["type"] == kind and one["object"][noun] == name]
        return list(dict.fromkeys(str(one["id"]) for one in acts))

    # -- topics ----------------------------------------------------------------------------------------------

    def topic(
        self, author: str, month: int, repliers: Sequence[str], *, late: int | None = None
    ) -> list[str]:
        """A topic and one reply each; return the ids of the replies."""
        self.topics += 1
        name = {"topic": f"topic-{self.topics:02}"}
        started = self.dice.moment(on(month, 1), on(month, 20))
        self.feed.act("topic.started", author, started, name, late=late)
        at = started
        replies = []
        for teacher in repliers:
            at += timedelta(minutes=5 + self.dice.below(400))
            replies.append(self.feed.act("topic.replied", teacher, at, name))
        return replies

    # -- resources -------------------------------------------------------------------------------------------

    def resource(self, sharer: str, month: int, *, content: str = "", late: int | None = None) -> str:
        """A shared resource; return its name. `content` tells copies of the same apart from new work."""
        self.resources += 1
        name = f"resource-{self.resources:02}"
        digest = hashlib.sha256((content or name).encode()).hexdigest()
        at = self.dice.moment(on(month, 1), on(month, 25))
        self.feed.act("resource.shared", sharer, at, {"resource": name, "content_hash": digest}, late=late)
        return name

    def ratings(self, resource: str, month: int, stars: Sequence[int], raters: Sequence[str]) -> None:
        """One rating each, in this order."""
        at = on(month, 2, "09:00")
        for given, rater in zip(stars, raters, strict=True):
            at += timedelta(minutes=30 + self.dice.below(600))
            self.feed.act("resource.rated", rater, at, {"resource": resource, "stars": given})

    # -- workshops -------------------------------------------------------------------------------------------

    def workshop(self, name: str, host: str, founded: datetime, members: Sequence[str]) -> None:
        """A workshop and those who join it in its first weeks."""
        self.feed.act("workshop.founded", host, founded, {"workshop": name})
        for member in members:
            joined = self.dice.moment(founded + timedelta(days=1), founded + timedelta(days=25))
            self.feed.act("workshop.joined", member, joined, {"workshop": name})

    def session(
        self, workshop: str, host: str, at: datetime, joiners: Sequence[str], outcomes: Sequence[str] = ()
    ) -> None:
        """A session of a workshop, who takes part, and who hands in material afterwards."""
        name = f"{workshop}-{at:%m%d}"
        self.feed.act("session.created", host, at, {"workshop": workshop, "session": name})
        begin = at + timedelta(days=2)
        for place, teacher in enumerate(joiners):
            self.feed.act("session.joined", teacher, begin + timedelta(minutes=place), {"session": name})
        for teacher in outcomes:
            handed_in = self.dice.moment(begin + timedelta(days=1), begin + timedelta(days=7))
            thing = {"session": name, "outcome": f"{name}-{teacher}"}
            self.feed.act("session.outcome", teacher, handed_in, thing)

    def homework(self, author: str, workshop: str, by: str, at: datetime, name: str = "") -> None:
        """A homework that `by` recommends."""
        thing = {"homework": name or f"{workshop}-{author}", "workshop": workshop, "by": by}
        self.feed.act("homework.recommended", author, at, thing)

    def withdraw(self, teacher: str, activity: str, reason: str, at: datetime, *, late: int = 0) -> None:
        """A ruling that takes an act back."""
        thing = {"activity": activity, "reason": reason}
        self.feed.act("activity.withdrawn", teacher, at, thing, late=late)
