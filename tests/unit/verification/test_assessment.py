"""GZ-VF-02 on the numbers of the rule catalogue, and on any numbers."""

from decimal import Decimal

import pytest
from hypothesis import given

from shared.policy.categories import Hours
from shared.policy.loader import builtin
from shared.policy.requirement import Asked
from verification.judgements.domain.assessment import Met, Shortfall, assess, missing, outcome
from verification.judgements.domain.decision import predict

from .cases import NINETY, SEVENTY_TWO, any_figures, figures, requirements

VECTORS = {
    # figures(public, fresh professional, elective, carried in), as tabled under GZ-VF-06
    "V1": (figures("30", "42", "18", "0"), "pass"),
    "V2": (figures("30", "50", "18", "0"), "pass"),
    "V3": (figures("30", "50", "17", "0"), "fail"),
    "V4": (figures("30", "34", "18", "8"), "pass"),
    "V5": (figures("30", "40", "18", "8"), "pass"),
    "V6": (figures("30", "30", "18", "58"), "pass"),
    "V7": (figures("30", "0", "18", "58"), "pass"),
    "V8": (figures("30", "41.5", "18.5", "0"), "fail"),
    "V9": (figures("30", "31", "19", "10"), "fail"),
}


@pytest.mark.parametrize("vector", VECTORS)
def test_carry_over_vectors_pass_or_fail_as_tabled(vector: str) -> None:
    year, expected = VECTORS[vector]
    assert outcome(assess(year, NINETY)) == expected


def test_v10_passes_under_the_72_hour_table_and_fails_under_the_90_hour_table() -> None:
    year = figures("18", "42", "12")
    assert assess(year, SEVENTY_TWO) == Met()
    assert missing(assess(year, NINETY)) == {
        "public": Decimal(12),
        "elective": Decimal(6),
        "total": Decimal(18),
    }


def test_97_hours_fail_with_one_elective_hour_missing() -> None:
    year = figures("30", "50", "17")
    assert NINETY.counted(year, "total") == Decimal(97)
    assert assess(year, NINETY) == Shortfall(missing={"elective": Decimal(1)})


def test_a_total_that_is_reached_does_not_make_up_for_half_a_professional_hour() -> None:
    year = figures("30", "41.5", "18.5")
    assert NINETY.counted(year, "total") == Decimal(90)
    assert missing(assess(year, NINETY)) == {"professional": Decimal("0.5")}


def test_carried_in_hours_count_as_professional_ones_and_towards_the_total() -> None:
    year = figures("30", "31", "19", carried_in="10")
    assert NINETY.counted(year, "professional") == Decimal(41)
    assert NINETY.counted(year, "total") == Decimal(90)
    assert missing(assess(year, NINETY)) == {"professional": Decimal(1)}


def test_elective_of_seventeen_and_a_half_is_short_by_half_an_hour() -> None:
    assert missing(assess(figures("30", "42", "17.5"), NINETY)) == {
        "elective": Decimal("0.5"),
        "total": Decimal("0.5"),
    }


def test_without_any_hours_everything_is_missing() -> None:
    assert missing(assess({}, NINETY)) == {
        "public": Decimal(30),
        "professional": Decimal(42),
        "elective": Decimal(18),
        "total": Decimal(90),
    }


def test_public_hours_of_29_fail_however_many_professional_ones_there_are() -> None:
    assert missing(assess(figures("29", "60", "18"), NINETY)) == {"public": Decimal(1)}


@pytest.mark.parametrize(
    ("year", "total"), [(2010, 72), (2019, 72), (2020, 72), (2021, 90), (2024, 90), (2031, 90)]
)
def test_the_guangzhou_table_asks_72_hours_until_2020_and_90_after(year: int, total: int) -> None:
    asked = builtin("guangzhou").asked(year)
    assert asked is not None
    assert asked.minima["total"] == total


def test_no_year_before_the_table_has_a_requirement() -> None:
    assert builtin("guangzhou").asked(2009) is None


@given(any_figures, requirements)
def test_a_pass_is_exactly_reaching_all_four_items(year: Hours, asked: Asked) -> None:
    reached = all(asked.counted(year, item) >= hours for item, hours in asked.minima.items())
    assert (assess(year, asked) == Met()) is reached


@given(any_figures, requirements)
def test_adding_exactly_what_is_missing_makes_a_pass_and_no_less_does(year: Hours, asked: Asked) -> None:
    short = missing(assess(year, asked))
    filled = {part: year.get(part, Decimal(0)) + short.get(part, 0) for part in asked.parts["total"]}
    assert missing(assess(filled, asked)) == {}, "the minima add up to the total"
    assert all(hours > 0 for hours in short.values())


@given(any_figures, requirements)
def test_a_prediction_holds_what_it_rests_on(year: Hours, asked: Asked) -> None:
    prediction = predict(year, asked)
    assert {part: hours for part, hours in prediction.figures.items() if part in year} == year
    assert prediction.required == asked.minima
    assert (prediction.outcome == "pass") is (prediction.shortfall == {})
    for item, hours in prediction.shortfall.items():
        assert asked.counted(year, item) + hours == asked.minima[item]
