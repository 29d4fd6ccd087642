"""A run judges nobody before its cut is reached."""

from hypothesis import given
from hypothesis import strategies as st

from verification.runs.domain.run import Tally, reached

heads = st.dictionaries(st.integers(32, 63), st.integers(0, 50))


def test_a_partition_that_was_never_heard_holds_the_run_back() -> None:
    assert not reached({32: 7}, {32: 7, 33: 1})


def test_partitions_without_entries_need_not_be_heard() -> None:
    assert reached({}, {32: 0, 33: 0})


@given(heads, heads)
def test_the_cut_is_reached_when_no_partition_lies_behind(
    positions: dict[int, int], cut: dict[int, int]
) -> None:
    behind = [partition for partition, seq in cut.items() if positions.get(partition, 0) < seq]
    assert reached(positions, cut) is (not behind)


def test_tallies_add_up() -> None:
    one = Tally(judged=500, passed=480, failed=20, changed=3)
    assert one + Tally(judged=2, passed=1, failed=1, changed=2) == Tally(
        judged=502, passed=481, failed=21, changed=5
    )
