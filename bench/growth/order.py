"""What a person asks of `make bench-growth`: sizes in entries, beside what every benchmark is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.order import Order, OrderError

USUAL = {"ROUNDS": "3", "LOTS": "10000", "SIZES": "1000000,10000000"}
SMALL = {"SIZES": "4000,8000"}
"""Of a smoke run."""
LEAST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthOrder:
    """Sizes of ledgers, and the rest of the order."""

    sizes: tuple[int, ...]
    """Entries of points, upwards."""
    order: Order

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "GrowthOrder":
        """Read the order.

        Raises: OrderError where a value makes no sense.
        """
        given = {name: value for name, value in environment.items() if value}
        smoke = given.get("SMOKE", "0") != "0"
        asked = (SMALL if smoke else USUAL) | given
        return cls(sizes=_sizes(asked["SIZES"]), order=Order.read(asked))


def _sizes(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and int(part) >= LEAST for part in parts):
        raise OrderError(f"SIZES={text} are not whole numbers from {LEAST} on.")
    return tuple(sorted({int(part) for part in parts}))
