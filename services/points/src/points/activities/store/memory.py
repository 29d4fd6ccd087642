"""Memory (内存状态): states of objects that this process folded and judged last.

States of things need not be read again: those of a partition are good while its number under the lock is
the one noted here. What others have recorded since is noted beside a state, and folded in once the state is
asked for; where they struck something, or recorded a lot before anybody asks, it is forgotten. States of
groups are read all the same, since their things change them; where the text is the one remembered, so is the
state, and where that is, so is what was judged. Losing all of it costs time, never an answer.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from points.activities.domain.claims import Essence
from points.activities.domain.objects import Hosts, State, fold
from points.activities.domain.rulebook import Rulebook
from points.activities.store.states import said
from shared.runtime.journal import Entry

MOST = 200_000
"""States that a process remembers."""
NEWS = 1000
"""Entries of others after which a state is forgotten that nobody asks for."""
UNSAVED = 32
"""Acts after which a state is kept in the table again: what a reader has to fold on top at most."""


class Judged(NamedTuple):
    """What the rules granted on a state, and thus what stands on it, under these foundings of workshops."""

    hosts: Hosts
    claims: frozenset[Essence]


class Remembered(NamedTuple):
    """A state, what was judged on it, and how many acts are not in its kept row."""

    state: State
    judged: Judged | None
    """None where it has not been judged here."""
    unsaved: int
    text: str | None = None
    """How the state of a group is kept."""


@dataclass(slots=True)
class Memory:
    """States by subject, what others have said of them since, and up to where each partition was seen."""

    states: dict[str, Remembered] = field(default_factory=dict)
    news: dict[str, list[Entry]] = field(default_factory=dict)
    """Fewer than `NEWS` a subject, none of a subject that is not remembered."""
    seen: dict[int, int] = field(default_factory=dict)

    def behind(self, heads: Mapping[int, int]) -> dict[int, int]:
        """Locked partitions in which others recorded something, with the number seen last."""
        return {
            partition: self.seen[partition]
            for partition, head in heads.items()
            if partition in self.seen and self.seen[partition] != head
        }

    def catch_up(self, entries: Mapping[str, Sequence[Entry]], heads: Mapping[int, int]) -> None:
        """Note what others have said, up to these numbers of partitions."""
        for subject in entries.keys() & self.states.keys():
            news = [*self.news.get(subject, ()), *entries[subject]]
            if len(news) < NEWS:
                self.news[subject] = news
            else:
                self._forget(subject)
        self.seen |= heads

    def recall(self, subjects: Collection[str], book: Rulebook) -> dict[str, Remembered]:
        """What is remembered of these objects, with all that others have said of them."""
        for subject in self.news.keys() & subjects:
            before, news = self.states[subject], said(self.news.pop(subject))
            state = None if news.struck else fold(before.state, news.acts, book)
            if state is None:
                self._forget(subject)
            else:
                self.states[subject] = Remembered(state, None, before.unsaved + len(news.acts))
        return {subject: self.states[subject] for subject in subjects if subject in self.states}

    def _forget(self, subject: str) -> None:
        del self.states[subject]
        self.news.pop(subject, None)

    def state_of(self, subject: str, text: str) -> State | None:
        """The state of a group that is kept as this text, where that is remembered."""
        one = self.states.get(subject)
        return None if one is None or one.text != text else one.state

    def text_of(self, subject: str, state: State) -> str | None:
        """How this very state of a group is kept, where that is remembered."""
        one = self.states.get(subject)
        return None if one is None or one.state is not state else one.text

    def keep(self, states: Mapping[str, Remembered], heads: Mapping[int, int]) -> None:
        """Remember what was committed, unless a later transaction was faster; the oldest make room."""
        if any(self.seen.get(partition, 0) > head for partition, head in heads.items()):
            return
        for subject, state in states.items():
            self.states.pop(subject, None)
            self.news.pop(subject, None)
            self.states[subject] = state
        self.seen |= heads
        while len(self.states) > MOST:
            self._forget(next(iter(self.states)))
