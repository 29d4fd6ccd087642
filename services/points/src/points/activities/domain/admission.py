"""Admission (收取): which acts of a batch are new, which were taken in before, which never happened.

A withdrawal strikes the act that it names whether it comes before, with or after it; a withdrawal is never
struck itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from points.activities.domain.act import Act, digest

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is recorded under a key; without a place only a withdrawal that came first."""

    place: tuple[int, int] | None
    """Partition and number of its entry."""
    digest: bytes | None
    withdrawn: bool

    @property
    def stands(self) -> bool:
        """Whether it is an act that counts until now."""
        return self.place is not None and not self.withdrawn


class Verdict(Enum):
    """What becomes of one act of a batch."""

    RECORDED = "recorded"
    REPLAYED = "replayed"
    CONFLICTING = "conflicting"


class Arrival(NamedTuple):
    """An act that arrived, with what intake asks of it often."""

    act: Act
    key: Key
    subject: str
    digest: bytes
    withdraws: Key | None


def arrival(act: Act) -> Arrival:
    """An act as it arrived. It is made before anything is locked, so that copies wait less for each other."""
    return Arrival(act, act.key, act.subject, digest(act), act.withdraws)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A batch, sorted."""

    verdicts: Sequence[Verdict]
    """One for each act given."""
    fresh: Sequence[Arrival]
    """New acts, each once, in the order in which they came."""
    standing: Sequence[Arrival]
    """Those of them that count: no withdrawals, and nothing that is withdrawn."""
    named: frozenset[Key]
    """Keys of new acts that a withdrawal names, now or before."""
    struck: frozenset[Key]
    """Keys of acts recorded before that stood until now."""


def admit(arrivals: Sequence[Arrival], known: Mapping[Key, Known]) -> Admission:
    """Sort a batch against what is recorded under its keys and under those that it withdraws."""
    fresh: dict[Key, Arrival] = {}
    verdicts: list[Verdict] = []
    for one in arrivals:
        key, mark = one.key, one.digest
        before = known.get(key)
        if before is not None and before.place is not None:
            verdicts.append(Verdict.REPLAYED if before.digest == mark else Verdict.CONFLICTING)
        elif key in fresh:
            verdicts.append(Verdict.REPLAYED if fresh[key].digest == mark else Verdict.CONFLICTING)
        else:
            fresh[key] = one
            verdicts.append(Verdict.RECORDED)
    new = list(fresh.values())
    rulings = {one.key: one.withdraws for one in new if one.withdraws is not None}
    targets = set(rulings.values())
    named = {key for key in fresh if key in targets or (key in known and known[key].withdrawn)}
    return Admission(
        verdicts=verdicts,
        fresh=new,
        standing=[one for one in new if one.key not in rulings and one.key not in named],
        named=frozenset(named),
        struck=frozenset(key for key in targets if key in known and known[key].stands),
    )
