"""Verdicts on cycles (周期验证结果): what was found of a whole cycle, where it differs from what stands.

No province decides on cycles, so the finding and the verdict are one fact, and other hours bring another
verdict by themselves, as they do for a year on which we decide. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Self

from shared.cycles.standing import Filled, Standing, YearOf
from shared.policy.categories import Hours, Item
from shared.policy.cycles import Cycle, Span
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Decided, Decision, Revoked, Verdict, decide


class TeacherCycle(NamedTuple):
    """Whose cycle: the rule that asks, and the year in which it begins."""

    teacher: str
    cycle: str
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is found of a cycle, with everything that the outcome rests on."""

    outcome: Outcome
    hours: Hours
    """Of every part that counts towards the total, zeros included."""
    required: Mapping[Item, Decimal]
    filled: tuple[Filled, ...]
    missing: Mapping[Item, Decimal]
    years: tuple[YearOf, ...]

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """How somebody stands, without the words of the rule."""
        return cls(
            outcome=standing.outcome,
            hours=standing.hours,
            required=standing.cycle.asked,
            filled=tuple(standing.filled),
            missing=standing.missing,
            years=tuple(standing.years),
        )

    def under(self, cycle: Cycle) -> Standing:
        """How somebody stands by the rule under which this was found."""
        return Standing(
            cycle=cycle,
            span=Span(self.years[0].year, self.last),
            year=self.last,
            hours=self.hours,
            filled=self.filled,
            missing=self.missing,
            years=self.years,
        )

    @property
    def last(self) -> int:
        """The last year that was looked at."""
        return self.years[-1].year

    @property
    def short(self) -> list[int]:
        """Years that miss what each year asks."""
        return [one.year for one in self.years if one.missing]


class Known(NamedTuple):
    """The verdict that stands on a cycle."""

    finding: Finding
    policy: str
    """The rules by which it was found."""
    decision: Decision


def judge(known: Known | None, finding: Finding, verdict: Verdict) -> Sequence[Revoked | Decided[Finding]]:
    """What a finding posts; nothing where the same was found before."""
    if known is not None and known.finding == finding:
        return []
    return decide(None if known is None else known.decision, verdict, finding)
