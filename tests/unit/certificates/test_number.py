"""Certificate numbers: the vectors of the catalogue, error detection, the end of a series."""

import string
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from certificates.registry.domain.number import (
    LAST_SERIAL,
    Misread,
    Number,
    Series,
    SeriesExhaustedError,
    normalise,
    read,
)
from shared.identifiers import citizen_id
from shared.policy import loader

FIRST = "44010020245000001X"

VECTORS = [
    ("440100", 2024, 5, 1, FIRST),
    ("440100", 2024, 5, 2, "440100202450000028"),
    ("440106", 2025, 6, 123, "440106202560001230"),
    ("654004", 2024, 8, 1, "654004202480000013"),
    ("654004", 2024, 8, 999_999, "654004202489999994"),
    ("410200", 2019, 6, 60, "410200201960000605"),
    ("420100", 2008, 8, 7, "420100200880000076"),
    ("440100", 2025, 5, 1, "440100202550000017"),
]

series = st.builds(
    Series,
    division=st.integers(100_000, 999_999).map(str),
    year=st.integers(1980, 2100),
    kind=st.integers(5, 9),
)
numbers = st.builds(Number, series=series, serial=st.integers(1, LAST_SERIAL))


@pytest.mark.parametrize(("division", "year", "kind", "serial", "text"), VECTORS)
def test_number_is_built_and_read_back(division: str, year: int, kind: int, serial: int, text: str) -> None:
    number = Series(division=division, year=year, kind=kind).number(serial)
    assert str(number) == text
    assert read(text) == number


def test_the_first_cycle_of_horgos_has_its_number_and_its_last_day() -> None:
    pack = loader.builtin("horgos")
    (kind,) = pack.certificates
    cycle = pack.cycle(kind.cycle or "")
    assert cycle is not None
    span = cycle.span(2026)
    assert span is not None
    series = Series(division=kind.division, year=span.first, kind=kind.digit)
    assert str(series.number(1)) == "654004202480000013"
    assert kind.valid_until(span.last, pack.years) == date(2029, 12, 31)


@given(numbers)
def test_every_number_reads_back(number: Number) -> None:
    assert read(str(number)) == number
    assert len(str(number)) == 18
    assert Series.of_key(number.series.key) == number.series


def test_blanks_hyphens_and_a_small_x_are_normalised() -> None:
    assert normalise(" 440100 2024-5 000001 x ") == FIRST
    assert read("440100-2024-5-000001-x") == read(FIRST)


def test_all_153_single_digit_changes_are_detected() -> None:
    changed = [
        FIRST[:place] + digit + FIRST[place + 1 :]
        for place in range(17)
        for digit in string.digits
        if digit != FIRST[place]
    ]
    assert len(changed) == 153
    assert [text for text in changed if read(text) != Misread(fault="check")] == []


def test_a_changed_check_character_is_detected() -> None:
    assert {read(FIRST[:17] + digit) for digit in string.digits} == {Misread(fault="check")}


def test_all_adjacent_transpositions_are_detected() -> None:
    swapped = [
        FIRST[:place] + second + first + FIRST[place + 2 :]
        for place, (first, second) in enumerate(pairwise(FIRST))
        if first != second
    ]
    assert len(swapped) == 11
    assert all(isinstance(read(text), Misread) for text in swapped)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "form"),
        ("4401002024500000", "form"),
        (FIRST + "1", "form"),
        ("4401002024X000001X", "form"),
        ("４４0100202450000018", "form"),
        ("44010020245000001" + chr(0), "form"),
        ("11010519491231002X", "series"),
        ("440100202450000001", "series"),
        ("440100202450000021", "check"),
    ],
)
def test_what_is_no_number_says_why(text: str, fault: str) -> None:
    assert read(text) == Misread(fault=fault)  # type: ignore[arg-type]  # parametrised literal


def test_serial_one_million_is_refused_loudly() -> None:
    full = Series(division="654004", year=2024, kind=8)
    assert str(full.number(LAST_SERIAL)) == "654004202489999994"
    with pytest.raises(SeriesExhaustedError, match="654004-2024-8"):
        full.number(LAST_SERIAL + 1)


@given(numbers)
def test_no_number_can_be_taken_for_a_citizen(number: Number) -> None:
    text = str(number)
    assert mod_11_2.checksum(text) == 1
    assert citizen_id.read(text) == citizen_id.NotACitizenId(fault="date")


def test_kind_1_would_have_read_as_a_date() -> None:
    body = "44010020241001001"
    mistaken = citizen_id.read(body + mod_11_2.calc_check_digit(body))
    assert isinstance(mistaken, citizen_id.CitizenId)
    assert mistaken.born_on == date(2024, 10, 1)
