"""Years and cycles judged twice, for people: outcomes, and item by item what counts and what is missing."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shared.cycles import words as cycle_words
from shared.cycles.standing import Standing
from shared.policy.categories import Item, to_texts
from shared.policy.pack import Pack
from shared.wording import Language
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.explanation import Wording, conclude, explain
from verification.what_if.domain import Compared, Figures, Judged, Sums


class Told(NamedTuple):
    """What one set of rules says of a year or a cycle in words: of each item, and in the end."""

    items: Mapping[Item, str]
    end: str

    @classmethod
    def of(cls, side: Judged, pack: Pack, language: Language) -> "Told":
        """In the words in which a verdict on it would be told."""
        found = side.found
        if isinstance(found, Standing):
            of_cycle = cycle_words.Wording.of(pack, language)
            said = {line.item: line.words for line in cycle_words.lines(found, of_cycle)}
            return cls(said, cycle_words.conclude(found, of_cycle))
        wording, prediction = Wording.of(pack, language), found.prediction
        lines = explain(prediction.figures, prediction.required, wording, found.off)
        end = conclude(prediction.shortfall, wording, prediction.withheld)
        return cls({line.item: line.words for line in lines}, end)


def teacher(compared: Compared, in_force: Pack, draft: Pack, language: Language) -> dict[str, Any]:
    """A teacher's year or cycle under both, and in what the two differ."""
    before, after = compared.in_force, compared.drafted
    told = Told.of(after, draft, language)
    return {
        "teacher": compared.teacher,
        "differs": compared.differs,
        "verdict": compared.verdict,
        "in_force": _side(before, Told.of(before, in_force, language)),
        "draft": _side(after, told),
        "checks": list(_checks(compared, told)),
        "years": [
            {
                "year": year,
                "in_force": to_texts(before.short.get(year, {})),
                "draft": to_texts(after.short.get(year, {})),
            }
            for year in compared.years
        ],
    }


def _side(side: Judged, told: Told) -> dict[str, Any]:
    return {
        "outcome": side.outcome,
        "missing": to_texts(side.missing),
        "short_years": list(side.short),
        "words": told.end,
    }


def _checks(compared: Compared, told: Told) -> Iterator[dict[str, Any]]:
    for item in compared.items:
        yield {
            "item": item,
            "in_force": _figures(compared.in_force.items.get(item)),
            "draft": _figures(compared.drafted.items.get(item)),
            "words": told.items.get(item, ""),
        }


def _figures(figures: Figures | None) -> dict[str, str] | None:
    return None if figures is None else to_texts(figures._asdict())


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
