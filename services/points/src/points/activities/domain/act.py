"""An act (研修行为): one thing a teacher did, as a platform reported it, after normalisation.

Acts are put in order by occurrence, ties by source and id compared by code point. Object names belong to
their source; teachers and content hashes are global.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

import msgspec


class Moment(NamedTuple):
    """The place of an act in the order of occurrence; the least one came first."""

    at: datetime
    source: str
    id: str


class Deed(NamedTuple):
    """Who did something, and when."""

    moment: Moment
    teacher: str


WITHDRAWN = "activity.withdrawn"
"""The ruling that an act never happened; itself never withdrawn."""

OBJECTS: Mapping[str, tuple[str, ...]] = {
    "resource.shared": ("resource", "content_hash"),
    "resource.rated": ("resource", "stars"),
    "topic.started": ("topic",),
    "topic.replied": ("topic",),
    "workshop.founded": ("workshop",),
    "workshop.joined": ("workshop",),
    "workshop.featured": ("workshop",),
    "session.created": ("session", "workshop"),
    "session.joined": ("session",),
    "session.outcome": ("session", "outcome"),
    "homework.recommended": ("homework", "workshop", "by"),
    WITHDRAWN: ("activity", "reason"),
}
"""Every type with the fields of its object; the first one names what the act is about."""

REASONS = ("moderation", "plagiarism", "fraud", "error")
"""Why an act may be withdrawn."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One activity, its texts in NFC, its instant in UTC, its object reduced to the known fields.

    It is its own form in the journal.
    """

    source: str
    id: str
    type: str
    teacher: str
    occurred_at: datetime
    object: Mapping[str, str | int]

    @property
    def key(self) -> tuple[str, str]:
        """The idempotency key."""
        return (self.source, self.id)

    @property
    def moment(self) -> Moment:
        """Its place in the order of occurrence."""
        return Moment(self.occurred_at, self.source, self.id)

    @property
    def deed(self) -> Deed:
        """Who did it, and when."""
        return Deed(self.moment, self.teacher)

    @property
    def subject(self) -> str:
        """What it is about: the object that it names, or the act that it withdraws."""
        kind = OBJECTS[self.type][0]
        return named(kind, self.source, self.text(kind))

    @property
    def withdraws(self) -> tuple[str, str] | None:
        """The key of the act that it withdraws, if it is a withdrawal."""
        return (self.source, self.text("activity")) if self.type == WITHDRAWN else None

    def text(self, name: str) -> str:
        """A field of the object that is a text."""
        return str(self.object[name])

    def named(self, kind: str) -> str:
        """The subject of another object that it names, such as the workshop of a session."""
        return named(kind, self.source, self.text(kind))


def named(kind: str, source: str, name: str) -> str:
    """The subject of an object: `topic:<source>/<name>`; a slash in the source is escaped."""
    return f"{kind}:{_escaped(source)}/{name}"


@lru_cache(maxsize=1024)
def _escaped(source: str) -> str:
    return source.replace("%", "%25").replace("/", "%2F")


def content(content_hash: str) -> str:
    """The subject of a content, whoever shared it."""
    return f"content:{content_hash}"


def digest(act: Act) -> bytes:
    """What two acts share exactly when they have the same content after normalisation."""
    fields = [act.type, act.teacher, act.occurred_at, *(act.object[name] for name in OBJECTS[act.type])]
    return sha256(msgspec.json.encode(fields)).digest()
