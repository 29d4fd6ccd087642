"""What the categories of a pack must keep together, and everything that names one (科目校验)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from shared.policy.categories import RESERVED, TOTAL, Category
from shared.policy.obligations import NewTeacherTraining
from shared.policy.pack import Pack

Fault = tuple[str, str]
"""Where something is wrong, as a key of the pack, and what."""
NOTHING = Decimal(0)


def category_faults(pack: Pack) -> Iterator[Fault]:
    """Yield what is wrong with the categories, what is posted into them and what is asked of them."""
    yield from _tree(pack)
    yield from _posted(pack)
    yield from _minima(pack)
    yield from _substitutes(pack)


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
    for index, rule in enumerate(pack.deductions):
        named += [(f"deductions[{index}].categories[{at}]", name) for at, name in enumerate(rule.categories)]
    for key, name in named:
        if name not in known:
            yield key, f"{name} is no category of this pack"
        elif name not in pack.posted:
            yield key, f"{name} contains other categories, into which hours are posted"


class _Ask(NamedTuple):
    """Something that asks for minima, and where it stands."""

    key: str
    minima: Mapping[Category, Decimal]
    total: Decimal
    is_looked_ahead: bool
    """Whether what is missing is looked for ahead of time, in the categories that contain none."""


def _asks(pack: Pack) -> Iterator[_Ask]:
    for index, row in enumerate(pack.requirements):
        yield _Ask(f"requirements[{index}]", row.minima, row.total, is_looked_ahead=True)
    for index, cycle in enumerate(pack.cycles):
        key = f"cycles[{index}]"
        yield _Ask(key, cycle.minima, cycle.total, is_looked_ahead=False)
        if cycle.yearly is not None:
            yield _Ask(f"{key}.yearly", cycle.yearly.minima, cycle.yearly.total, is_looked_ahead=False)
    for index, one in enumerate(pack.obligations):
        if isinstance(one, NewTeacherTraining):
            yield _Ask(f"obligations[{index}]", one.minima, one.total, is_looked_ahead=False)


def _minima(pack: Pack) -> Iterator[Fault]:
    """Asked for is any category, and of what contains others not less than of these together."""
    contained: dict[str, Category | None] = {category.id: category.id for category in pack.categories}
    for ask in _asks(pack):
        for name in ask.minima.keys() - contained.keys():
            yield f"{ask.key}.minima.{name}", f"{name} is no category of this pack"
        places = {name: f"{ask.key}.minima.{name}" for name in ask.minima} | {TOTAL: f"{ask.key}.total"}
        for name, within in (contained | {TOTAL: None}).items():
            asked = ask.total if name == TOTAL else ask.minima.get(name)
            together = _together(pack, ask.minima, within)
            if asked is not None and asked < together:
                yield places[name], f"{asked} is less than the categories together ({together})"
            elif asked is not None and within == name and asked > together and _is_bounded(pack, ask, name):
                yield places[name], f"{asked} is more than the categories in it ask for together ({together})"


def _is_bounded(pack: Pack, ask: _Ask, name: Category) -> bool:
    """Whether a category contains others, and what is missing is looked for in those that contain none."""
    return ask.is_looked_ahead and any(one.within == name for one in pack.categories)


def _together(pack: Pack, minima: Mapping[Category, Decimal], within: Category | None) -> Decimal:
    """What the categories directly within one need: each its own minimum, or those of what it contains."""
    inside = [one.id for one in pack.categories if one.within == within]
    return sum((max(minima.get(one, NOTHING), _together(pack, minima, one)) for one in inside), NOTHING)


def _substitutes(pack: Pack) -> Iterator[Fault]:
    """What stands in for something has a minimum of its own, and lies outside of what it fills."""
    for index, cycle in enumerate(pack.cycles):
        for place, substitute in enumerate(cycle.substitutes):
            key = f"cycles[{index}].substitutes[{place}]"
            if substitute.surplus not in cycle.minima:
                yield f"{key}.surplus", f"{substitute.surplus} has no minimum in this cycle"
            inside = set(pack.parts.get(substitute.surplus, ()))
            for name in substitute.fills:
                if name not in pack.posted or name not in cycle.minima:
                    yield f"{key}.fills", f"{name} has no minimum in this cycle, or contains other categories"
                elif name in inside:
                    yield f"{key}.fills", f"{name} is contained in {substitute.surplus}"
