"""Codes of divisions, schools and organisations: vectors of the standards, and what is no code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identifiers import credit_code, division, school_code

DIGITS = "0123456789"
CREDIT = [
    "11100000000013338W",
    "11430000006122244L",
    "11330105002500287C",
    "113700000045046442",
    "11110000000021135M",
    "91350100M000100Y43",
    "11370800MB28559184",
    "11420503087246977F",
    "11100000MB0341032Y",
    "11100000000013661B",
]


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("440000", "province"),
        ("420100", "city"),
        ("654004", "district"),
        ("410200", "city"),
        ("440001", None),
        ("990000", None),
        ("44010", None),
        ("4401060", None),
        ("４40106", None),
        ("", None),
    ],
)
def test_a_division_is_of_the_level_that_its_digits_say(code: str, level: str | None) -> None:
    assert division.level_of(code) == level


@given(st.text(alphabet=DIGITS, min_size=6, max_size=6), st.text(alphabet=DIGITS, min_size=6, max_size=6))
def test_a_division_lies_in_its_province_and_city_and_in_no_other(code: str, other: str) -> None:
    if division.level_of(code) != "district":
        return
    assert division.inside(code, f"{code[:2]}0000")
    assert division.inside(code, f"{code[:4]}00")
    assert division.inside(code, code)
    if division.level_of(other) == "district" and other != code:
        assert not division.inside(code, other)
    if division.level_of(other) == "province":
        assert division.inside(code, other) == (code[:2] == other[:2])


@pytest.mark.parametrize("code", CREDIT)
def test_every_credit_code_of_the_catalogue_holds_and_no_other_last_sign_does(code: str) -> None:
    assert credit_code.is_credit_code(code)
    others = set("0123456789ABCDEFGHJKLMNPQRTUWXYIOZSV") - {code[-1]}
    assert not any(credit_code.is_credit_code(code[:-1] + sign) for sign in others)


@given(st.sampled_from(CREDIT), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_sign_is_always_found(code: str, place: int, sign: str) -> None:
    mistyped = code[:place] + sign + code[place + 1 :]
    assert credit_code.is_credit_code(mistyped) == (mistyped == code)


def test_a_credit_code_is_normalised_and_then_taken_as_it_is() -> None:
    assert credit_code.normalise(" 11100000000013338w ") == "11100000000013338W"
    assert not credit_code.is_credit_code("11100000000013338w")
    assert not credit_code.is_credit_code("1110000-0000013338W")


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        ("1144000501", True),
        ("0144000501", False),
        ("1199000501", False),
        ("114400050", False),
        ("114400050X", False),
    ],
)
def test_a_school_code_is_checked_by_its_structure(code: str, holds: bool) -> None:
    assert school_code.is_school_code(code) == holds
