"""Progress (进度): how far an object is under each rule that judges it, and what is still missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from points.activities.domain.objects import Group, State
from points.activities.domain.objects.resource import Resource, reached
from points.activities.domain.objects.session import Session
from points.activities.domain.objects.topic import Topic
from points.activities.domain.objects.workshop import Workshop
from points.activities.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One rule on one object."""

    rule: str
    have: Mapping[str, Any]
    missing: Mapping[str, Any]
    """What the rule still asks for; empty where its condition is met."""


def progress(state: State, groups: Mapping[str, Group], book: Rulebook) -> list[Progress]:
    """How far an object is under the rules that count people, ratings or outcomes."""
    match state:
        case Topic():
            return list(_topic(state, book))
        case Resource():
            return list(_resource(state, book))
        case Session():
            return list(_session(state, groups, book))
        case Workshop():
            return list(_workshop(state, book))
        case _:
            return []


def _missing(**wanted: tuple[int, int]) -> dict[str, int]:
    return {name: need - have for name, (have, need) in wanted.items() if have < need}


def _topic(topic: Topic, book: Rulebook) -> Iterator[Progress]:
    author = None if topic.founding is None else topic.founding.teacher
    people = len([who for who in topic.repliers if who != author])
    for rule in book.discussed:
        have = min(people, rule.min_people)
        missing = _missing(people=(have, rule.min_people), founding=(int(author is not None), 1))
        yield Progress(rule=rule.id, have={"people": have}, missing=missing)


def _resource(resource: Resource, book: Rulebook) -> Iterator[Progress]:
    sharer = None if resource.founding is None else resource.founding.teacher
    last = {given.teacher: given.stars for given in resource.ratings if given.teacher != sharer}
    for rule in book.rated:
        good = sum(stars >= rule.good_stars for stars in last.values())
        have = {"people": len(last), "good": good, "stars": sum(last.values())}
        if reached(resource, rule) is not None:
            yield Progress(rule=rule.id, have=have, missing={})
            continue
        missing = _missing(good=(good, rule.min_good), founding=(int(sharer is not None), 1))
        if sum(last.values()) < rule.min_mean * len(last):
            missing["stars"] = -int((sum(last.values()) - rule.min_mean * len(last)) // 1)
        yield Progress(rule=rule.id, have=have, missing=missing)


def _session(session: Session, groups: Mapping[str, Group], book: Rulebook) -> Iterator[Progress]:
    home = None if session.founding is None else groups.get(session.founding.workshop)
    host = home.founding.teacher if isinstance(home, Workshop) and home.founding is not None else None
    counts = host is not None and session.founding is not None and session.founding.teacher == host
    people = len([who for who in session.joins if who != host])
    for rule in book.attended:
        missing = _missing(
            people=(people, rule.min_people),
            outcomes=(int(bool(session.outcomes)), 1),
            host=(int(counts), 1),
        )
        have = {"people": people, "outcomes": int(bool(session.outcomes))}
        yield Progress(rule=rule.id, have=have, missing=missing)


def _workshop(workshop: Workshop, book: Rulebook) -> Iterator[Progress]:
    host = None if workshop.founding is None else workshop.founding.teacher
    people = len([who for who in workshop.members if who != host])
    years = {
        year
        for session in workshop.sessions.values()
        if session.founding.teacher == host
        for year in session.outcomes
    }
    for rule in book.active:
        missing = _missing(
            people=(people, rule.min_people),
            outcomes=(int(bool(years)), 1),
            founding=(int(host is not None), 1),
        )
        yield Progress(
            rule=rule.id, have={"people": people, "years_with_outcome": sorted(years)}, missing=missing
        )
    for featured in book.featured:
        have = {"featured": int(workshop.featured is not None)}
        yield Progress(rule=featured.id, have=have, missing=_missing(featured=(have["featured"], 1)))
