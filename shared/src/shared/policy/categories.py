"""The categories (科目) in which a pack counts hours, as a tree: what is counted apart, and what is checked.

Hours are posted into categories that contain no other. A requirement may ask for any category, and for
`total`, in which everything counts. Hours carried in from the year before are a part of their own: they
count with the category that the pack's carry-over names, are used first and never carried again.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from shared.policy.shapes import Shape, Text

Category = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
"""The id of a category, as the pack gives it: `public`, `professional`, `elective` in Guangdong."""

Item = str
"""What is checked, each by itself: a category, or `total`."""

Part = str
"""What is summed: a category that contains no other, or `carried_in`."""

TOTAL: Item = "total"
CARRIED_IN: Part = "carried_in"
ZERO = Decimal("0.00")
"""No hours. A sum that begins with it has two places."""

RESERVED = frozenset(
    {TOTAL, CARRIED_IN, "carry_out", "over_cap", "deducted", "expired", "used_carried", "used_fresh"}
) | {*("hours", "teacher", "school")}
"""Names of other sums and of what they are of, which stand beside those of categories."""

Hours = Mapping[Part, Decimal]
"""Hours by part; nothing where a part is not named."""


class CategoryDefinition(Shape, frozen=True, kw_only=True):
    """A category, and the one in which it is contained."""

    id: Category
    name: Text
    """In English, as inside a sentence."""
    name_zh: Text
    within: Category | None = None


def to_texts(hours: Hours) -> dict[Part, str]:
    """Hours as JSON holds them."""
    return {part: f"{ZERO + amount}" for part, amount in hours.items()}


def from_texts(texts: Mapping[Part, str]) -> Hours:
    """Hours out of what `to_texts` made of them."""
    return {part: Decimal(amount) for part, amount in texts.items()}


def leaves(tree: Sequence[CategoryDefinition]) -> list[Category]:
    """The categories into which hours are posted, in the pack's order."""
    containing = {one.within for one in tree}
    return [one.id for one in tree if one.id not in containing]


def inside(tree: Sequence[CategoryDefinition], category: Category) -> Iterator[Category]:
    """A category and all that it contains."""
    yield category
    for one in tree:
        if one.within == category:
            yield from inside(tree, one.id)


def parts_of(tree: Sequence[CategoryDefinition], carried: Category | None) -> dict[Item, tuple[Part, ...]]:
    """What counts towards each item: of categories in the pack's order, the total last.

    `carried` is the category with which carried hours count; None where none are.
    """
    posted = leaves(tree)
    parts: dict[Item, tuple[Part, ...]] = {}
    for one in tree:
        contained = list(inside(tree, one.id))
        counting = [category for category in posted if category in contained]
        parts[one.id] = (*counting, *([CARRIED_IN] if carried in contained else []))
    return {**parts, TOTAL: (*posted, *([] if carried is None else [CARRIED_IN]))}


def counted(hours: Hours, parts: Sequence[Part]) -> Decimal:
    """What counts towards an item that has these parts."""
    return sum((hours.get(part, ZERO) for part in parts), ZERO)
