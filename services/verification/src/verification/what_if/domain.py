"""A year or a cycle judged twice (试算对比): by the rules in force, and by a draft on what is supposed."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from shared.cycles.standing import Standing
from shared.cycles.standing import assess as sum_up
from shared.policy.categories import ZERO, Hours, Item, Part, counted
from shared.policy.cycles import Cycle
from shared.policy.requirement import Asked
from verification.figures.domain.hours import Known
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Prediction, predict


class Figures(NamedTuple):
    """Of one item."""

    counted: Decimal
    required: Decimal
    filled: Decimal
    """What of the required amount something else stands in for; a year has none of that."""
    missing: Decimal


class OfYear(NamedTuple):
    """What is found of a year by itself, and what is waived of each item."""

    prediction: Prediction
    off: Mapping[Item, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one set of rules says of a year or of a cycle."""

    found: OfYear | Standing
    outcome: Outcome
    items: Mapping[Item, Figures]
    """Every item that is checked."""
    short: Mapping[int, Mapping[Item, Decimal]]
    """What single years of a cycle miss of what each year asks; those that miss nothing are left out."""

    @property
    def missing(self) -> Mapping[Item, Decimal]:
        """What is short of each item that is."""
        return {item: figures.missing for item, figures in self.items.items() if figures.missing}


class AskedOfYear(NamedTuple):
    """What a year asks by itself."""

    year: int
    asked: Asked

    def judge(self, years: Mapping[int, Known]) -> Judged:
        """Judge the year on what counts in it, less what is waived; a withheld one stays withheld."""
        known, asked = years[self.year], self.asked
        prediction = predict(known.figures, asked, known.waived, known.withheld)
        items = {
            item: Figures(
                counted=asked.counted(prediction.figures, item),
                required=required,
                filled=ZERO,
                missing=prediction.shortfall.get(item, ZERO),
            )
            for item, required in prediction.required.items()
        }
        found = OfYear(prediction, asked.off(known.waived))
        return Judged(found=found, outcome=prediction.outcome, items=items, short={})


class AskedOfCycle(NamedTuple):
    """What the years of a cycle ask together, up to `year`."""

    year: int
    cycle: Cycle
    parts: Mapping[Item, tuple[Part, ...]]

    def judge(self, years: Mapping[int, Known]) -> Judged:
        """Judge the cycle as it stands after the year; nothing is waived of a cycle."""
        hours = {year: known.figures for year, known in years.items()}
        standing = sum_up(self.cycle, self.year, hours, self.parts)
        filled: dict[Item, Decimal] = defaultdict(lambda: ZERO)
        for one in standing.filled:
            filled[one.category] += one.amount
        items = {
            item: Figures(
                counted=counted(standing.hours, self.parts[item]),
                required=standing.required[item],
                filled=filled[item],
                missing=standing.missing.get(item, ZERO),
            )
            for item in self.parts
            if item in standing.required
        }
        short = {one.year: one.missing for one in standing.years if one.missing}
        return Judged(found=standing, outcome=standing.outcome, items=items, short=short)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A teacher's year or cycle under both."""

    teacher: str
    verdict: Outcome | None
    """The verdict that stands; None while there is none."""
    in_force: Judged
    drafted: Judged

    @property
    def differs(self) -> bool:
        """Whether the outcome is another one, or something else is missing, be it of a single year."""
        before, after = self.in_force, self.drafted
        return (before.outcome, before.missing, before.short) != (after.outcome, after.missing, after.short)

    @property
    def items(self) -> list[Item]:
        """Items of which something else counts, is required or is missing; the draft's first."""
        both = dict.fromkeys([*self.drafted.items, *self.in_force.items])
        return [item for item in both if self.drafted.items.get(item) != self.in_force.items.get(item)]

    @property
    def years(self) -> list[int]:
        """Years that miss something else by themselves."""
        both = sorted({*self.drafted.short, *self.in_force.short})
        return [year for year in both if self.drafted.short.get(year) != self.in_force.short.get(year)]


def supposing(known: Known, supposed: Hours) -> Known:
    """What was counted, with other hours in the categories of which some are supposed."""
    return known._replace(figures={**known.figures, **supposed})


class Sums(NamedTuple):
    """How many of some teachers pass and fail under both, and how many go over."""

    in_force: Mapping[Outcome, int]
    drafted: Mapping[Outcome, int]
    to_pass: int
    to_fail: int
    differing: int


def sums(compared: Sequence[Compared]) -> Sums:
    """Count outcomes."""
    pairs = Counter((one.in_force.outcome, one.drafted.outcome) for one in compared)
    return Sums(
        in_force=Counter(one.in_force.outcome for one in compared),
        drafted=Counter(one.drafted.outcome for one in compared),
        to_pass=pairs["fail", "pass"],
        to_fail=pairs["pass", "fail"],
        differing=sum(one.differs for one in compared),
    )
