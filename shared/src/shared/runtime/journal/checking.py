"""Following a partition entry by entry: do numbers and hashes continue each other, and where do they not."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.runtime.journal.entry import Entry, genesis


@dataclass(frozen=True, slots=True)
class Difference:
    """One finding: where, and what differs."""

    place: str
    detail: str


@dataclass(slots=True)
class Walk:
    """How far a partition was followed, and what was found on the way."""

    service: str
    partition: int
    seq: int
    head: bytes
    found: list[Difference] = field(default_factory=list)

    @classmethod
    def from_the_start(cls, service: str, partition: int) -> "Walk":
        """Before the first entry of a partition."""
        return cls(service, partition, 0, genesis(service, partition))

    def follow(self, entries: Iterable[Entry]) -> None:
        """Take the next entries."""
        for entry in entries:
            if entry.seq != self.seq + 1:
                self.found.append(Difference(entry.id, f"follows {self.seq}: the sequence has a gap"))
            if not entry.follows(self.head):
                self.found.append(Difference(entry.id, "its hash does not continue the chain"))
            self.head, self.seq = entry.hash, entry.seq

    def end(self, seq: int, head: bytes) -> None:
        """Arrive where the partition is said to end."""
        if (self.seq, self.head) != (seq, head):
            place = f"{self.service}/{self.partition}"
            self.found.append(Difference(place, "its head is not its last entry"))
