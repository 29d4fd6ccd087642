"""Carry-over by GZ-VF-04 to 06: the worked vectors V1-V10, and what must be conserved."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.carryovers.domain.consumption import Consumption, Verdict, changes, consume

THRESHOLD = Decimal(42)


# name: carried in, fresh, verdict -> used of the carried, used of the fresh, expired, carried out
VECTORS: dict[str, tuple[str, str, Verdict, str]] = {
    "V1": ("0", "42", "pass", "0 42 0 0"),
    "V2": ("0", "50", "pass", "0 42 0 8"),
    "V3": ("0", "50", "fail", "0 0 0 0"),
    "V4": ("8", "34", "pass", "8 34 0 0"),
    "V5": ("8", "40", "pass", "8 34 0 6"),
    "V6": ("58", "30", "pass", "42 0 16 30"),
    "V7": ("58", "0", "pass", "42 0 16 0"),
    "V8": ("0", "41.5", "fail", "0 0 0 0"),
    "V9": ("10", "31", "fail", "0 0 10 0"),
    "V10 under the 72-hour table": ("0", "42", "pass", "0 42 0 0"),
    "V10 under the 90-hour table": ("0", "42", "fail", "0 0 0 0"),
    "GZ-VF-04 30/50/18": ("0", "50", "pass", "0 42 0 8"),
    "GZ-VF-04 30/50/17": ("0", "50", "fail", "0 0 0 0"),
    "GZ-VF-04 45/42/18": ("0", "42", "pass", "0 42 0 0"),
    "scenario 2": ("0", "70", "pass", "0 42 0 28"),
    "scenario 3": ("28", "20", "pass", "28 14 0 6"),
}


@pytest.mark.parametrize("name", VECTORS)
def test_worked_vectors(name: str) -> None:
    carried, fresh, verdict, expected = VECTORS[name]
    used_carried, used_fresh, expired, carry_out = (Decimal(amount) for amount in expected.split())
    result = consume(verdict=verdict, carried_in=Decimal(carried), fresh=Decimal(fresh), threshold=THRESHOLD)
    assert result == Consumption(
        carried_in=Decimal(carried),
        used_carried=used_carried,
        used_fresh=used_fresh,
        expired=expired,
        carry_out=carry_out,
    )


def test_two_verdicts_with_one_result_consume_once() -> None:
    result = consume(verdict="pass", carried_in=Decimal(8), fresh=Decimal(40), threshold=THRESHOLD)
    assert changes(None, result)
    assert not changes(result, result)


def test_a_fail_without_carried_hours_changes_nothing() -> None:
    result = consume(verdict="fail", carried_in=Decimal(0), fresh=Decimal(50), threshold=THRESHOLD)
    assert not changes(None, result)


def test_a_revoked_pass_takes_the_carry_over_back_and_leaves_the_carried_hours_open() -> None:
    standing = consume(verdict="pass", carried_in=Decimal(8), fresh=Decimal(40), threshold=THRESHOLD)
    result = consume(verdict="revoked", carried_in=Decimal(8), fresh=Decimal(0), threshold=THRESHOLD)
    assert result == Consumption(carried_in=Decimal(8))
    assert changes(standing, result)


HOURS = st.decimals(min_value=0, max_value=200, places=2)


@given(HOURS, HOURS)
def test_a_pass_conserves_hours(carried: Decimal, fresh: Decimal) -> None:
    result = consume(verdict="pass", carried_in=carried, fresh=fresh, threshold=THRESHOLD)
    assert result.used_carried + result.expired == carried
    assert result.used_fresh + result.carry_out == fresh
    assert result.used_carried + result.used_fresh <= THRESHOLD


@given(HOURS, HOURS, HOURS)
def test_carried_hours_never_carry_again(carried: Decimal, fresh: Decimal, more: Decimal) -> None:
    less = consume(verdict="pass", carried_in=carried, fresh=fresh, threshold=THRESHOLD)
    assert less.carry_out <= fresh
    richer = consume(verdict="pass", carried_in=carried + more, fresh=fresh, threshold=THRESHOLD)
    assert richer.carry_out - less.carry_out <= less.used_fresh - richer.used_fresh


@given(HOURS, HOURS)
def test_a_fail_ends_carried_hours_and_consumes_none(carried: Decimal, fresh: Decimal) -> None:
    result = consume(verdict="fail", carried_in=carried, fresh=fresh, threshold=THRESHOLD)
    assert result == Consumption(carried_in=carried, expired=carried)
