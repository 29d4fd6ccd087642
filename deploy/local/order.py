"""What a person asks of a run, read from the environment that make passes on; also where its state lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deploy.local import intake, rehearsal
from deploy.local.intake import FolderError
from deploy.local.sampling import folder as sample
from deploy.local.settings import OwnServers
from shared.policy import loader
from shared.policy.pack import Pack

ROOT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parent / "samples"
"""A folder of data for each shipped pack but the default one, whose sample is written by the dice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`DATA`, `PACK`, `YEAR`, `TODAY`, `OUT`, `EXIT` and `STATE`."""

    data: Path
    pack: Pack
    policy: str
    """What names the pack: a shipped one or a file; empty for the default."""
    year: int | None
    today: date | None
    """The day to come as of which is run; None: today."""
    out: Path | None
    exit: bool
    state: Path
    own: OwnServers

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Order":
        """Read the order.

        Raises: FolderError where a value makes no sense; PackError where the pack does not load.
        """
        year, out = environment.get("YEAR", ""), environment.get("OUT", "")
        if year and not (year.isascii() and year.isdigit() and len(year) == 4):
            raise FolderError(f"YEAR={year} is not a year.")
        policy = environment.get("PACK", "")
        return cls(
            data=data_folder(environment),
            pack=loader.named(policy),
            policy=policy if loader.is_name(policy) else str(Path(policy).absolute()),
            year=int(year) if year else None,
            today=rehearsal.day(environment, data_folder(environment)),
            out=Path(out) if out else None,
            exit=environment.get("EXIT", "") not in {"", "0"},
            state=state_folder(environment),
            own=OwnServers.read(environment),
        )


def data_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder whose years are run: the sample of the pack where none is named."""
    of_pack = SAMPLES / (environment.get("PACK") or loader.DEFAULT)
    return Path(environment.get("DATA") or (of_pack if of_pack.is_dir() else sample.FOLDER))


def state_folder(environment: Mapping[str, str]) -> Path:
    """Return where a run keeps everything: one folder for each folder of data, and day that is rehearsed.

    Raises: FolderError where that day is none.
    """
    data = data_folder(environment)
    var = Path(environment.get("STATE") or ROOT / "var")
    today = rehearsal.day(environment, data)
    as_of = "" if today is None else f"-{today}"
    return (var / f"{data.resolve().name}-{intake.digest(data)}{as_of}").absolute()
