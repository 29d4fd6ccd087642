"""What is kept of `make bench-growth`: figures at each size, ratios to the small ledger, bytes an act."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import log10

import msgspec

from bench.catalogue import ACTS, MS, Figure, Goal
from bench.growth.ledger import Ledger
from bench.machine import Machine
from bench.order import Scale
from bench.result import Value, values
from bench.statistics import Round, Summary, figures, summarise

FORMAT = 1
FIGURES = (
    Figure(name="E1", says="single POSTs, closed loop", unit=ACTS),
    Figure(name="E2", says="batches until the durable answer", unit=ACTS),
    Figure(name="E3", says="batches until hours knows all awards", unit=ACTS),
    Figure(name="E6", says="closing a year", unit="lots/s"),
    Figure(name="append", says="numbered, chained, written", unit="entries/s"),
    Figure(name="as-of-p99", says="balance as of an instant, slowest in a hundred", unit=MS),
)
FLAT = Goal(bound=0.8)
"""What a measure keeps of what it is over the small ledger."""
BEYOND = 10
"""So many times as large as the largest ledger is what the last figures are carried on to."""


class Grown(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger and what was found over it."""

    entries: int
    """Of points, when it was filled."""
    acts: int
    filled_in: float
    """Seconds."""
    bytes_per_act: dict[str, float]
    """On disk with all keys: the journal, keys of acts, states of objects, awards and lots, hours."""
    figures: list[Value]
    ratios: list[Value]
    """To the small ledger, within the same round; below 1 is worse. Empty for the small one."""


class Extrapolated(msgspec.Struct, frozen=True, kw_only=True):
    """What was not measured: the trend of the two largest ledgers, carried on."""

    entries: int
    ratios: dict[str, float]


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result."""

    format: int
    taken_at: datetime
    commit: str
    scale: Scale
    smoke: bool
    machine: Machine
    stolen: float | None
    growth: list[Grown]
    """The small ledger first."""
    extrapolated: Extrapolated | None
    wrong: list[str]


def grown(ledger: Ledger, rounds: Sequence[Round], small: Sequence[Round]) -> Grown:
    """What is said of a ledger; `small` are the same rounds over the small one."""
    acts = ledger.acts
    compared = [(figure, _compared(figure, rounds, small)) for figure in FIGURES]
    return Grown(
        entries=ledger.entries,
        acts=acts,
        filled_in=ledger.seconds,
        bytes_per_act={kind: size / acts for kind, size in ledger.bytes.items()},
        figures=values([(f.name, f.says, f.unit, None, figures(rounds, f.name)) for f in FIGURES]),
        ratios=[]
        if rounds is small
        else values([(f.name, f.says, "", FLAT, summary) for f, summary in compared]),
    )


def _compared(figure: Figure, rounds: Sequence[Round], small: Sequence[Round]) -> Summary | None:
    """The ratios of rounds that have both sides; of a latency upside down, so that less is worse."""
    pairs = [
        (here[figure.name], there[figure.name])
        for here, there in zip(rounds, small, strict=True)
        if figure.name in here and figure.name in there
    ]
    return summarise([there / here if figure.unit == MS else here / there for here, there in pairs])


def extrapolated(ledgers: Sequence[Grown]) -> Extrapolated | None:
    """The ratios of a ledger ten times as large, if what was lost from one size to the next is lost again.

    From the two largest ledgers that were measured beside the small one; None where there are fewer.
    """
    if len(ledgers) < 3:
        return None
    before, last = ledgers[-2:]
    former: Mapping[str, float] = {ratio.name: ratio.median for ratio in before.ratios}
    decades = log10(last.entries / before.entries)
    ratios = {
        ratio.name: ratio.median * (ratio.median / former[ratio.name]) ** (1 / decades)
        for ratio in last.ratios
        if ratio.name in former
    }
    return Extrapolated(entries=last.entries * BEYOND, ratios=ratios) if ratios else None
