"""What several calendar years ask together (周期要求): minima, what stands in for what, each year's part."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, NamedTuple

from msgspec import Meta

from shared.policy.categories import TOTAL, ZERO, Category, Item
from shared.policy.shapes import Count, Rule, Shape
from shared.policy.years import Year


class Span(NamedTuple):
    """Calendar years from the first to the last, both included."""

    first: int
    last: int

    @property
    def years(self) -> range:
        """Every year of it."""
        return range(self.first, self.last + 1)


class Substitute(Shape, frozen=True, kw_only=True):
    """What `surplus` has above its minimum may stand in for what others lack (抵冲), never the other way.

    It has none while anything inside it is missing.
    """

    surplus: Category
    fills: Annotated[tuple[Category, ...], Meta(min_length=1)]
    """In this order."""


class Yearly(Shape, frozen=True, kw_only=True, dict=True):
    """What each year of a cycle asks beside the cycle (年度最低)."""

    minima: Mapping[Category, Decimal] = {}
    total: Decimal
    binding: bool
    """Whether a year that misses it fails the cycle; else it is a warning (原则上)."""

    @cached_property
    def asked(self) -> Mapping[Item, Decimal]:
        """What is asked of every item, with two places."""
        return _asked(self.minima, self.total)


class Cycle(Rule, frozen=True, kw_only=True, dict=True):
    """Hours or credits that some calendar years ask for together (周期).

    Cycles follow each other from the year `first` on; without it, any `years` years in a row are one (滚动).
    """

    years: Count
    first: Year | None = None
    last: Year | None = None
    """Last year of which the source speaks; None: until further notice."""
    minima: Mapping[Category, Decimal] = {}
    """By category; what is not named has none of its own."""
    total: Decimal
    substitutes: tuple[Substitute, ...] = ()
    yearly: Yearly | None = None

    @cached_property
    def asked(self) -> Mapping[Item, Decimal]:
        """What is asked of every item, with two places."""
        return _asked(self.minima, self.total)

    def span(self, year: int) -> Span | None:
        """The cycle in which a year lies, or that ends with it; None where the source speaks of none."""
        return span_of(year, years=self.years, first=self.first, last=self.last)


def span_of(year: int, *, years: int, first: int | None, last: int | None) -> Span | None:
    """The `years` years in which one lies, from `first` on; without it those that end with it.

    None before `first` and after `last`, of which the source does not speak.
    """
    if last is not None and year > last:
        return None
    if first is None:
        return Span(year - years + 1, year)
    if year < first:
        return None
    begun = year - (year - first) % years
    return Span(begun, begun + years - 1)


def _asked(minima: Mapping[Category, Decimal], total: Decimal) -> dict[Item, Decimal]:
    return {**{name: ZERO + hours for name, hours in minima.items()}, TOTAL: ZERO + total}
