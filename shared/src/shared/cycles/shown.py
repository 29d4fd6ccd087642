"""What the standing of somebody in a cycle looks like from outside, in figures and in words."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from pydantic import BaseModel, Field

from shared.cycles.standing import Filled, Outcome, Standing, YearOf
from shared.cycles.words import Wording, conclude, lines
from shared.policy.categories import TOTAL, Hours, Item, Part, counted, to_texts
from shared.policy.explain import ground
from shared.policy.pack import Pack
from shared.wording import Language

Amounts = Mapping[str, str]
Conclusion = Callable[[Standing, Wording], str]


class ShownFilled(BaseModel):
    """What of one category's surplus stands in for what another one lacks."""

    surplus: str = Field(examples=["required"])
    category: str = Field(examples=["elective"])
    amount: str = Field(examples=["5.00"])


class ShownYear(BaseModel):
    """One year of a cycle, and what it misses of what each year asks."""

    year: int = Field(examples=[2024])
    counted: Amounts
    missing: Amounts


class ShownItem(BaseModel):
    """One item that the cycle asks for."""

    item: Item
    counted: str
    required: str
    filled: str = Field(description="What of it something else stands in for.")
    missing: str
    words: str


class CycleStanding(BaseModel):
    """A cycle of a teacher as it stands after `year`, in hours or credits as the rules count."""

    teacher: str = Field(examples=["T0360"])
    cycle: str = Field(description="The rule that asks.")
    first: int = Field(examples=[2024])
    last: int = Field(examples=[2028])
    year: int = Field(description="The last year that is counted.", examples=[2026])
    outcome: Outcome = Field(description="Whether what counts so far is all that is asked.")
    counted: Amounts = Field(description="By category and `total`, over the years up to `year`.")
    required: Amounts
    filled: list[ShownFilled]
    missing: Amounts = Field(description="By item, after what stands in; empty where nothing is short.")
    years: list[ShownYear]
    short_years: list[int] = Field(description="Years that miss what each year asks.")


class Told(BaseModel):
    """What is said of a cycle in words, and on what ground."""

    rule: dict[str, str] = Field(description="Rule, clause and the clause's words.")
    checks: list[ShownItem]
    words: str


class CycleExplained(CycleStanding, Told):
    """The same with its ground and in words."""


class Sums(Protocol):
    """What was summed over the years of a cycle, whoever keeps it."""

    @property
    def outcome(self) -> Outcome:
        """Whether it suffices."""

    @property
    def hours(self) -> Hours:
        """By category."""

    @property
    def required(self) -> Mapping[Item, Decimal]:
        """What is asked of every item."""

    @property
    def filled(self) -> Sequence[Filled]:
        """What stands in for what."""

    @property
    def missing(self) -> Mapping[Item, Decimal]:
        """What is short of each item that is."""

    @property
    def years(self) -> Sequence[YearOf]:
        """Each year that is counted."""

    @property
    def short(self) -> list[int]:
        """Years that miss what each year asks."""


def shown(teacher: str, standing: Standing, pack: Pack) -> CycleStanding:
    """One row of a list."""
    return CycleStanding(**_standing(teacher, standing, pack))


def explained(teacher: str, standing: Standing, pack: Pack, language: Language) -> CycleExplained:
    """One standing with everything behind it."""
    return CycleExplained(**_standing(teacher, standing, pack), **told(standing, pack, language, conclude))


def _standing(teacher: str, standing: Standing, pack: Pack) -> dict[str, Any]:
    return {
        "teacher": teacher,
        "cycle": standing.cycle.id,
        **standing.span._asdict(),
        "year": standing.year,
        **summed(standing, pack),
    }


def told(standing: Standing, pack: Pack, language: Language, end: Conclusion) -> dict[str, Any]:
    """What is said of a cycle: its rule, each item, and in the end `end`."""
    wording = Wording.of(pack, language)
    return {
        "rule": ground(pack, standing.cycle.id),
        "checks": [
            ShownItem(
                item=line.item,
                counted=f"{line.counted:.2f}",
                required=f"{line.required:.2f}",
                filled=f"{line.filled:.2f}",
                missing=f"{line.missing:.2f}",
                words=line.words,
            )
            for line in lines(standing, wording)
        ],
        "words": end(standing, wording),
    }


def summed(found: Sums, pack: Pack) -> dict[str, Any]:
    """What was summed, with the categories of `pack`."""
    parts = pack.own_parts
    return {
        "outcome": found.outcome,
        "counted": _counted(found.hours, parts),
        "required": to_texts(found.required),
        "filled": [
            ShownFilled(surplus=one.surplus, category=one.category, amount=f"{one.amount:.2f}")
            for one in found.filled
        ],
        "missing": to_texts(found.missing),
        "years": [_year(one, parts) for one in found.years],
        "short_years": found.short,
    }


def _year(one: YearOf, parts: Mapping[Item, tuple[Part, ...]]) -> ShownYear:
    return ShownYear(year=one.year, counted=_counted(one.hours, parts), missing=to_texts(one.missing))


def _counted(hours: Mapping[Part, Decimal], parts: Mapping[Item, tuple[Part, ...]]) -> dict[str, str]:
    return {part: f"{counted(hours, parts[part]):.2f}" for part in (*parts[TOTAL], TOTAL)}
