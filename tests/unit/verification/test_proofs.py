"""Several years in one proof: which of them, and what is said of each (GD-07)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.cycles import Span
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Decision, Judgement, Prediction, Verdict
from verification.proofs.domain import conclude, prove, proven, spanned

DAY = datetime(2026, 1, 20, tzinfo=UTC)


def judged(outcome: Outcome | None, *, doubted: bool = False) -> Judgement:
    """A year with a verdict, or with a prediction alone."""
    prediction = Prediction("pass", {"public": Decimal(30)}, {}, {})
    if outcome is None:
        return Judgement(prediction, "verification/1/1")
    verdict = Verdict("v", "province", outcome, DAY)
    return Judgement(
        prediction, "verification/1/1", Decision(verdict, 1, "verification/1/2", "verification/1/1", doubted)
    )


@pytest.mark.parametrize(
    ("since", "span"),
    [
        (None, (2021, 2025)),
        (2015, (2021, 2025)),
        (2021, (2021, 2025)),
        (2023, (2023, 2025)),
        (2026, (2026, 2025)),
    ],
)
def test_gd_07_of_more_than_five_years_in_the_title_the_last_five(
    since: int | None, span: tuple[int, int]
) -> None:
    assert spanned(5, 2025, since) == span


def test_a_year_that_nobody_decided_on_or_that_is_in_doubt_is_not_proven() -> None:
    known = {
        2022: judged("pass"),
        2023: judged("fail"),
        2024: judged("pass", doubted=True),
        2025: judged(None),
    }
    years = prove(Span(2021, 2025), known)
    assert [one.state for one in years] == ["undecided", "pass", "fail", "doubted", "undecided"]
    assert not proven(years)
    assert conclude(years, "zh") == (
        "2021 至 2025 年:5 个年度中 1 个验证通过;2021 年度尚无验证结果,2023 年度验证不通过,"
        "2024 年度验证结果存疑,2025 年度尚无验证结果。"
    )


@given(st.dictionaries(st.integers(2018, 2026), st.sampled_from(["pass", "fail"]), max_size=9))
def test_it_is_proven_exactly_where_every_year_of_it_is_passed(outcomes: Mapping[int, Outcome]) -> None:
    years = prove(Span(2021, 2025), {year: judged(outcome) for year, outcome in outcomes.items()})
    assert proven(years) == all(outcomes.get(year) == "pass" for year in range(2021, 2026))
    assert conclude(years, "en").startswith("2021 to 2025: every year") == proven(years)
