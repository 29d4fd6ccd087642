"""Who has to approve a transfer: both sides, in order, nobody twice."""

from hypothesis import given
from hypothesis import strategies as st

from hours.approvals.domain import Approvals
from hours.transfers.domain import Transfer, approvers_of

NAMES = st.sampled_from(["district:A", "district:B", "city:C"])


@given(NAMES, NAMES)
def test_both_sides_approve_and_nobody_twice(releasing: str, receiving: str) -> None:
    approvers = approvers_of("S1", releasing, receiving)
    asked = [one.by for one in approvers]
    assert len(asked) == len(set(asked))
    assert asked[:2] == [receiving, "school:S1"]
    assert {releasing, receiving, "school:S1"} == set(asked)


@given(NAMES, NAMES)
def test_one_after_the_other_is_awaited_until_it_is_over(releasing: str, receiving: str) -> None:
    approvers = approvers_of("S1", releasing, receiving)
    for approved, approver in enumerate(approvers):
        pending = Transfer(
            transfer="1",
            teacher="T1",
            from_school="S1",
            to_school="S2",
            state="pending",
            approvals=Approvals(approvers=approvers, approved=approved),
        )
        assert pending.awaited == approver
