"""The cheapest plan (补足方案): of the ways that are open, how many hours of each close the gap.

Exact: whole hours of exchange are tried in every split that the points afford; what remains is divisible, and
there each hour is best taken where it costs least. Cost is compared kind by kind, the dearest first, so a
plan never learns anew what would come by itself, and never spends a point that it does not need.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import product
from typing import Literal, get_args

from hours.ledger.domain.amount import ZERO
from hours.outlook.domain.gap import Gap
from shared.policy.categories import Category

Kind = Literal["exchange", "review", "class", "rule"]
KINDS: Sequence[Kind] = get_args(Kind)
"""What costs least first: points that are there, hours that await their review, classes with a seat, hours
still to be looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to hours of one category."""

    kind: Kind
    category: Category
    of: str
    """The rule, the declaration, or the class, of which a plan says how many hours are needed."""
    hours: Decimal | None
    """Most that can come this way; None without a limit. Whole hours where points are exchanged."""
    plannable: bool = True
    """Whether one can set out for these hours, by what is known today."""


@dataclass(frozen=True, slots=True)
class Step:
    """Hours to be got one way."""

    way: Way
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do, and what is missing all the same."""

    steps: Sequence[Step]
    left: Gap


def plan(gap: Gap, ways: Sequence[Way], affordable: int) -> Plan:
    """The plan that closes most of the gap and costs least; points give `affordable` whole hours in all."""
    exchanges = [way for way in ways if way.kind == "exchange"]
    others = sorted(
        (way for way in ways if way.kind != "exchange" and way.plannable),
        key=lambda way: KINDS.index(way.kind),
    )
    plans = (_filled(gap, bought, others) for bought in _splits(gap, exchanges, affordable))
    return min(plans, key=_cost)


def _splits(gap: Gap, exchanges: Sequence[Way], affordable: int) -> Iterator[list[Step]]:
    """Every split of whole hours over the categories that could be of use."""
    most = [_useful(gap, way, affordable) for way in exchanges]
    for split in product(*(range(hours + 1) for hours in most)):
        if sum(split) <= affordable:
            yield [Step(way, Decimal(hours)) for way, hours in zip(exchanges, split, strict=True) if hours]


def _useful(gap: Gap, way: Way, affordable: int) -> int:
    needed = int((gap.missing[way.category] + gap.anywhere).to_integral_value(ROUND_CEILING))
    return min(affordable, needed, needed if way.hours is None else int(way.hours))


def _filled(gap: Gap, bought: Sequence[Step], others: Sequence[Way]) -> Plan:
    """The rest from the other ways, in their order: each category first, then what the total lacks."""
    for step in bought:
        gap = gap.after(step.way.category, step.hours)
    taken: dict[Way, Decimal] = dict.fromkeys(others, ZERO)
    for way in others:
        gap = _take(gap, way, taken, gap.missing[way.category])
    for way in others:
        gap = _take(gap, way, taken, gap.anywhere)
    return Plan(steps=[*bought, *(Step(way, hours) for way, hours in taken.items() if hours)], left=gap)


def _take(gap: Gap, way: Way, taken: dict[Way, Decimal], needed: Decimal) -> Gap:
    hours = needed if way.hours is None else min(needed, way.hours - taken[way])
    taken[way] += hours
    return gap.after(way.category, hours)


def _cost(found: Plan) -> tuple[Decimal, ...]:
    """What stays missing, then the hours of each kind, the dearest first; points are in whole hours."""
    hours: Mapping[Kind, Decimal] = {
        kind: sum((step.hours for step in found.steps if step.way.kind == kind), ZERO) for kind in KINDS
    }
    return (found.left.hours, *(hours[kind] for kind in reversed(KINDS)))
