"""Caps (上限): what a teacher may be granted under one rule in one calendar year.

Claims are cut in order of time; the remaining part below the cap is granted. The cap looks at awards that
stand, never at the balance, so spending points does not open it again. A cap that changes in mid-year is for
what is granted from then on: an award that stands keeps the cap of its own version of the rules.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar

from points.activities.domain.act import Moment


class Asking(Protocol):
    """What a cap needs to know of a claim."""

    @property
    def ground(self) -> str: ...  # noqa: D102 - the object it rests on
    @property
    def moment(self) -> Moment: ...  # noqa: D102 - the act that completes it
    @property
    def asked(self) -> int: ...  # noqa: D102 - points before the cap
    @property
    def cap(self) -> int | None: ...  # noqa: D102 - of the version that grants it; None: no limit


A = TypeVar("A", bound=Asking)


class Cut(NamedTuple):
    """What a cap leaves of a claim."""

    granted: int
    before: int
    """Points granted under the same rule in the same year before it."""


def cut(claims: Iterable[A]) -> list[tuple[A, Cut]]:
    """Grant the claims of one teacher, rule and year in order of time, each until its cap is reached."""
    granted: list[tuple[A, Cut]] = []
    before = 0
    for claim in sorted(claims, key=lambda claim: (claim.moment, claim.ground)):
        points = claim.asked if claim.cap is None else max(0, min(claim.asked, claim.cap - before))
        granted.append((claim, Cut(points, before)))
        before += points
    return granted
