"""What a person asks of a benchmark: how many rounds, how large, what becomes of the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "docs" / "bench" / "results"


class OrderError(Exception):
    """A value makes no sense; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is measured in a round."""

    rounds: int
    size: int
    """Activities of one run."""
    lots: int
    """Lots of one sweep."""
    teachers: int
    """Teachers of a verification run; as many verdicts are heard."""
    certificates: int
    """Certificates of one issue."""
    seconds: float
    """Length of what is measured by time."""


FULL = Scale(rounds=5, size=15_000, lots=30_000, teachers=50_000, certificates=200, seconds=3.0)
SMOKE = Scale(rounds=1, size=600, lots=600, teachers=600, certificates=20, seconds=0.4)
SPREAD = 25.0
"""Percent by which F1 may swing before nothing is reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The words that `docs/bench/README.md` lists, and `STATE`, the folder for everything of a run."""

    scale: Scale
    smoke: bool
    spread: float
    out: Path | None
    """A file, or a folder that the file is made in; None keeps nothing."""
    ledger: Path | None
    """The file of pgledger; None leaves its row out."""
    state: Path

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Order":
        """Read the order.

        Raises: OrderError where a value makes no sense.
        """
        smoke = environment.get("SMOKE", "") not in {"", "0"}
        usual = SMOKE if smoke else FULL
        scale = Scale(
            rounds=_whole(environment, "ROUNDS", usual.rounds),
            size=_whole(environment, "SIZE", usual.size, least=500),
            lots=_whole(environment, "LOTS", usual.lots, least=100),
            teachers=_whole(environment, "TEACHERS", usual.teachers, least=100),
            certificates=_whole(environment, "CERTIFICATES", usual.certificates),
            seconds=usual.seconds,
        )
        save = environment.get("SAVE", "") not in {"", "0"}
        given = Path(environment["OUT"]) if environment.get("OUT") else None
        return cls(
            scale=scale,
            smoke=smoke,
            spread=float(_whole(environment, "SPREAD", int(SPREAD))),
            out=given or (RESULTS if save else None),
            ledger=_file(environment, "PGLEDGER"),
            state=Path(environment.get("STATE") or ROOT / "var").absolute() / "bench",
        )


def _whole(environment: Mapping[str, str], name: str, usual: int, *, least: int = 1) -> int:
    text = environment.get(name) or str(usual)
    if not (text.isascii() and text.isdigit() and int(text) >= least):
        raise OrderError(f"{name}={text} is not a whole number from {least} on.")
    return int(text)


def _file(environment: Mapping[str, str], name: str) -> Path | None:
    given = environment.get(name)
    if given and not Path(given).is_file():
        raise OrderError(f"{name}={given} is not a file.")
    return Path(given) if given else None
