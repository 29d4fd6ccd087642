"""A shared resource (共享资源): who shared it first, and its ratings.

Ratings after the moment at which every rule on ratings has been met change nothing and are not kept. An
act that would change what lies before that moment asks for a refold: the whole resource from its acts.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from points.activities.domain.act import Act, Moment, content
from points.activities.domain.rulebook import Rulebook
from shared.policy.points import RatedResource


class Share(NamedTuple):
    """Who shared the resource, when, with which content."""

    moment: Moment
    teacher: str
    content: str


class Rating(NamedTuple):
    """One rating; a later one of the same person replaces it."""

    moment: Moment
    teacher: str
    stars: int


class Tally(NamedTuple):
    """Ratings at a moment: how many people, how many of them good, how many stars together."""

    moment: Moment
    people: int
    good: int
    stars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What has been said about one resource."""

    founding: Share | None = None
    ratings: tuple[Rating, ...] = ()
    """In order of occurrence, up to `settled`."""
    settled: Moment | None = None
    """The moment at which the last rule on ratings was met."""

    def rests_on(self, moment: Moment) -> bool:
        """Whether it may be another without the act of that moment."""
        rated = any(rating.moment == moment for rating in self.ratings)
        return rated or (self.founding is not None and moment == self.founding.moment)


def fold(resource: Resource, acts: Iterable[Act], book: Rulebook) -> Resource | None:
    """Add acts that name the resource, the same where they change nothing; None asks for a refold."""
    founding, settled = resource.founding, resource.settled
    ratings = list(resource.ratings)
    for act in acts:
        moment = act.moment
        if act.type == "resource.shared":
            share = Share(moment, act.teacher, content(act.text("content_hash")))
            founding = min(founding or share, share)
        elif settled is None or moment <= settled:
            rating = Rating(moment, act.teacher, int(act.object["stars"]))
            place = bisect_left(ratings, rating)
            if ratings[place : place + 1] != [rating]:
                ratings.insert(place, rating)
    if founding is resource.founding and len(ratings) == len(resource.ratings):
        return resource
    if settled is not None:
        return None
    return _settle(Resource(founding=founding, ratings=tuple(ratings)), book)


def _settle(resource: Resource, book: Rulebook) -> Resource:
    met = [reached(resource, rule) for rule in book.rated]
    moments = [tally.moment for tally in met if tally is not None]
    if not moments or len(moments) < len(met):
        return resource
    settled = max(moments)
    kept = tuple(rating for rating in resource.ratings if rating.moment <= settled)
    return Resource(founding=resource.founding, ratings=kept, settled=settled)


def reached(resource: Resource, rule: RatedResource) -> Tally | None:
    """The first moment since the founding at which both conditions of a rule hold.

    Ratings dated before the founding count. The mean is compared exactly, without dividing.
    """
    ratings = resource.ratings
    if len(ratings) < rule.min_good or sum(one.stars >= rule.good_stars for one in ratings) < rule.min_good:
        return None  # fewer than so many were ever given, by whomever
    for tally in _tallies(resource, rule.good_stars):
        if tally.good >= rule.min_good and tally.stars >= rule.min_mean * tally.people:
            return tally
    return None


def _tallies(resource: Resource, good_stars: int) -> Iterator[Tally]:
    """The ratings after each act, from the founding on; the sharer's own never count."""
    founding = resource.founding
    if founding is None:
        return
    given: dict[str, int] = {}
    good = stars = 0
    ratings = [rating for rating in resource.ratings if rating.teacher != founding.teacher]
    for step in sorted([Rating(founding.moment, "", 0), *ratings]):
        if step.teacher:
            before = given.get(step.teacher, 0)
            given[step.teacher] = step.stars
            good += (step.stars >= good_stars) - (before >= good_stars)
            stars += step.stars - before
        if step.moment >= founding.moment:
            yield Tally(step.moment, len(given), good, stars)
