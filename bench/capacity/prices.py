"""What a year costs at prices that the reader gives; none is known here."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.capacity.plan import Plan
from bench.order import OrderError

MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Of a core for an hour and of a GB of disk for a month, in one currency."""

    core_hour: float
    gb_month: float

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Prices | None":
        """Read `PRICES=<core hour>,<GB and month>`; None where nothing is given.

        Raises: OrderError where these are not two prices.
        """
        given = environment.get("PRICES", "")
        if not given:
            return None
        try:
            core_hour, gb_month = map(float, given.split(","))
        except ValueError:
            raise OrderError(f"PRICES={given} are not two prices with a comma between them.") from None
        return cls(core_hour=core_hour, gb_month=gb_month)

    @property
    def says(self) -> str:
        """The row's name."""
        return f"cost of a year at {self.core_hour:g} a core hour and {self.gb_month:g} a GB and month"

    def of(self, plan: Plan) -> float:
        """Machines for a year, and for as long all that is on disk at its end."""
        return plan.core_hours * self.core_hour + plan.stored * MONTHS * self.gb_month
