"""Several years in one proof (多年验证证明): every year that it spans, with its verdict or without one.

It decides nothing: each year stays what its verdict says. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.policy.cycles import Span
from shared.wording import Language
from verification.judgements.domain.decision import Judgement

State = Literal["pass", "doubted", "fail", "undecided"]
"""Passed; passed, and in doubt; failed; nobody has decided."""

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "proven": "{first} to {last}: every year was verified as passed.",
        "open": "{first} to {last}: {passed} of {count} years were verified as passed; {rest}.",
        "fail": "{year} failed",
        "doubted": "the pass of {year} is in doubt",
        "undecided": "nobody has decided on {year}",
        "and": ", ",
    },
    "zh": {
        "proven": "{first} 至 {last} 年:各年度均验证通过。",
        "open": "{first} 至 {last} 年:{count} 个年度中 {passed} 个验证通过;{rest}。",
        "fail": "{year} 年度验证不通过",
        "doubted": "{year} 年度验证结果存疑",
        "undecided": "{year} 年度尚无验证结果",
        "and": ",",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenYear:
    """One year, and what is known of it."""

    year: int
    judgement: Judgement | None
    """None where it was never judged."""

    @property
    def state(self) -> State:
        """What the year's verdict says, as far as there is one."""
        decision = None if self.judgement is None else self.judgement.decision
        if decision is None:
            return "undecided"
        return "doubted" if decision.doubted else decision.verdict.outcome


def spanned(years: int, last: int, earliest: int | None) -> Span:
    """The years of a proof: from the `earliest` on, of more than so many `years` the last ones."""
    first = last - years + 1
    return Span(first if earliest is None else max(earliest, first), last)


def prove(span: Span, known: Mapping[int, Judgement]) -> list[ProvenYear]:
    """Every year that is spanned, in order."""
    return [ProvenYear(year=year, judgement=known.get(year)) for year in span.years]


def proven(years: Sequence[ProvenYear]) -> bool:
    """Whether every year was passed, and none of the passes is in doubt."""
    return all(one.state == "pass" for one in years)


def conclude(years: Sequence[ProvenYear], language: Language) -> str:
    """The same in words, with each year that is not passed."""
    words = WORDS[language]
    rest = [words[one.state].format(year=one.year) for one in years if one.state != "pass"]
    return words["open" if rest else "proven"].format(
        first=years[0].year,
        last=years[-1].year,
        passed=len(years) - len(rest),
        count=len(years),
        rest=words["and"].join(rest),
    )
