"""Consumption and carry-over (提取与结转, GZ-VF-04 to GZ-VF-06).

On a pass the verification consumes professional hours up to the threshold, those carried in first; what
is left of the year's own goes into the next year, what is left of the carried ones ends. On a fail
nothing is consumed or carried, and carried hours end all the same. Carried hours never carry again.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from hours.ledger.domain.amount import ZERO

Verdict = Literal["pass", "fail", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """What stands for (teacher, year) after a verdict; all zero where nothing was decided."""

    carried_in: Decimal = ZERO
    used_carried: Decimal = ZERO
    used_fresh: Decimal = ZERO
    expired: Decimal = ZERO
    carry_out: Decimal = ZERO


def consume(*, verdict: Verdict, carried_in: Decimal, fresh: Decimal, threshold: Decimal) -> Consumption:
    """GZ-VF-05 on the figures that were judged; a revoked verdict leaves the carried hours undecided."""
    match verdict:
        case "revoked":
            return Consumption(carried_in=carried_in)
        case "fail":
            return Consumption(carried_in=carried_in, expired=carried_in)
        case "pass":
            used_carried = min(carried_in, threshold)
            used_fresh = min(fresh, threshold - used_carried)
            return Consumption(
                carried_in=carried_in,
                used_carried=used_carried,
                used_fresh=used_fresh,
                expired=carried_in - used_carried,
                carry_out=fresh - used_fresh,
            )


def changes(standing: Consumption | None, result: Consumption) -> bool:
    """Whether `result` has to be posted; two verdicts with the same result consume once."""
    return result != (standing or Consumption())
