"""Which state may follow which."""

from itertools import product

import pytest

from certificates.registry.domain.status import Operation, State, after, allowed

MOVES = {
    (State.VALID, Operation.SUSPEND): State.SUSPENDED,
    (State.VALID, Operation.REVOKE): State.REVOKED,
    (State.VALID, Operation.EXPIRE): State.EXPIRED,
    (State.VALID, Operation.SUPERSEDE): State.SUPERSEDED,
    (State.SUSPENDED, Operation.REINSTATE): State.VALID,
    (State.SUSPENDED, Operation.REVOKE): State.REVOKED,
    (State.SUSPENDED, Operation.EXPIRE): State.EXPIRED,
    (State.SUSPENDED, Operation.SUPERSEDE): State.SUPERSEDED,
    (State.REVOKED, Operation.SUPERSEDE): State.SUPERSEDED,
}


@pytest.mark.parametrize(("state", "operation"), list(product(State, Operation)))
def test_only_the_listed_moves_are_allowed(state: State, operation: Operation) -> None:
    assert after(state, operation) == MOVES.get((state, operation))
    assert (operation in allowed(state)) == ((state, operation) in MOVES)


def test_a_certificate_begins_by_being_issued() -> None:
    assert after(None, Operation.ISSUE) is State.VALID
    assert all(after(None, operation) is None for operation in Operation if operation is not Operation.ISSUE)


def test_states_and_operations_carry_the_codes_of_the_national_interface() -> None:
    assert {state: state.code for state in State} == {
        State.VALID: "01",
        State.SUSPENDED: "02",
        State.REVOKED: "03",
        State.EXPIRED: "05",
        State.SUPERSEDED: "03",
    }
    assert Operation.SUPERSEDE.code == "09"
    assert len({operation.code for operation in Operation}) == len(Operation)
