"""Which partition a subject belongs to, and which partitions others may hear.

Kinds of subject are ranked in the order in which facts flow, a fixed number of partitions a rank. A
transaction locks partitions upward only; with the ranks in that order it never needs to go down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The partitions of one service's journal. Fixed when the database is made; start-up refuses another."""

    service: str
    ranks: Sequence[Sequence[str]]
    """Kinds of subject (the word before the colon), by rank."""
    relayed: Sequence[str]
    """Kinds that other services hear; whole ranks, so that a published range has no holes."""
    width: int = 32

    def partition(self, subject: str) -> int:
        """`width × rank + crc32(subject) mod width`; the same in every service and language."""
        kind = subject.partition(":")[0]
        return self.rank(kind) * self.width + crc32(subject.encode()) % self.width

    def rank(self, kind: str) -> int:
        """The rank of a kind of subject."""
        for rank, kinds in enumerate(self.ranks):
            if kind in kinds:
                return rank
        raise AssertionError(f"{self.service} has no subjects of kind {kind!r}")

    def partitions(self, kind: str) -> range:
        """All partitions of the rank that `kind` belongs to."""
        first = self.rank(kind) * self.width
        return range(first, first + self.width)

    @property
    def all(self) -> range:
        """Every partition."""
        return range(len(self.ranks) * self.width)

    @property
    def heard(self) -> tuple[int, ...]:
        """Partitions that are relayed."""
        ranks = sorted({self.rank(kind) for kind in self.relayed})
        return tuple(p for rank in ranks for p in range(rank * self.width, (rank + 1) * self.width))

    def describe(self) -> str:
        """One line that two layouts share exactly when they are the same."""
        return f"{self.service} x{self.width}: " + " < ".join(",".join(sorted(kinds)) for kinds in self.ranks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A share of the partitions: one in `of`, from `index` on. Each lane is heard or worked on for itself."""

    index: int = 0
    of: int = 1

    def takes(self, partition: int) -> bool:
        """Whether a partition belongs to it."""
        return partition % self.of == self.index

    def named(self, name: str) -> str:
        """A name for it; the plain one where there is no other lane."""
        return name if self.of == 1 else f"{name}-{self.index}-of-{self.of}"


WHOLE = Lane()
