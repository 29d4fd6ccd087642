"""Factors (折算系数): by what hours or credits of another jurisdiction become hours of this one."""

from typing import Annotated

from msgspec import Meta

from shared.policy.categories import Category
from shared.policy.conversions import Unit
from shared.policy.shapes import Count, Shape

IssuerId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=100)]
"""Who signs transcripts, as their readers know it."""


class DeclaredFactor(Shape, frozen=True, kw_only=True):
    """What a line of a transcript has to be, and by which exact fraction it is multiplied."""

    issuers: tuple[IssuerId, ...] = ()
    """Empty: any that is trusted."""
    unit: Unit
    category: Category | None = None
    """Of the issuer; None: any."""
    mode: str | None = None
    """How a class was held (培训形式), as the issuer says; None: any, and what is not known."""
    numerator: Count
    denominator: Count

    def fits(self, issuer: str, unit: str, category: str, mode: str) -> bool:
        """Whether it is a factor for such a line."""
        return (
            (not self.issuers or issuer in self.issuers)
            and unit == self.unit
            and self.category in {None, category}
            and self.mode in {None, mode}
        )

    def covers(self, other: "DeclaredFactor") -> bool:
        """Whether every line that another one fits is one that this one fits."""
        among = not self.issuers or (bool(other.issuers) and set(other.issuers) <= set(self.issuers))
        same = self.category in {None, other.category} and self.mode in {None, other.mode}
        return among and self.unit == other.unit and same
