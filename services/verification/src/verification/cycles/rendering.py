"""What cycles look like from outside."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.policy.categories import TOTAL, Item, Part, counted
from shared.policy.explain import ground
from shared.policy.names import item_names
from shared.policy.pack import Pack
from shared.wording import Language
from verification.cycles.bodies import texts
from verification.cycles.domain.assessment import Standing, YearOf
from verification.cycles.domain.explanation import Wording, conclude, lines

Amounts = Mapping[str, str]


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
    outcome: Literal["pass", "fail"] = Field(description="Whether what counts so far is all that is asked.")
    counted: Amounts = Field(description="By category and `total`, over the years up to `year`.")
    required: Amounts
    filled: list[ShownFilled]
    missing: Amounts = Field(description="By item, after what stands in; empty where nothing is short.")
    years: list[ShownYear]
    short_years: list[int] = Field(description="Years that miss what each year asks.")


class CycleExplained(CycleStanding):
    """The same with its ground and in words."""

    rule: dict[str, str] = Field(description="Rule, clause and the clause's words.")
    checks: list[ShownItem]
    words: str


def shown(teacher: str, standing: Standing, pack: Pack) -> CycleStanding:
    """One row of a list."""
    return CycleStanding(**_common(teacher, standing, pack))


def explained(teacher: str, standing: Standing, pack: Pack, language: Language) -> CycleExplained:
    """One standing with everything behind it."""
    wording = Wording(language=language, parts=pack.own_parts, names=item_names(pack, language))
    return CycleExplained(
        **_common(teacher, standing, pack),
        rule=ground(pack, standing.cycle.id),
        checks=[
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
        words=conclude(standing, wording),
    )


def _common(teacher: str, standing: Standing, pack: Pack) -> dict[str, Any]:
    cycle, parts = standing.cycle, pack.own_parts
    return {
        "teacher": teacher,
        "cycle": cycle.id,
        "first": standing.span.first,
        "last": standing.span.last,
        "year": standing.year,
        "outcome": standing.outcome,
        "counted": _counted(standing.hours, parts),
        "required": texts(cycle.asked),
        "filled": [
            ShownFilled(surplus=one.surplus, category=one.category, amount=f"{one.amount:.2f}")
            for one in standing.filled
        ],
        "missing": texts(standing.missing),
        "years": [_year(one, parts) for one in standing.years],
        "short_years": standing.short,
    }


def _year(one: YearOf, parts: Mapping[Item, tuple[Part, ...]]) -> ShownYear:
    return ShownYear(year=one.year, counted=_counted(one.hours, parts), missing=texts(one.missing))


def _counted(hours: Mapping[Part, Decimal], parts: Mapping[Item, tuple[Part, ...]]) -> dict[str, str]:
    return {part: f"{counted(hours, parts[part]):.2f}" for part in (*parts[TOTAL], TOTAL)}
