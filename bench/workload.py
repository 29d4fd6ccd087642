"""What a community of teachers sends: the same acts for the same seed, on every machine.

Replies and ratings are most of it, every other type occurs, one act in a hundred is withdrawn, two are sent
twice. In order of occurrence or shuffled; topics are chosen evenly or, after Zipf's law, mostly the same few.
"""

import json
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, TypeVar

from deploy.local.sampling.dice import Dice
from deploy.local.sampling.feed import on

T = TypeVar("T")

MIX: Mapping[str, int] = {
    "topic.replied": 640,
    "resource.rated": 220,
    "session.joined": 38,
    "topic.started": 32,
    "workshop.joined": 25,
    "resource.shared": 14,
    "activity.withdrawn": 10,
    "homework.recommended": 8,
    "session.outcome": 6,
    "session.created": 4,
    "workshop.founded": 2,
    "workshop.featured": 1,
}
"""Acts of each type in a thousand."""
FOUNDINGS = ("topic.started", "resource.shared", "workshop.founded", "session.created")
"""One of each comes first, so that every other act finds what it names."""
AGAIN = 2
"""Percent of the acts that are sent twice."""
WITHIN = 200
"""How many places later at most."""
ACTS_OF_A_TEACHER = 20
SPAN = timedelta(days=340)
ZIPF = 2.0
_RULING = b'"type":"activity.withdrawn"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What stands in a journal: acts, each counted once, and how many of them are withdrawn."""

    acts: int = 0
    withdrawn: int = 0

    def __add__(self, more: "Recorded") -> "Recorded":
        return Recorded(acts=self.acts + more.acts, withdrawn=self.withdrawn + more.withdrawn)


@dataclass(frozen=True, slots=True)
class Workload:
    """Documents in the order of sending."""

    lines: Sequence[bytes]

    @property
    def recorded(self) -> Recorded:
        """What must stand once all of it is taken in."""
        distinct = set(self.lines)
        return Recorded(acts=len(distinct), withdrawn=sum(_RULING in line for line in distinct))

    def shuffled(self, seed: int) -> "Workload":
        """The same documents in another order."""
        return Workload(_shuffled(self.lines, Dice(seed)))

    def first(self, count: int) -> "Workload":
        """The documents that are sent first."""
        return Workload(self.lines[:count])

    def arrays(self, portion: int) -> list[bytes]:
        """The documents as JSON arrays of so many each."""
        parts = [self.lines[n : n + portion] for n in range(0, len(self.lines), portion)]
        return [b"[" + b",".join(part) + b"]" for part in parts]


def community(size: int, *, source: str, year: int, seed: int = 1, zipf: float | None = None) -> Workload:
    """A year of `size` acts; with `zipf` the exponent by which topics differ in how often they are named."""
    dice = Dice(seed)
    kinds = _kinds(size, dice)
    scribe = _Scribe(dice, source, size, _chooser(dice, kinds.count("topic.started"), zipf))
    begin = on(1, 6, "08:00", year)
    for place, kind in enumerate(kinds):
        scribe.write(kind, begin + SPAN * place / size)
    return Workload(
        _some_twice([json.dumps(one, separators=(",", ":")).encode() for one in scribe.written], dice)
    )


def teacher(number: int) -> str:
    """The id of a teacher."""
    return f"T{number:06}"


def _kinds(size: int, dice: Dice) -> list[str]:
    """The type of every act, in the right proportions, the foundings first."""
    counts = {kind: max(1, size * share // 1000) for kind, share in MIX.items()}
    counts["topic.replied"] += size - sum(counts.values())
    rest = [kind for kind, count in counts.items() for _ in range(count - (kind in FOUNDINGS))]
    return [*FOUNDINGS, *_shuffled(rest, dice)]


def _chooser(dice: Dice, topics: int, zipf: float | None) -> Callable[[int], int]:
    """Choose one of the topics known so far."""
    if zipf is None:
        return dice.below
    reach = list(accumulate(rank**-zipf for rank in range(1, topics + 1)))
    parts = 1 << 30

    def choose(known: int) -> int:
        return bisect(reach, dice.below(parts) / parts * reach[-1]) % known

    return choose


def _some_twice(lines: Sequence[bytes], dice: Dice) -> list[bytes]:
    sent = [(place, 0, line) for place, line in enumerate(lines)]
    sent += [(place + dice.below(WITHIN), 1, line) for place, _, line in sent if dice.chance(AGAIN)]
    return [line for _, _, line in sorted(sent)]


def _shuffled(things: Sequence[T], dice: Dice) -> list[T]:
    mixed = list(things)
    for place in range(len(mixed) - 1, 0, -1):
        other = dice.below(place + 1)
        mixed[place], mixed[other] = mixed[other], mixed[place]
    return mixed


class _Scribe:
    """Writes acts one after the other; what was founded before can be named later."""

    def __init__(self, dice: Dice, source: str, size: int, topic: Callable[[int], int]) -> None:
        self.written: list[dict[str, Any]] = []
        self._withdrawn: set[int] = set()
        self._teachers = max(40, size // ACTS_OF_A_TEACHER)
        self._dice = dice
        self._source = source
        self._topic = topic
        self._counts: dict[str, int] = {}
        self._hosts: list[str] = []
        self._things: Mapping[str, Callable[[], dict[str, Any]]] = {
            "topic.started": lambda: self._founded("topic"),
            "topic.replied": lambda: {"topic": f"topic-{1 + self._topic(self._counts['topic'])}"},
            "resource.shared": self._shared,
            "resource.rated": lambda: {**self._known("resource"), "stars": 1 + self._dice.below(5)},
            "workshop.joined": lambda: self._known("workshop"),
            "workshop.featured": lambda: self._known("workshop"),
            "session.joined": lambda: self._known("session"),
            "session.outcome": lambda: {**self._known("session"), **self._founded("outcome")},
        }

    def write(self, kind: str, at: datetime) -> None:
        """Write one act of a type."""
        match kind:
            case "workshop.founded":
                who, thing = self._somebody(), self._founded("workshop")
                self._hosts.append(who)
            case "session.created":
                workshop, who = self._workshop()
                thing = {**self._founded("session"), "workshop": workshop}
            case "homework.recommended":
                workshop, host = self._workshop()
                who, thing = self._somebody(), {**self._founded("homework"), "workshop": workshop, "by": host}
            case "activity.withdrawn":
                who, thing = self._taken_back()
            case _:
                who, thing = self._somebody(), self._things[kind]()
        document = {
            "source": self._source,
            "id": f"act-{len(self.written):08}",
            "type": kind,
            "teacher": who,
            "occurred_at": at.isoformat(timespec="milliseconds"),
            "object": thing,
        }
        self.written.append(document)

    def _somebody(self) -> str:
        return teacher(self._dice.below(self._teachers))

    def _founded(self, noun: str) -> dict[str, Any]:
        self._counts[noun] = self._counts.get(noun, 0) + 1
        return {noun: f"{noun}-{self._counts[noun]}"}

    def _known(self, noun: str) -> dict[str, Any]:
        return {noun: f"{noun}-{1 + self._dice.below(self._counts[noun])}"}

    def _shared(self) -> dict[str, Any]:
        """A resource; now and then with a content that somebody else shared already."""
        found = self._founded("resource")
        number = self._counts["resource"]
        copied = 1 + self._dice.below(number) if self._dice.chance(5) else number
        return {**found, "content_hash": f"{self._source}-content-{copied}"}

    def _workshop(self) -> tuple[str, str]:
        number = self._dice.below(len(self._hosts))
        return f"workshop-{number + 1}", self._hosts[number]

    def _taken_back(self) -> tuple[str, dict[str, Any]]:
        while True:
            place = self._dice.below(len(self.written))
            act = self.written[place]
            if place not in self._withdrawn and act["type"] != "activity.withdrawn":
                break
        self._withdrawn.add(place)
        return str(act["teacher"]), {"activity": act["id"], "reason": "moderation"}
