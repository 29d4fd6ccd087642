"""`python -m bench.capacity` is `make capacity`: print what places need, with `SAVE=1` also on the page."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.capacity.assumptions import PLACES, Assumptions
from bench.capacity.measured import KEPT, Measured, keep, kept, taken
from bench.capacity.plan import plan
from bench.capacity.prices import Prices
from bench.capacity.report import lines
from bench.order import ROOT, OrderError
from deploy.local.environment import everything

PAGE = ROOT / "docs" / "capacity.md"
TABLE = re.compile(r"(?<=<!-- make capacity -->\n)(?:\|.*\n)*")
"""Where the page shows the table."""


def main(environment: Mapping[str, str], page: Path = PAGE, file: Path = KEPT) -> int:
    """Print the table; the exit code is 1 where something that was given makes no sense."""
    try:
        measured = _measured(environment, file)
        table = printed(measured, environment)
    except OrderError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(table)
    if environment.get("SAVE", "0") not in {"", "0"}:
        keep(measured, file)
        page.write_text(TABLE.sub(lambda _: table, page.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def printed(measured: Measured, environment: Mapping[str, str]) -> str:
    """The table of all places.

    Raises: OrderError.
    """
    assumed, prices = Assumptions.read(environment), Prices.read(environment)
    plans = [plan(place, measured, assumed) for place in PLACES]
    return "".join(f"{line}\n" for line in lines(measured, plans, prices))


def _measured(environment: Mapping[str, str], file: Path) -> Measured:
    """The figures kept with the page, or those of the results that are given."""
    result, growth, archived = (environment.get(name, "") for name in ("RESULT", "GROWTH", "ARCHIVED"))
    if not result and not growth:
        return kept(file)
    if not (result and growth and archived.isdigit()):
        raise OrderError("RESULT, GROWTH and ARCHIVED are two files and the bytes of an archived entry.")
    return taken(Path(result), Path(growth), float(archived))


if __name__ == "__main__":
    sys.exit(main(everything()))
