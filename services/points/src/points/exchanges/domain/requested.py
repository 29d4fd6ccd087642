"""A request as it was decided, for deciding it once more (重新核定) by the same rules or by others."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from points.exchanges.domain.deciding import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """What a teacher asked for, and the hours of it that stand."""

    request: str
    teacher: str
    category: str
    at: datetime
    asked: int
    stands: int
    """0 where it was refused, or called back whole."""

    def again(self) -> Request:
        """The request to decide once more: for the hours that stand, or for all where it was refused."""
        return Request(
            request=self.request,
            teacher=self.teacher,
            category=self.category,
            hours=Decimal(self.stands or self.asked),
            at=self.at,
            at_given=True,
        )
