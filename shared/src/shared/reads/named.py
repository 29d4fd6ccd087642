"""Whom an answer shows, read off what goes out: no route has to say it, and none can forget to."""

from typing import Any

SUBJECT = "teacher:"
SIDES = ("leaving", "replacement")
"""The two teachers of a swap."""


def named(answer: object) -> set[str]:
    """The teachers whom an answer names, however deep.

    One stands there as `{"teacher": "T1"}`, as either side of a swap, as the subject of an entry,
    `{"subject": "teacher:T1"}`, or as the scope of a run, `{"kind": "teacher", "id": "T1"}`.
    """
    found: set[str] = set()
    waiting = [answer]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found.update(_of(part))
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return found


def _of(part: dict[str, Any]) -> set[str]:
    """Whom one object is about."""
    subject = part.get("subject")
    said = [
        part.get("teacher"),
        *(part.get(side) for side in SIDES if part.keys() >= set(SIDES)),
        part.get("id") if part.get("kind") == "teacher" else None,
        subject.removeprefix(SUBJECT) if isinstance(subject, str) and subject.startswith(SUBJECT) else None,
    ]
    return {one for one in said if one and isinstance(one, str)}
