"""Claims (应得积分): what the rules grant on an object's state, before caps.

A claim is dated at the act that completes its condition; no claim is dated before the founding of what it
rests on. The author or host never counts as a participant of their own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from points.activities.domain.act import Deed, Moment
from points.activities.domain.objects import Group, State
from points.activities.domain.objects.content import Content
from points.activities.domain.objects.homework import Homework, Recommendation
from points.activities.domain.objects.resource import Resource, reached
from points.activities.domain.objects.session import Session
from points.activities.domain.objects.topic import Topic
from points.activities.domain.objects.workshop import Held, Workshop
from points.activities.domain.rulebook import Rulebook
from shared.policy.points import ActiveWorkshop, PointsRule

ClaimKey = tuple[str, str, str, int]
"""Ground, rule, teacher and year."""
Essence = tuple[str, str, str, int, Moment, int]
"""A claim without its basis."""


class Claim(NamedTuple):
    """What one rule grants one teacher on one ground in one year."""

    ground: str
    rule: str
    teacher: str
    year: int
    moment: Moment
    """The act that completes the condition."""
    asked: int
    basis: Mapping[str, Any]
    """Inputs and figures, for the answer to why."""

    @property
    def key(self) -> ClaimKey:
        """What there is at most one of."""
        return self[:4]

    @property
    def essence(self) -> Essence:
        """What two claims share that make no difference to what is posted."""
        return self[:6]


@dataclass(frozen=True, slots=True)
class _Granting:
    """Collects what rules grant: on one ground, under one rulebook."""

    ground: str
    book: Rulebook
    claims: list[Claim] = field(default_factory=list)

    def grant(self, rule: PointsRule, to: Deed, asked: int, basis: Mapping[str, Any]) -> None:
        """Claim points for a teacher at a moment, if rules were in force then."""
        moment, teacher = to
        year = self.book.year_in_force(moment.at)
        if year is not None:
            self.claims.append(Claim(self.ground, rule.id, teacher, year, moment, asked, basis))


def claims_on(subject: str, state: State, groups: Mapping[str, Group], book: Rulebook) -> list[Claim]:
    """Everything the rules grant on an object; `groups` are the states of the groups it belongs to."""
    granting = _Granting(subject, book)
    match state:
        case Topic():
            _on_topic(granting, state)
        case Resource():
            _on_resource(granting, state)
        case Content():
            _on_content(granting, state)
        case Session():
            _on_session(granting, state, groups)
        case Homework():
            _on_homework(granting, state, groups)
        case Workshop():
            _on_founding(granting, state)
            _on_featuring(granting, state)
            _on_activity(granting, state)
    return granting.claims


def _on_topic(granting: _Granting, topic: Topic) -> None:
    """GZ-BP-06, GZ-RP-02: so many distinct people besides the author have replied."""
    if topic.founding is None or len(topic.repliers) < granting.book.fewest_people:
        return
    founded, author = topic.founding
    people = sorted((moment, who) for who, moment in topic.repliers.items() if who != author)
    for rule in granting.book.discussed:
        if len(people) >= rule.min_people:
            counted = people[: rule.min_people]
            basis = {
                "people": rule.min_people,
                "min_people": rule.min_people,
                "who": [who for _, who in counted],
                "founded_at": founded.at,
            }
            granting.grant(rule, Deed(max(counted[-1][0], founded), author), rule.points, basis)


def _on_resource(granting: _Granting, resource: Resource) -> None:
    """GZ-RP-01: so many good ratings and so high a mean, at the first moment when both hold."""
    if resource.founding is None:
        return
    for rule in granting.book.rated:
        tally = reached(resource, rule)
        if tally is not None:
            basis = {
                "people": tally.people,
                "good": tally.good,
                "stars": tally.stars,
                "min_good": rule.min_good,
                "good_stars": rule.good_stars,
                "min_mean": rule.min_mean,
            }
            granting.grant(rule, Deed(tally.moment, resource.founding.teacher), rule.points, basis)


def _on_content(granting: _Granting, content: Content) -> None:
    """GZ-BP-04: the earliest share of a content; repeated content earns nothing."""
    if not content.shares:
        return
    first, resource = min((deed, resource) for resource, deed in content.shares.items())
    for rule in granting.book.shared:
        granting.grant(rule, first, rule.points, {"resource": resource})


def _on_session(granting: _Granting, session: Session, groups: Mapping[str, Group]) -> None:
    """GZ-BP-08, GZ-RP-05: a session of the workshop's host; those who joined it, once it has an outcome."""
    if session.founding is None:
        return
    home = groups[session.founding.workshop]
    assert isinstance(home, Workshop)
    if home.founding is None or home.founding.teacher != session.founding.teacher:
        return
    host = home.founding.teacher
    opened = max(session.founding.moment, home.founding.moment)
    for hosted in granting.book.hosted:
        basis = {"workshop": session.founding.workshop}
        granting.grant(hosted, Deed(opened, host), hosted.points, basis)
    joined = sorted((moment, who) for who, moment in session.joins.items() if who != host)
    for rule in granting.book.attended:
        if len(joined) < rule.min_people or not session.outcomes:
            continue
        outcome = min(session.outcomes.values())
        since = max(joined[rule.min_people - 1][0], outcome, opened)
        figures = {
            "people": rule.min_people,
            "min_people": rule.min_people,
            "outcome": outcome.id,
            "complete_at": since.at,
        }
        for moment, who in joined:
            granting.grant(rule, Deed(max(since, moment), who), rule.points, figures)


def _on_homework(granting: _Granting, homework: Homework, groups: Mapping[str, Group]) -> None:
    """GZ-RP-06: recommended by the host of the workshop, who is not the author; once for a homework."""
    valid = [found for given in homework.recommendations for found in _recommended(given, groups)]
    if not valid:
        return
    moment, given = min(valid)
    basis = {"workshop": given.workshop, "by": given.by}
    for rule in granting.book.recommended:
        granting.grant(rule, Deed(moment, given.teacher), rule.points, basis)


def _recommended(
    given: Recommendation, groups: Mapping[str, Group]
) -> Iterator[tuple[Moment, Recommendation]]:
    home = groups[given.workshop]
    assert isinstance(home, Workshop)
    if home.founding is not None and home.founding.teacher == given.by != given.teacher:
        yield max(given.moment, home.founding.moment), given


def _on_founding(granting: _Granting, workshop: Workshop) -> None:
    """GZ-BP-07: the application to found a workshop was approved."""
    if workshop.founding is None:
        return
    for rule in granting.book.founded:
        granting.grant(rule, workshop.founding, rule.points, {})


def _on_featuring(granting: _Granting, workshop: Workshop) -> None:
    """GZ-RP-09: put on the home page, once in its life; members who joined no later than that moment."""
    if workshop.founding is None or workshop.featured is None:
        return
    host, pinned = workshop.founding.teacher, workshop.featured
    since = max(pinned, workshop.founding.moment)
    members = {who: at for who, at in workshop.members.items() if who != host and at.at <= pinned.at}
    for rule in granting.book.featured:
        basis = {"featured_at": pinned.at, "members": len(members)}
        granting.grant(rule, Deed(since, host), rule.host, {**basis, "as": "host"})
        as_member = {**basis, "as": "member"}
        for who, joined in members.items():
            granting.grant(rule, Deed(max(since, joined), who), rule.member, as_member)


def _on_activity(granting: _Granting, workshop: Workshop) -> None:
    """GZ-RP-07: enough members and an outcome of that year; once a year."""
    if workshop.founding is None:
        return
    host = workshop.founding.teacher
    held = [session for session in workshop.sessions.values() if session.founding.teacher == host]
    joined = sorted((moment, who) for who, moment in workshop.members.items() if who != host)
    for rule in granting.book.active:
        if len(joined) < rule.min_people:
            continue
        for year in sorted({year for session in held for year in session.outcomes}):
            since = max(_first_outcome(held, year), joined[rule.min_people - 1][0], workshop.founding.moment)
            if granting.book.year_of(since.at) == year:
                _in_year(granting, rule, Deed(since, host), joined)


def _first_outcome(held: list[Held], year: int) -> Moment:
    """The first outcome of a year; none counts before the founding of its session."""
    return min(
        max(session.outcomes[year], session.founding.moment) for session in held if year in session.outcomes
    )


def _in_year(granting: _Granting, rule: ActiveWorkshop, host: Deed, joined: list[tuple[Moment, str]]) -> None:
    """Host and members at the moment when the condition was met; who joins later in that year, on joining."""
    year = granting.book.year_of(host.moment.at)
    basis = {
        "people": rule.min_people,
        "min_people": rule.min_people,
        "year": year,
        "complete_at": host.moment.at,
    }
    granting.grant(rule, host, rule.host, {**basis, "as": "host"})
    as_member = {**basis, "as": "member"}
    for moment, who in joined:
        since = max(host.moment, moment)
        if granting.book.year_of(since.at) == year:
            granting.grant(rule, Deed(since, who), rule.member, as_member)
