"""What was measured, and where: from a result of `make bench` and one of `make bench-growth`, and kept."""

from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.growth.result import Growth
from bench.order import ROOT, OrderError
from bench.result import Result, Value

KEPT = ROOT / "docs" / "bench" / "capacity.json"
S = TypeVar("S")


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """Rates a second on one machine, and bytes."""

    taken_at: datetime
    commit: str
    processor: str
    cores: int
    rounds: int
    acts: float
    """Acts in batches until hours knows every award (E3)."""
    events: float
    """Events that are relayed and applied (P-relay)."""
    awards_per_act: float
    """Events that an act causes, with the acts of the benchmark (E3-awards / E3)."""
    teachers: float
    """Teachers whose year is judged (E8)."""
    verdicts: float
    """Verdicts that hours hears (E9)."""
    certificates: float
    """Certificates that are issued (E10)."""
    bytes_per_act: dict[str, float]
    """On disk with all keys, over the largest ledger measured."""
    bytes_per_teacher: float
    """What the end of a year writes: verdicts, carry-over, a certificate (E8, E9, E10)."""
    entries_per_act: float
    archived: float
    """Bytes of an entry in an archived year (`python -m bench.archive`)."""


def kept(file: Path = KEPT) -> Measured:
    """The figures that are kept with the page.

    Raises: OrderError.
    """
    return _read(file, Measured)


def taken(result: Path, growth: Path, archived: float) -> Measured:
    """The figures of two results, and of an archive.

    Raises: OrderError where a file is none, or lacks a figure.
    """
    found, grown = _read(result, Result), _read(growth, Growth)
    largest = grown.growth[-1]
    acts = _median(found.measures, "E3")
    return Measured(
        taken_at=found.taken_at,
        commit=found.commit,
        processor=found.machine.processor,
        cores=found.machine.cores,
        rounds=found.scale.rounds,
        acts=acts,
        events=_median(found.peers, "P-relay"),
        awards_per_act=_median(found.peers, "E3-awards") / acts,
        teachers=_median(found.measures, "E8"),
        verdicts=_median(found.measures, "E9"),
        certificates=_median(found.measures, "E10"),
        bytes_per_act=largest.bytes_per_act,
        bytes_per_teacher=sum(_median(found.measures, f"{name}-bytes") for name in ("E8", "E9", "E10")),
        entries_per_act=largest.entries / largest.acts,
        archived=archived,
    )


def keep(measured: Measured, file: Path = KEPT) -> None:
    """Keep figures for the page."""
    file.write_bytes(msgspec.json.format(msgspec.json.encode(measured), indent=2) + b"\n")


def _median(values: list[Value], name: str) -> float:
    found = next((value.median for value in values if value.name == name), None)
    if found is None:
        raise OrderError(f"The result has no {name}.")
    return found


def _read(file: Path, shape: type[S]) -> S:
    try:
        return msgspec.json.decode(file.read_bytes(), type=shape)
    except FileNotFoundError:
        raise OrderError(f"{file} does not exist.") from None
    except msgspec.DecodeError as error:
        raise OrderError(f"{file} is no such result: {error}") from None
