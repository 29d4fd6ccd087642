"""Why a certificate stands as it does (依据说明): each category against its requirement."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shared.policy.categories import ZERO, Hours, Item, Part, counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One requirement and what counted towards it."""

    category: str
    counted: Decimal
    required: Decimal
    filled: Decimal
    """What something else stands in for."""

    @property
    def met(self) -> bool:
        """Whether enough was counted."""
        return self.counted + self.filled >= self.required


def lines(
    hours: Hours,
    required: Mapping[Item, Decimal],
    filled: Mapping[Item, Decimal],
    parts: Mapping[Item, tuple[Part, ...]],
) -> list[Line]:
    """Each requirement with what counted of its parts; carried-in hours count where they carry (GZ-VF-05)."""
    return [
        Line(
            category=item,
            counted=counted(hours, counting),
            required=required[item],
            filled=filled.get(item, ZERO),
        )
        for item, counting in parts.items()
        if item in required
    ]
