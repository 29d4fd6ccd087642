"""What teachers and their schools do, as the platform would send it: plain functions that make bodies."""

from typing import Any

SOURCE = "gz-community"


def act(kind: str, teacher: str, at: str, identity: str, **named: Any) -> dict[str, Any]:
    """One activity of `intake`."""
    return {
        "source": SOURCE,
        "id": identity,
        "type": kind,
        "teacher": teacher,
        "occurred_at": at,
        "object": named,
    }


def workshop(name: str, host: str, day: str) -> list[dict[str, Any]]:
    """A workshop founded and put on the home page: 50 + 500 points for its host."""
    return [
        act("workshop.founded", host, f"{day}T09:00:00+08:00", f"found-{name}", workshop=name),
        act("workshop.featured", host, f"{day}T10:00:00+08:00", f"feature-{name}", workshop=name),
    ]


def shared(name: str, teacher: str, day: str) -> dict[str, Any]:
    """A resource shared for the first time: 20 points."""
    return act(
        "resource.shared",
        teacher,
        f"{day}T11:00:00+08:00",
        f"share-{name}",
        resource=name,
        content_hash=f"sha256:{name}",
    )


def topic(name: str, author: str, at: str, repliers: int, last: str | None = None) -> list[dict[str, Any]]:
    """A topic and its replies, a minute apart from `at` on its hour; the last one at `last` where given."""
    acts = [act("topic.started", author, at, f"start-{name}", topic=name)]
    for n in range(1, repliers + 1):
        when = last if last is not None and n == repliers else at
        acts.append(act("topic.replied", f"R{n:03}", when, f"reply-{name}-{n:03}", topic=name))
    return acts


def withdrawal(of: str, teacher: str, at: str, reason: str = "plagiarism") -> dict[str, Any]:
    """A ruling that an act does not stand."""
    return act("activity.withdrawn", teacher, at, f"withdraw-{of}", activity=of, reason=reason)


def person(teacher: str, name: str = "", school: str = "S01", **further: Any) -> dict[str, Any]:
    """A row of the roster."""
    return {
        "teacher": teacher,
        "name": name or f"王{teacher}",
        "school": school,
        "district": "天河区",
        "stage": "primary",
        "role": "teacher",
        **further,
    }


_CATEGORY = {"1": "public", "2": "professional", "3": "elective"}


def record(
    identity: str, teacher: str, rule: str, hours: str | None, year: int = 2024, **further: Any
) -> dict[str, Any]:
    """Hours of one source, with evidence, in the middle of the year."""
    own = {} if "category" in further else {"category": _CATEGORY[rule.removeprefix("GZ-HR-")[0]]}
    return {
        "record": identity,
        "teacher": teacher,
        "year": year,
        "source_rule": rule,
        **own,
        "hours": hours,
        "activity": f"活动 {identity}",
        "provider": "广州市天河区教师发展中心",
        "from": f"{year}-05-06",
        "to": f"{year}-05-10",
        "evidence": f"file:{identity}.pdf",
        **further,
    }
