"""Which state may follow which."""

from datetime import date
from itertools import product

import pytest

from certificates.registry.domain.status import Operation, State, after, allowed, on
from shared.policy.calendar import CALENDAR_YEARS, Years
from shared.policy.certificates import CertificateKind

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


def conformity(after: int | None) -> CertificateKind:
    """A kind of certificate of a cycle, valid so many years after it."""
    common = {"id": "X-1", "clause": "1", "words": "w", "title": "t", "title_zh": "t"}
    named = {"division": "654004", "issuer": "i", "heading": "h", "cycle": "X-2"}
    return CertificateKind(name="cycle", digit=8, valid_years_after=after, **common, **named)


@pytest.mark.parametrize(
    ("after", "last_day"), [(None, None), (0, date(2028, 12, 31)), (1, date(2029, 12, 31))]
)
def test_hg_13_a_certificate_of_a_cycle_is_valid_so_many_years_after_it(
    after: int | None, last_day: date | None
) -> None:
    assert conformity(after).valid_until(2028, CALENDAR_YEARS) == last_day


def test_where_years_are_school_years_validity_ends_with_one() -> None:
    assert conformity(1).valid_until(2028, Years(9, 1)) == date(2030, 8, 31)


@pytest.mark.parametrize("state", list(State))
def test_hg_13_with_the_last_day_ends_what_was_live_and_nothing_else(state: State) -> None:
    until = date(2029, 12, 31)
    assert on(state, until, until) is state
    assert on(state, None, date(2099, 1, 1)) is state, "what has no end does not end"
    ended = state in {State.VALID, State.SUSPENDED}
    assert on(state, until, date(2030, 1, 1)) is (State.EXPIRED if ended else state)
