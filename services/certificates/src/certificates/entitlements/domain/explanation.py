"""Why a certificate stands as it does (依据说明): each category against its requirement."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from certificates.registry.domain.certificate import Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One requirement and what counted towards it."""

    category: str
    counted: Decimal
    required: Decimal

    @property
    def met(self) -> bool:
        """Whether enough was counted."""
        return self.counted >= self.required


def lines(hours: Hours, required: Mapping[str, Decimal]) -> list[Line]:
    """Each requirement with its figures; carried-in hours count as professional ones (GZ-VF-05)."""
    counted = {
        "public": hours.public,
        "professional": hours.professional + hours.carried_in,
        "elective": hours.elective,
        "total": hours.total,
    }
    return [
        Line(category=category, counted=value, required=required.get(category, Decimal(0)))
        for category, value in counted.items()
    ]
