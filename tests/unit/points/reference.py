"""A second, deliberately naive reading of the points rules, to hold the first one to.

It shares no code with the folds: the standing acts are put in order and read one by one, and after each
of them every rule is asked of everything read so far. What a rule grants then, and had not granted
before, is dated at the act just read. It is slow on purpose and fit for small sets only.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from points.activities.domain.act import Act
from shared.policy.calendar import CALENDAR_YEARS
from shared.policy.pack import Pack
from shared.policy.points import (
    ActiveWorkshop,
    AttendedSession,
    DiscussedTopic,
    FeaturedWorkshop,
    FoundedWorkshop,
    HostedSession,
    RatedResource,
    RecommendedHomework,
    SharedContent,
)


class Award(NamedTuple):
    """What stands at the end."""

    teacher: str
    rule: str
    year: int
    source: str
    act: str
    asked: int
    points: int


Due = tuple[str, str, int]
"""What a rule holds to be due: the ground (whatever names it once), the teacher, the points."""


def awards(acts: Iterable[Act], pack: Pack) -> list[Award]:
    """Everything that a set of acts has earned, in order."""
    found: list[Award] = []
    granted: set[tuple[str, str, str]] = set()
    used: dict[tuple[str, str, int], int] = {}
    read: list[Act] = []
    for act in standing(acts):
        read.append(act)
        now = CALENDAR_YEARS.of(act.occurred_at)
        due = [
            (rule, *found) for rule in pack.points for found in sorted(_RULES[type(rule)](rule, read, now))
        ]
        for rule, ground, teacher, asked in due:
            once = (rule.id, ground, "" if isinstance(rule, RecommendedHomework) else teacher)
            if once in granted:
                continue
            granted.add(once)
            before = used.get((teacher, rule.id, now), 0)
            points = asked if rule.cap is None else max(0, min(asked, rule.cap - before))
            used[teacher, rule.id, now] = before + points
            found.append(Award(teacher, rule.id, now, act.source, act.id, asked, points))
    return sorted(found)


def standing(acts: Iterable[Act]) -> list[Act]:
    """Acts that no withdrawal names, each once, in order of occurrence."""
    once = {(act.source, act.id): act for act in acts}
    struck = {
        (act.source, act.object["activity"]) for act in once.values() if act.type == "activity.withdrawn"
    }
    left = [act for key, act in once.items() if act.type != "activity.withdrawn" and key not in struck]
    return sorted(left, key=lambda act: (act.occurred_at, act.source, act.id))


def _founded(rule: FoundedWorkshop, read: list[Act], _now: int) -> Iterator[Due]:
    for place, act in _founders(read, "workshop.founded", "workshop").items():
        yield f"{place}", act.teacher, rule.points


def _hosted(rule: HostedSession, read: list[Act], _now: int) -> Iterator[Due]:
    for place, act in _sessions(read).items():
        yield f"{place}", act.teacher, rule.points


def _founders(read: list[Act], type_: str, kind: str) -> dict[tuple[str, str], Act]:
    """The first act of a type for each name that it gives."""
    first: dict[tuple[str, str], Act] = {}
    for act in read:
        if act.type == type_:
            first.setdefault((act.source, str(act.object[kind])), act)
    return first


def _about(read: list[Act], type_: str, kind: str, place: tuple[str, str]) -> list[Act]:
    return [act for act in read if act.type == type_ and (act.source, act.object[kind]) == place]


def _sessions(read: list[Act]) -> dict[tuple[str, str], Act]:
    """Sessions that count: those that the host of their workshop created."""
    hosts = _founders(read, "workshop.founded", "workshop")
    return {
        place: act
        for place, act in _founders(read, "session.created", "session").items()
        if (home := hosts.get((act.source, str(act.object["workshop"])))) and home.teacher == act.teacher
    }


def _shared(rule: SharedContent, read: list[Act], _now: int) -> Iterator[Due]:
    seen: set[str] = set()
    for act in _founders(read, "resource.shared", "resource").values():
        name = str(act.object["content_hash"])
        if name not in seen:
            seen.add(name)
            yield name, act.teacher, rule.points


def _rated(rule: RatedResource, read: list[Act], _now: int) -> Iterator[Due]:
    for place, share in _founders(read, "resource.shared", "resource").items():
        last = {
            act.teacher: int(act.object["stars"])
            for act in _about(read, "resource.rated", "resource", place)
            if act.teacher != share.teacher
        }
        good = [stars for stars in last.values() if stars >= rule.good_stars]
        if len(good) >= rule.min_good and sum(last.values()) >= rule.min_mean * len(last):
            yield f"{place}", share.teacher, rule.points


def _discussed(rule: DiscussedTopic, read: list[Act], _now: int) -> Iterator[Due]:
    for place, start in _founders(read, "topic.started", "topic").items():
        others = {act.teacher for act in _about(read, "topic.replied", "topic", place)} - {start.teacher}
        if len(others) >= rule.min_people:
            yield f"{place}", start.teacher, rule.points


def _attended(rule: AttendedSession, read: list[Act], _now: int) -> Iterator[Due]:
    for place, creation in _sessions(read).items():
        others = {act.teacher for act in _about(read, "session.joined", "session", place)}
        others -= {creation.teacher}
        if len(others) >= rule.min_people and _about(read, "session.outcome", "session", place):
            for who in others:
                yield f"{place}", who, rule.points


def _recommended(rule: RecommendedHomework, read: list[Act], _now: int) -> Iterator[Due]:
    hosts = _founders(read, "workshop.founded", "workshop")
    done: set[tuple[str, str]] = set()
    for act in read:
        if act.type != "homework.recommended":
            continue
        home = hosts.get((act.source, str(act.object["workshop"])))
        place = (act.source, str(act.object["homework"]))
        if home and home.teacher == act.object["by"] != act.teacher and place not in done:
            done.add(place)
            yield f"{place}", act.teacher, rule.points


def _active(rule: ActiveWorkshop, read: list[Act], now: int) -> Iterator[Due]:
    for place, founding in _founders(read, "workshop.founded", "workshop").items():
        members = {act.teacher for act in _about(read, "workshop.joined", "workshop", place)}
        members -= {founding.teacher}
        outcomes = [
            act
            for name, creation in _sessions(read).items()
            if (creation.source, creation.object["workshop"]) == place
            for act in _about(read, "session.outcome", "session", name)
            if CALENDAR_YEARS.of(act.occurred_at) == now
        ]
        if len(members) >= rule.min_people and outcomes:
            yield f"{place} {now}", founding.teacher, rule.host
            for who in members:
                yield f"{place} {now}", who, rule.member


def _featured(rule: FeaturedWorkshop, read: list[Act], _now: int) -> Iterator[Due]:
    for place, founding in _founders(read, "workshop.founded", "workshop").items():
        pinned = _about(read, "workshop.featured", "workshop", place)
        if not pinned:
            continue
        yield f"{place}", founding.teacher, rule.host
        members = {
            act.teacher
            for act in _about(read, "workshop.joined", "workshop", place)
            if act.occurred_at <= pinned[0].occurred_at
        }
        for who in members - {founding.teacher}:
            yield f"{place}", who, rule.member


_RULES: dict[type, Any] = {
    SharedContent: _shared,
    RatedResource: _rated,
    DiscussedTopic: _discussed,
    FoundedWorkshop: _founded,
    HostedSession: _hosted,
    AttendedSession: _attended,
    RecommendedHomework: _recommended,
    ActiveWorkshop: _active,
    FeaturedWorkshop: _featured,
}
"""How each kind of rule is asked."""
