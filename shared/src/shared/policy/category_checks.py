"""What the categories of a pack must keep together, and everything that names one (科目校验)."""

from collections.abc import Iterator
from decimal import Decimal

from shared.policy.categories import RESERVED, TOTAL, Category
from shared.policy.pack import Pack
from shared.policy.years import Requirement

Fault = tuple[str, str]
"""Where something is wrong, as a key of the pack, and what."""
NOTHING = Decimal(0)


def category_faults(pack: Pack) -> Iterator[Fault]:
    """Yield what is wrong with the categories, what is posted into them and what is asked of them."""
    yield from _tree(pack)
    yield from _posted(pack)
    yield from _minima(pack)


def _tree(pack: Pack) -> Iterator[Fault]:
    """Categories stand behind those that contain them, so that no category contains itself."""
    before: set[str] = set()
    for index, category in enumerate(pack.categories):
        key = f"categories[{index}]"
        if category.id in RESERVED:
            yield f"{key}.id", f"{category.id} is the name of another sum"
        if category.id in before:
            yield f"{key}.id", f"{category.id} is used twice"
        if category.within is not None and category.within not in before:
            yield f"{key}.within", f"{category.within} is none of the categories before it"
        before.add(category.id)


def _posted(pack: Pack) -> Iterator[Fault]:
    """Hours go into categories that contain no other."""
    known = {category.id for category in pack.categories}
    named = [(f"hours[{index}].category", source.category) for index, source in enumerate(pack.hours)]
    named += [(f"exchange.caps.{name}", name) for name in pack.targets]
    if pack.carry_over is not None:
        named.append(("carry_over.category", pack.carry_over.category))
    for index, waiver in enumerate(pack.waivers):
        named += [(f"waivers[{index}].hours.{name}", name) for name in waiver.hours]
    for key, name in named:
        if name not in known:
            yield key, f"{name} is no category of this pack"
        elif name not in pack.posted:
            yield key, f"{name} contains other categories, into which hours are posted"


def _minima(pack: Pack) -> Iterator[Fault]:
    """Asked for is any category, and of what contains others not less than of these together."""
    contained: dict[str, Category | None] = {category.id: category.id for category in pack.categories}
    for index, row in enumerate(pack.requirements):
        key = f"requirements[{index}]"
        for name in row.minima.keys() - contained.keys():
            yield f"{key}.minima.{name}", f"{name} is no category of this pack"
        places = {name: f"{key}.minima.{name}" for name in row.minima} | {TOTAL: f"{key}.total"}
        for name, within in (contained | {TOTAL: None}).items():
            asked = row.total if name == TOTAL else row.minima.get(name)
            together = _together(pack, row, within)
            if asked is not None and asked < together:
                yield places[name], f"{asked} is less than the categories together ({together})"
            elif asked is not None and within == name and asked > together and _contains(pack, name):
                yield places[name], f"{asked} is more than the categories in it ask for together ({together})"


def _contains(pack: Pack, name: Category) -> bool:
    """Whether a category contains others. What is missing is looked for in those that contain none."""
    return any(one.within == name for one in pack.categories)


def _together(pack: Pack, row: Requirement, within: Category | None) -> Decimal:
    """What the categories directly within one need: each its own minimum, or those of what it contains."""
    inside = [one.id for one in pack.categories if one.within == within]
    return sum((max(row.minima.get(one, NOTHING), _together(pack, row, one)) for one in inside), NOTHING)
