"""What is assumed of teachers, of a year and of machines; every one can be given on the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Annotated

import msgspec
from msgspec import Meta

from bench.order import OrderError

Much = Annotated[float, Meta(gt=0)]
Part = Annotated[float, Meta(ge=0, le=1)]
Many = Annotated[int, Meta(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Nothing here was measured."""

    acts: Much = 60.0
    """Acts of a teacher in a year."""
    hurry: Part = 0.15
    """Part of a year's acts that comes from 25 to 31 December; evenly spread it would be 0.02."""
    unevenness: Part = 0.2
    """How far a day may lie from what its month and weekday expect (standard deviation)."""
    target: Annotated[float, Meta(gt=0, lt=1)] = 0.6
    """How busy the busiest hour of a year may keep a machine; latencies are measured at the same load."""
    machines: Many = 0
    """Machines of a place; 0 takes as many as its busiest hour and its disks ask for."""
    disk: Much = 500.0
    """GB of the largest database that a machine keeps: it has to be copied and brought back in hours."""
    years: Much = 2.0
    """Years that stay in the databases before they are archived."""
    standbys: Many = 1
    """Further machines for each, which hold the same data."""
    copies: Annotated[int, Meta(ge=1)] = 2
    """Copies of each service on a machine."""
    request: Much = 100.0
    """Acts of a request."""
    seed: Many = 1

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Assumptions":
        """Read those that are given, in capitals: `ACTS=80`.

        Raises: OrderError where a value makes no sense.
        """
        names = [one.name for one in fields(cls)]
        given = {name: text for name in names if (text := environment.get(name.upper(), ""))}
        try:
            return msgspec.convert(given, cls, strict=False)
        except msgspec.ValidationError as error:
            raise OrderError(f"What is assumed makes no sense: {error}.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somebody who runs the bank for so many teachers."""

    name: str
    teachers: int


PLACES: Sequence[Place] = (
    Place(name="district", teachers=12_000),
    Place(name="city", teachers=150_000),
    Place(name="province", teachers=1_600_000),
    Place(name="nation", teachers=19_000_000),
)

MONTHS: Mapping[int, float] = MappingProxyType(
    {1: 0.7, 2: 0.3, 3: 1.1, 4: 1.1, 5: 1.1, 6: 1.0, 7: 0.4, 8: 0.3, 9: 1.1, 10: 1.0, 11: 1.4, 12: 1.6}
)
"""How busy an ordinary day of a month is beside others: holidays are quiet, deadlines are not."""
WEEKDAYS = (1.1, 1.1, 1.1, 1.1, 1.0, 0.8, 0.8)
"""From Monday on."""
HOURS = (
    0.2, 0.1, 0.0, 0.0, 0.0, 0.1, 0.3, 0.6, 1.2, 1.5, 1.5, 1.2,
    1.3, 1.2, 1.5, 1.6, 1.5, 1.2, 1.0, 1.5, 2.2, 2.2, 1.4, 0.7,
)  # fmt: skip
"""From midnight on, China time: at school, and after supper."""
