"""Memory (内存状态): states of objects that this process folded and judged last.

States of things need not be read again: those of a partition are good while its number under the lock is
the one noted here. What others have recorded since is folded in first; of what they struck the state is
forgotten. States of groups are read all the same, since their things change them; where the text is the one
remembered, so is the state, and where that is, so is what was judged. Losing all of it costs time, never an
answer.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from points.activities.domain.claims import Essence
from points.activities.domain.objects import Hosts, State, fold
from points.activities.domain.rulebook import Rulebook
from points.activities.store.states import Said

MOST = 200_000
"""States that a process remembers."""
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
    """States by subject, and the number up to which each partition was seen."""

    states: dict[str, Remembered] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)

    def behind(self, heads: Mapping[int, int]) -> dict[int, int]:
        """Locked partitions in which others recorded something, with the number seen last."""
        return {
            partition: self.seen[partition]
            for partition, head in heads.items()
            if partition in self.seen and self.seen[partition] != head
        }

    def catch_up(self, said: Mapping[str, Said], heads: Mapping[int, int], book: Rulebook) -> None:
        """Fold what others have recorded; what they struck is forgotten."""
        for subject, news in said.items():
            before = self.states.get(subject)
            if before is None:
                continue
            state = None if news.struck else fold(before.state, news.acts, book)
            if state is None:
                del self.states[subject]
            else:
                self.states[subject] = Remembered(state, None, before.unsaved + len(news.acts))
        self.seen |= heads

    def recall(self, subjects: Collection[str]) -> dict[str, Remembered]:
        """What is remembered of these objects."""
        return {subject: self.states[subject] for subject in subjects if subject in self.states}

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
            self.states[subject] = state
        self.seen |= heads
        while len(self.states) > MOST:
            del self.states[next(iter(self.states))]
