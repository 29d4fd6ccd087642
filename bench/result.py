"""The result of a benchmark as it is kept: figures, ratios, machine, commit and date; JSON.

No result is made where the floor itself swung too much: what was measured then is the neighbour.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from bench.catalogue import FLOORS, MEASURES, PEERS, RATIOS, STEADY, Figure, Goal
from bench.machine import Machine
from bench.order import Scale
from bench.statistics import Round, Summary, figures, paired

FORMAT = 1


class UnsteadyError(Exception):
    """The floor swung by more than is allowed; nothing is reported."""


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure or a ratio over all rounds."""

    name: str
    says: str
    unit: str = ""
    median: float
    low: float
    high: float
    runs: list[float]
    goal: str = ""
    met: bool | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a benchmark."""

    format: int
    taken_at: datetime
    commit: str
    scale: Scale
    smoke: bool
    spread_limit: float
    machine: Machine
    stolen: float | None
    """Percent of the processors' time that the host gave to others."""
    statements: float
    """How many points sends for a transaction of batches."""
    floors: list[Value]
    measures: list[Value]
    peers: list[Value]
    not_run: dict[str, str]
    """Peers that were left out, and why."""
    ratios: list[Value]
    wrong: list[str]
    """Runs that were wrong and have no figures."""


def check_steady(rounds: Sequence[Round], limit: float) -> None:
    """Refuse to speak of rounds whose floor swung.

    Raises: UnsteadyError.
    """
    floor = figures(rounds, STEADY)
    if floor is None:
        raise UnsteadyError(f"{STEADY} has no figure, and without it nothing can be compared.")
    if 100 * floor.spread > limit:
        runs = ", ".join(f"{run:,.0f}" for run in floor.runs)
        raise UnsteadyError(
            f"{STEADY} swung by {100 * floor.spread:.0f} % (allowed: {limit:.0f} %; runs: {runs})."
            " The machine was not quiet enough for figures."
        )


def floors(rounds: Sequence[Round]) -> list[Value]:
    """The floors that have figures."""
    return _figures(FLOORS, rounds)


def measures(rounds: Sequence[Round]) -> list[Value]:
    """The measures that have figures."""
    return _figures(MEASURES, rounds)


def peers(rounds: Sequence[Round]) -> list[Value]:
    """The peers that have figures."""
    return _figures(PEERS, rounds)


def ratios(rounds: Sequence[Round]) -> list[Value]:
    """The ratios of which at least one round has both sides."""
    return values(
        [(one.name, one.says, "", one.goal, paired(rounds, one.upper, one.lower)) for one in RATIOS]
    )


def _figures(known: Sequence[Figure], rounds: Sequence[Round]) -> list[Value]:
    return values([(one.name, one.says, one.unit, one.goal, figures(rounds, one.name)) for one in known])


def values(rows: Sequence[tuple[str, str, str, Goal | None, Summary | None]]) -> list[Value]:
    """Names, what they say, units, goals and summaries; those without a summary are left out."""
    return [
        Value(
            name=name,
            says=says,
            unit=unit,
            median=found.median,
            low=found.low,
            high=found.high,
            runs=list(found.runs),
            goal="" if goal is None else str(goal),
            met=None if goal is None else goal.met(found.median),
        )
        for name, says, unit, goal, found in rows
        if found is not None
    ]


class Dated(Protocol):
    """Whatever is kept under its date and commit."""

    @property
    def taken_at(self) -> datetime:
        """When."""

    @property
    def commit(self) -> str:
        """Of what."""


def save(result: Dated, out: Path, suffix: str = "") -> Path:
    """Write a result to a file, or into a folder under its date and commit; return the file."""
    file = out if out.suffix == ".json" else out / f"{result.taken_at:%Y-%m-%d}-{result.commit}{suffix}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    return file
