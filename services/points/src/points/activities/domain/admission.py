"""Admission (收取): which acts of a batch are new, which were taken in before, which never happened.

A withdrawal strikes the act that it names whether it comes before, with or after it; a withdrawal is never
struck itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from points.activities.domain.act import Act, digest

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is recorded under a key; without a place only a withdrawal that came first."""

    partition: int | None
    seq: int | None
    digest: bytes | None
    withdrawn: bool


class Verdict(Enum):
    """What becomes of one act of a batch."""

    RECORDED = "recorded"
    REPLAYED = "replayed"
    CONFLICTING = "conflicting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A batch, sorted."""

    verdicts: Sequence[Verdict]
    """One for each act given."""
    fresh: Sequence[Act]
    """New acts, each once, in the order in which they came."""
    standing: Sequence[Act]
    """Those of them that count: no withdrawals, and nothing that is withdrawn."""
    named: frozenset[Key]
    """Keys of new acts that a withdrawal names, now or before."""
    struck: frozenset[Key]
    """Keys of acts recorded before that stood until now."""
    unseen: frozenset[Key]
    """Keys that new withdrawals name and that nobody has seen yet."""


def admit(acts: Sequence[Act], known: Mapping[Key, Known]) -> Admission:
    """Sort a batch against what is recorded under its keys and under those that it withdraws."""
    fresh: dict[Key, tuple[Act, bytes]] = {}
    verdicts: list[Verdict] = []
    for act in acts:
        mark, before = digest(act), known.get(act.key)
        if before is not None and before.seq is not None:
            verdicts.append(Verdict.REPLAYED if before.digest == mark else Verdict.CONFLICTING)
        elif act.key in fresh:
            verdicts.append(Verdict.REPLAYED if fresh[act.key][1] == mark else Verdict.CONFLICTING)
        else:
            fresh[act.key] = (act, mark)
            verdicts.append(Verdict.RECORDED)
    new = [act for act, _ in fresh.values()]
    targets = {act.withdraws for act in new if act.withdraws is not None}
    named = {key for key in fresh if key in targets or (key in known and known[key].withdrawn)}
    recorded = {key for key in targets if key in known and known[key].seq is not None}
    return Admission(
        verdicts=verdicts,
        fresh=new,
        standing=[act for act in new if act.withdraws is None and act.key not in named],
        named=frozenset(named),
        struck=frozenset(key for key in recorded if not known[key].withdrawn),
        unseen=frozenset(targets - recorded - fresh.keys()),
    )
