"""Where the province and the local computation differ (差异): in the outcome, or in a category's hours.

The province prevails (GZ-VF-03); the difference stays open until both say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.policy.categories import Category, Hours, Item, Part, counted
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Prediction
from verification.verdicts.domain.verdict import ProvinceVerdict

Step = Literal["open", "close"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """A difference between prediction and verdict; `difference` is the province's hours minus ours."""

    verdict: str
    predicted: Outcome
    decided: Outcome
    difference: Mapping[Category, Decimal]


def compare(
    prediction: Prediction, verdict: ProvinceVerdict, parts: Mapping[Item, tuple[Part, ...]]
) -> Discrepancy | None:
    """How the two differ; None where they agree. Totals that the province did not give agree.

    `parts` are what counts towards each category: the province is told of carried-in hours, so they are in
    its figure of their category.
    """
    difference = _difference(prediction.figures, verdict.totals or {}, parts)
    if prediction.outcome == verdict.outcome and not difference:
        return None
    return Discrepancy(
        verdict=verdict.verdict,
        predicted=prediction.outcome,
        decided=verdict.outcome,
        difference=difference,
    )


def steps(standing: Discrepancy | None, due: Discrepancy | None) -> list[Step]:
    """What turns the open discrepancy into the one that is due; a changed one is closed and opened anew."""
    if standing == due:
        return []
    closing: list[Step] = ["close"] if standing else []
    opening: list[Step] = ["open"] if due else []
    return closing + opening


def _difference(
    ours: Hours, theirs: Mapping[Category, Decimal], parts: Mapping[Item, tuple[Part, ...]]
) -> dict[Category, Decimal]:
    gaps = {
        category: theirs[category] - counted(ours, parts[category])
        for category in parts
        if category in theirs
    }
    return {category: hours for category, hours in gaps.items() if hours}
