"""The hours of a certificate as people are shown them: by category, carried-in ones apart, the total."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shared.policy.categories import CARRIED_IN, TOTAL, Hours, counted
from shared.policy.names import amount_name, item_name
from shared.policy.pack import Pack
from shared.wording import Named

_NAMES = {
    CARRIED_IN: Named(CARRIED_IN, {"en": "carried in", "zh": "上年结转"}),
    TOTAL: Named(TOTAL, {"en": "total", "zh": "合计"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What was counted, under a name. What carries has two of them: of the year itself, and carried in.

    A cycle has no carried-in hours: the year that gave them is part of it.
    """

    name: Named
    """A category, `carried_in`, or `total`."""
    category: Named
    """The category itself, also of what was carried into it; the total's own name."""
    carries: bool
    """Whether the category has carried-in hours beside it."""
    hours: Decimal
    unit: Named
    """What the pack counts in."""


def amounts(pack: Pack, hours: Hours) -> list[Amount]:
    """What is shown of hours: each category that no other contains, what was carried into it, the total."""
    return list(_amounts(pack, hours))


def _amounts(pack: Pack, hours: Hours) -> Iterator[Amount]:
    for one in pack.categories:
        if one.within is None:
            parts = pack.parts[one.id]
            name, carries = item_name(pack, one.id), CARRIED_IN in parts and CARRIED_IN in hours
            own = counted(hours, [part for part in parts if part != CARRIED_IN])
            yield Amount(name=name, category=name, carries=carries, hours=own, unit=amount_name(pack))
            if carries:
                yield _beside(pack, name, CARRIED_IN, hours)
    yield _beside(pack, _NAMES[TOTAL], TOTAL, hours)


def _beside(pack: Pack, category: Named, name: str, hours: Mapping[str, Decimal]) -> Amount:
    unit = amount_name(pack)
    return Amount(name=_NAMES[name], category=category, carries=False, hours=hours[name], unit=unit)
