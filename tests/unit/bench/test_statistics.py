"""Medians, percentiles and paired ratios, by figures worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics import figures, median, paired, percentile, summarise

SOME = st.lists(st.floats(min_value=0.001, max_value=1e9), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("values", "middle"),
    [([3.0], 3.0), ([1.0, 9.0], 5.0), ([9.0, 1.0, 2.0], 2.0), ([4.0, 1.0, 3.0, 2.0], 2.5)],
)
def test_the_median_is_the_value_in_the_middle(values: list[float], middle: float) -> None:
    assert median(values) == middle


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 1.0), (1, 1.0), (50, 50.0), (99, 99.0), (99.5, 100.0), (100, 100.0)]
)
def test_a_percentile_is_a_value_that_occurred(percent: float, value: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], percent) == value


def test_of_few_values_the_99th_percentile_is_the_largest() -> None:
    assert percentile([1.0, 7.0, 3.0], 99) == 7.0


@given(SOME, st.integers(1, 100))
def test_so_many_percent_do_not_exceed_a_percentile(values: list[float], percent: int) -> None:
    found = percentile(values, percent)
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


def test_the_spread_is_the_whole_width_as_a_part_of_the_median() -> None:
    found = summarise([90.0, 100.0, 115.0])
    assert found is not None
    assert (found.low, found.median, found.high) == (90.0, 100.0, 115.0)
    assert found.spread == pytest.approx(0.25)


def test_ratios_are_formed_within_a_round_before_they_are_compared() -> None:
    slow_and_quick = [{"E2": 10.0, "F1": 100.0}, {"E2": 40.0, "F1": 200.0}, {"E2": 90.0, "F1": 300.0}]
    found = paired(slow_and_quick, "E2", "F1")
    assert found is not None
    assert found.runs == pytest.approx((0.1, 0.2, 0.3))
    assert found.median == pytest.approx(0.2)


def test_a_round_in_which_one_side_was_wrong_gives_no_ratio() -> None:
    rounds = [{"E2": 10.0, "F1": 100.0}, {"F1": 200.0}, {"E2": 1.0}]
    found = paired(rounds, "E2", "F1")
    assert found is not None
    assert found.runs == (0.1,)
    assert figures(rounds, "F1") == summarise([100.0, 200.0])
    assert paired([{"F1": 1.0}], "E2", "F1") is None
    assert figures([], "F1") is None
