"""Years judged twice, for people: outcomes, and item by item what counts, is required and is missing."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from shared.policy.categories import to_texts
from shared.policy.pack import Pack
from shared.wording import Language
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.explanation import Wording, conclude, explain
from verification.what_if.domain import Compared, Judged, Sums


def teacher(compared: Compared, in_force: Pack, draft: Pack, language: Language) -> dict[str, Any]:
    """A teacher's year under both, and in what the two differ."""
    return {
        "teacher": compared.teacher,
        "differs": compared.differs,
        "verdict": compared.verdict,
        "in_force": _side(compared.in_force, Wording.of(in_force, language)),
        "draft": _side(compared.drafted, Wording.of(draft, language)),
        "checks": list(_checks(compared, Wording.of(draft, language))),
    }


def _side(side: Judged, wording: Wording) -> dict[str, Any]:
    prediction = side.prediction
    return {
        "outcome": prediction.outcome,
        "missing": to_texts(prediction.shortfall),
        "words": conclude(prediction.shortfall, wording),
    }


def _checks(compared: Compared, wording: Wording) -> Iterator[dict[str, Any]]:
    drafted = compared.drafted
    lines = explain(drafted.prediction.figures, drafted.prediction.required, wording, drafted.off)
    words = {line.item: line.words for line in lines}
    for item in compared.items:
        yield {
            "item": item,
            "in_force": _figures(compared.in_force.figures_of(item)),
            "draft": _figures(drafted.figures_of(item)),
            "words": words.get(item, ""),
        }


def _figures(figures: tuple[Decimal, ...] | None) -> dict[str, str] | None:
    if figures is None:
        return None
    return {
        name: f"{hours:.2f}" for name, hours in zip(("counted", "required", "missing"), figures, strict=True)
    }


def totals(sums: Sums) -> dict[str, Any]:
    """How many pass and fail under both."""
    return {
        "teachers": sum(sums.in_force.values()),
        "differing": sums.differing,
        "in_force": _counts(sums.in_force),
        "draft": _counts(sums.drafted),
        "to_pass": sums.to_pass,
        "to_fail": sums.to_fail,
    }


def _counts(outcomes: Mapping[Outcome, int]) -> dict[str, int]:
    return {"passed": outcomes.get("pass", 0), "failed": outcomes.get("fail", 0)}
