"""A cycle in words (周期说明): each item with its sum, what stands in for it, each year that is short."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from shared.cycles.standing import Standing
from shared.policy.categories import TOTAL, ZERO, Item, Part, counted
from shared.policy.names import item_names, unit_name
from shared.policy.pack import Pack
from shared.wording import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "total": "total of {first} to {last}",
        "item": "{name}: {counted} {unit} counted, at least {required} {unit} asked, {end}.",
        "met": "met",
        "short": "short {missing} {unit}",
        "filled": "{amount} {unit} of it stood in for by {surplus}, ",
        "pass": "{first} to {last}: everything that is asked is there as of {year}.",
        "fail": "{first} to {last}: not everything that is asked is there as of {year}.",
        "decided_pass": "{first} to {last}: verified, everything that is asked is there.",
        "decided_fail": "{first} to {last}: not verified, not everything that is asked is there.",
        "binds": "{year} is short of what each year asks: {items}.",
        "warns": "{year} has less than a year should have, which decides nothing: {items}.",
        "of": "{name} {missing} {unit}",
        "and": ", ",
    },
    "zh": {
        "total": "{first} 至 {last} 年合计",
        "item": "{name}:计入 {counted} {unit},要求不少于 {required} {unit},{end}。",
        "met": "已达到",
        "short": "缺 {missing} {unit}",
        "filled": "由{surplus}抵冲 {amount} {unit},",
        "pass": "{first} 至 {last} 年:截至 {year} 年已达到全部要求。",
        "fail": "{first} 至 {last} 年:截至 {year} 年尚未达到全部要求。",
        "decided_pass": "{first} 至 {last} 年:周期验证通过,已达到全部要求。",
        "decided_fail": "{first} 至 {last} 年:周期验证不通过,未达到全部要求。",
        "binds": "{year} 年未达到年度要求:{items}。",
        "warns": "{year} 年低于年度原则要求(不影响周期结果):{items}。",
        "of": "{name}缺 {missing} {unit}",
        "and": "、",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item of a cycle, with what was summed."""

    item: Item
    counted: Decimal
    required: Decimal
    filled: Decimal
    """What of the required amount something else stands in for."""
    missing: Decimal
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a pack's items are told in a language, and what counts towards each."""

    language: Language
    parts: Mapping[Item, tuple[Part, ...]]
    names: Mapping[Item, str]
    unit: str
    """Behind a figure."""

    @classmethod
    def of(cls, pack: Pack, language: Language) -> Self:
        """The items of a pack."""
        return cls(
            language=language,
            parts=pack.own_parts,
            names=item_names(pack, language),
            unit=unit_name(pack, language),
        )


def lines(standing: Standing, wording: Wording) -> Iterator[Line]:
    """Each item that the cycle asks for, in the pack's order, the total last."""
    asked = standing.cycle.asked
    for item in wording.parts:
        if item in asked:
            yield _line(standing, item, asked[item], wording)


def _line(standing: Standing, item: Item, required: Decimal, wording: Wording) -> Line:
    words, have = WORDS[wording.language], counted(standing.hours, wording.parts[item])
    missing = standing.missing.get(item, ZERO)
    filled = [one for one in standing.filled if one.category == item]
    end = words["short"].format(missing=f"{missing:.2f}", unit=wording.unit) if missing else words["met"]
    stood_in = "".join(
        words["filled"].format(
            amount=f"{one.amount:.2f}", unit=wording.unit, surplus=wording.names[one.surplus]
        )
        for one in filled
    )
    return Line(
        item=item,
        counted=have,
        required=required,
        filled=sum((one.amount for one in filled), ZERO),
        missing=missing,
        words=words["item"].format(
            name=_name(standing, item, wording),
            counted=f"{have:.2f}",
            required=f"{required:.2f}",
            unit=wording.unit,
            end=stood_in + end,
        ),
    )


def _name(standing: Standing, item: Item, wording: Wording) -> str:
    if item != TOTAL:
        return wording.names[item]
    return WORDS[wording.language]["total"].format(**standing.span._asdict())


def conclude(standing: Standing, wording: Wording) -> str:
    """Whether the cycle's years suffice so far, and which years are short by themselves."""
    return _said(standing, wording, standing.outcome)


def settle(standing: Standing, wording: Wording) -> str:
    """The same of a whole cycle on which there is a verdict."""
    return _said(standing, wording, f"decided_{standing.outcome}")


def _said(standing: Standing, wording: Wording, outcome: str) -> str:
    words, yearly = WORDS[wording.language], standing.cycle.yearly
    said = [words[outcome].format(**standing.span._asdict(), year=standing.year)]
    for one in standing.years:
        if one.missing and yearly is not None:
            items = words["and"].join(
                words["of"].format(name=wording.names[item], missing=f"{amount:.2f}", unit=wording.unit)
                for item, amount in one.missing.items()
            )
            said.append(words["binds" if yearly.binding else "warns"].format(year=one.year, items=items))
    return ("" if wording.language == "zh" else " ").join(said)
