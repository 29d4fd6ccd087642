"""What a person asks of a run, read from the environment that make passes on; also where its state lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local import intake
from deploy.local.intake import FolderError
from deploy.local.sampling import folder as sample
from deploy.local.settings import OwnServers

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`DATA`, `YEAR`, `OUT`, `EXIT` and `STATE`."""

    data: Path
    year: int | None
    out: Path | None
    exit: bool
    state: Path
    own: OwnServers

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Order":
        """Read the order.

        Raises: FolderError where a value makes no sense.
        """
        year, out = environment.get("YEAR", ""), environment.get("OUT", "")
        if year and not (year.isascii() and year.isdigit() and len(year) == 4):
            raise FolderError(f"YEAR={year} is not a year.")
        return cls(
            data=data_folder(environment),
            year=int(year) if year else None,
            out=Path(out) if out else None,
            exit=environment.get("EXIT", "") not in {"", "0"},
            state=state_folder(environment),
            own=OwnServers.read(environment),
        )


def data_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder whose year is run: the sample where none is named."""
    return Path(environment.get("DATA") or sample.FOLDER)


def state_folder(environment: Mapping[str, str]) -> Path:
    """Return where a run over that data keeps everything; one folder for each folder of data."""
    data = data_folder(environment)
    var = Path(environment.get("STATE") or ROOT / "var")
    return (var / f"{data.resolve().name}-{intake.digest(data)}").absolute()
