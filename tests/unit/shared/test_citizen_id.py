"""Citizen identity numbers: the standard's examples, typing errors, and what is asked apart."""

from datetime import date

import pytest
from stdnum.iso7064 import mod_11_2

from shared.identifiers.citizen_id import CitizenId, NotACitizenId, plausible, read, stands_in


@pytest.mark.parametrize(
    ("text", "born_on"),
    [
        ("34052419800101001X", date(1980, 1, 1)),
        ("11010519491231002X", date(1949, 12, 31)),
        ("440524188001010014", date(1880, 1, 1)),
    ],
)
def test_numbers_of_the_standard_are_read(text: str, born_on: date) -> None:
    assert read(text) == CitizenId(number=text, born_on=born_on)


def test_a_small_x_is_normalised() -> None:
    assert read(" 34052419800101001x ") == CitizenId(number="34052419800101001X", born_on=date(1980, 1, 1))


def test_the_check_character_is_that_of_the_standard() -> None:
    assert mod_11_2.calc_check_digit("079") == "X"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("340524198001010010", "check"),
        ("340524198013010017", "date"),
        ("340524800101001", "length"),
        ("3405241980010100１X", "form"),
        ("34052419800101X010", "form"),
        ("", "length"),
    ],
)
def test_what_is_no_number_says_why(text: str, fault: str) -> None:
    assert read(text) == NotACitizenId(fault=fault)  # type: ignore[arg-type]  # parametrised literal


def test_plausibility_is_a_question_of_its_own() -> None:
    old = read("440524188001010014")
    assert isinstance(old, CitizenId)
    assert not plausible(old, date(2024, 6, 1))
    assert plausible(old, date(1950, 6, 1))
    assert not plausible(old, date(1879, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "34052419800101001X",
        "身份证34052419800101001x,住院",
        "T34052419800101001X1",
        "１１０１０５１９４９１２３１００２Ｘ",
        "class:440524188001010014/T1",
    ],
)
def test_a_number_is_found_in_a_text(text: str) -> None:
    assert stands_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "T0360",
        "340524198001010010",  # its check does not hold
        "034052419800101001X",  # longer
        "4405241880010100145",
        "340524198013010017",  # no such month
        "100000202490000010",  # a certificate's number
        "340524178001010014",  # nobody alive was born then
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not stands_in(text)
