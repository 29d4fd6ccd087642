"""The verdict decided last stands, in any order of arrival; a discrepancy is open while the two differ."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from verification.judgements.domain.decision import predict
from verification.verdicts.domain.discrepancy import Discrepancy, compare, steps
from verification.verdicts.domain.verdict import ProvinceVerdict, Rank, arrive, rank

from .cases import MARCH, NINETY, PARTS, figures

PASSED = ProvinceVerdict(verdict="V-1", teacher="T1", year=2024, outcome="pass", decided_at=MARCH)
FAILED_LATER = ProvinceVerdict(
    verdict="V-2", teacher="T1", year=2024, outcome="fail", decided_at=MARCH + timedelta(days=1)
)
PREDICTED = predict(figures("30", "42", "18", "8"), NINETY)


def standing_after(arrivals: list[ProvinceVerdict]) -> Rank | None:
    standing: Rank | None = None
    for verdict in arrivals:
        if arrive(verdict, known=True, standing=standing) == "standing":
            standing = rank(verdict)
    return standing


def test_a_later_verdict_wins_and_an_earlier_one_that_comes_late_changes_nothing() -> None:
    assert arrive(FAILED_LATER, known=True, standing=rank(PASSED)) == "standing"
    assert arrive(PASSED, known=True, standing=rank(FAILED_LATER)) == "late"


def test_a_verdict_on_an_unknown_teacher_is_parked() -> None:
    assert arrive(PASSED, known=False, standing=None) == "parked"


def test_verdicts_of_the_same_instant_are_ordered_by_identity() -> None:
    twin = replace(PASSED, verdict="V-0", outcome="fail")
    assert arrive(twin, known=True, standing=rank(PASSED)) == "late"
    assert arrive(PASSED, known=True, standing=rank(twin)) == "standing"


@given(
    st.lists(
        st.builds(
            lambda number, hours: replace(
                PASSED, verdict=f"V-{number}", decided_at=MARCH + timedelta(hours=hours)
            ),
            st.integers(0, 9),
            st.integers(0, 3),
        ),
        max_size=5,
        unique_by=lambda verdict: verdict.verdict,
    )
)
def test_which_verdict_stands_does_not_depend_on_the_order_of_arrival(
    verdicts: list[ProvinceVerdict],
) -> None:
    latest = max((rank(verdict) for verdict in verdicts), default=None)
    assert all(standing_after(list(order)) == latest for order in permutations(verdicts))


def test_agreement_is_no_discrepancy() -> None:
    assert compare(PREDICTED, PASSED, PARTS) is None


def test_the_provinces_professional_figure_includes_carried_in_hours() -> None:
    theirs = replace(
        PASSED, totals={"public": Decimal(30), "professional": Decimal(50), "elective": Decimal("18.0")}
    )
    assert compare(PREDICTED, theirs, PARTS) is None


def test_another_outcome_is_a_discrepancy() -> None:
    assert compare(PREDICTED, FAILED_LATER, PARTS) == Discrepancy(
        verdict="V-2", predicted="pass", decided="fail", difference={}
    )


def test_other_totals_are_a_discrepancy_by_category_even_where_the_outcome_agrees() -> None:
    theirs = replace(
        PASSED, totals={"public": Decimal(28), "professional": Decimal(42), "elective": Decimal(18)}
    )
    found = compare(PREDICTED, theirs, PARTS)
    assert found is not None
    assert found.difference == {"public": Decimal(-2), "professional": Decimal(-8)}


def test_only_differences_move_a_discrepancy() -> None:
    one = Discrepancy(verdict="V-2", predicted="pass", decided="fail", difference={})
    other = replace(one, difference={"public": Decimal(-2)})
    assert steps(None, None) == []
    assert steps(None, one) == ["open"]
    assert steps(one, one) == []
    assert steps(one, other) == ["close", "open"]
    assert steps(one, None) == ["close"]
