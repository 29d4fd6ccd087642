"""Whether the years of a cycle suffice (周期达标): sums, what stands in for what, and each year by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.policy.categories import TOTAL, ZERO, Category, Hours, Item, Part, counted
from shared.policy.cycles import Cycle, Span, Substitute, Yearly

Outcome = Literal["pass", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What of a surplus stands in for what another category lacks."""

    surplus: Category
    category: Category
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOf:
    """One year of a cycle: what counts in it, and what it misses of what each year asks."""

    year: int
    hours: Hours
    """Of every part that counts towards the total, zeros included."""
    missing: Mapping[Item, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A cycle of somebody as it stands after a year of it."""

    cycle: Cycle
    span: Span
    year: int
    """The last year that is looked at."""
    hours: Hours
    """By category, over the years up to it."""
    filled: Sequence[Filled]
    missing: Mapping[Item, Decimal]
    """What is short of each item that is, after what stands in for it."""
    years: Sequence[YearOf]

    @property
    def required(self) -> Mapping[Item, Decimal]:
        """What the cycle asks of every item."""
        return self.cycle.asked

    @property
    def short(self) -> list[int]:
        """Years that miss what each year asks."""
        return [one.year for one in self.years if one.missing]

    @property
    def outcome(self) -> Outcome:
        """Whether what counts so far is all that the cycle asks; a year that only warns does not decide."""
        is_bound = self.cycle.yearly is not None and self.cycle.yearly.binding
        return "fail" if self.missing or (is_bound and self.short) else "pass"

    def serves(self, category: Category, parts: Mapping[Item, tuple[Part, ...]]) -> bool:
        """Whether more of a category is of use: to what is missing, or to what may stand in for it."""
        wanted = {*self.missing, *self.years[-1].missing}
        standing_in = {one.surplus for one in self.cycle.substitutes if wanted.intersection(one.fills)}
        return any(category in parts[item] for item in wanted | standing_in)

    def with_more(self, more: Hours, parts: Mapping[Item, tuple[Part, ...]]) -> "Standing":
        """How it stood with more in the last year that is looked at."""
        hours = {one.year: dict(one.hours) for one in self.years}
        for part, amount in more.items():
            hours[self.year][part] = hours[self.year].get(part, ZERO) + amount
        return assess(self.cycle, self.year, hours, parts)


def assess(
    cycle: Cycle, year: int, figures: Mapping[int, Hours], parts: Mapping[Item, tuple[Part, ...]]
) -> Standing:
    """Check the cycle in which a year lies on the figures of its years up to that one.

    Years that are not named have no figures.
    """
    span = cycle.span(year)
    assert span is not None, "the year lies in the cycle"
    looked_at = [one for one in span.years if one <= year]
    of = {one: figures.get(one, {}) for one in looked_at}
    hours = {part: sum((one.get(part, ZERO) for one in of.values()), ZERO) for part in parts[TOTAL]}
    lacking = _lacking(hours, cycle.asked, parts)
    filled = list(_fill(cycle, hours, lacking, parts))
    for one in filled:
        lacking[one.category] -= one.amount
    return Standing(
        cycle=cycle,
        span=span,
        year=year,
        hours=hours,
        filled=filled,
        missing={item: amount for item, amount in lacking.items() if amount},
        years=[_year(cycle.yearly, one, of[one], parts) for one in looked_at],
    )


def _lacking(
    hours: Hours, asked: Mapping[Item, Decimal], parts: Mapping[Item, tuple[Part, ...]]
) -> dict[Item, Decimal]:
    """What is short of each item that is, before anything stands in for it."""
    have = {item: counted(hours, parts[item]) for item in asked}
    return {item: amount - have[item] for item, amount in asked.items() if have[item] < amount}


def _fill(
    cycle: Cycle, hours: Hours, lacking: Mapping[Item, Decimal], parts: Mapping[Item, tuple[Part, ...]]
) -> Iterable[Filled]:
    """What stands in for what, one by one; what one has filled is not filled again."""
    open_still = dict(lacking)
    for substitute in cycle.substitutes:
        left = _surplus(cycle, substitute, hours, lacking, parts)
        for category in substitute.fills:
            amount = min(left, open_still.get(category, ZERO))
            if amount > 0:
                open_still[category] -= amount
                left -= amount
                yield Filled(surplus=substitute.surplus, category=category, amount=amount)


def _surplus(
    cycle: Cycle,
    substitute: Substitute,
    hours: Hours,
    lacking: Mapping[Item, Decimal],
    parts: Mapping[Item, tuple[Part, ...]],
) -> Decimal:
    """What a category has above its minimum, while nothing inside it is missing."""
    inside = set(parts[substitute.surplus])
    if any(inside.issuperset(parts[item]) for item in lacking):
        return ZERO
    return max(counted(hours, parts[substitute.surplus]) - cycle.asked[substitute.surplus], ZERO)


def _year(yearly: Yearly | None, year: int, hours: Hours, parts: Mapping[Item, tuple[Part, ...]]) -> YearOf:
    own = {part: ZERO + hours.get(part, ZERO) for part in parts[TOTAL]}
    return YearOf(year=year, hours=own, missing={} if yearly is None else _lacking(own, yearly.asked, parts))
