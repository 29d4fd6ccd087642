"""A year judged twice (试算对比): by the rules in force on what counts, by a draft on what is supposed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from shared.policy.categories import ZERO, Hours, Item
from shared.policy.requirement import Asked, Waived
from verification.figures.domain.hours import Known
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Prediction, predict


class Judged(NamedTuple):
    """What one set of rules says of a year, and what it asks for every item that it checks."""

    prediction: Prediction
    asked: Asked
    waived: Waived

    @property
    def off(self) -> Mapping[Item, Decimal]:
        """What is waived of each item."""
        return self.asked.off(self.waived)

    def figures_of(self, item: Item) -> tuple[Decimal, Decimal, Decimal] | None:
        """What counts towards an item, what is required and what is missing; None where it is not checked."""
        if item not in self.prediction.required:
            return None
        counted = self.asked.counted(self.prediction.figures, item)
        return counted, self.prediction.required[item], self.prediction.shortfall.get(item, ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A teacher's year under both."""

    teacher: str
    verdict: Outcome | None
    """The verdict that stands; None while there is none."""
    in_force: Judged
    drafted: Judged

    @property
    def differs(self) -> bool:
        """Whether the outcome is another one, or something else is missing."""
        before, after = self.in_force.prediction, self.drafted.prediction
        return before.outcome != after.outcome or before.shortfall != after.shortfall

    @property
    def items(self) -> list[Item]:
        """Items of which something else counts, is required or is missing; the draft's first."""
        both = dict.fromkeys([*self.drafted.prediction.required, *self.in_force.prediction.required])
        return [item for item in both if self.drafted.figures_of(item) != self.in_force.figures_of(item)]


def judged(figures: Hours, asked: Asked, waived: Waived) -> Judged:
    """Judge a year by one set of rules."""
    return Judged(predict(figures, asked, waived), asked, waived)


def supposing(known: Known, supposed: Hours) -> Hours:
    """What was counted, with other hours in the categories of which some are supposed."""
    return {**known.figures, **supposed}


class Sums(NamedTuple):
    """How many of some teachers pass and fail under both, and how many go over."""

    in_force: Mapping[Outcome, int]
    drafted: Mapping[Outcome, int]
    to_pass: int
    to_fail: int
    differing: int


def sums(compared: Sequence[Compared]) -> Sums:
    """Count outcomes."""
    pairs = Counter((one.in_force.prediction.outcome, one.drafted.prediction.outcome) for one in compared)
    return Sums(
        in_force=Counter(one.in_force.prediction.outcome for one in compared),
        drafted=Counter(one.drafted.prediction.outcome for one in compared),
        to_pass=pairs["fail", "pass"],
        to_fail=pairs["pass", "fail"],
        differing=sum(one.differs for one in compared),
    )
