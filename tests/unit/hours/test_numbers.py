"""Numbers of records: what a room makes is nobody else's, whatever ids hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.records.domain.numbers import RESERVED, Maker, address, made, parted

IDS = st.text("a/1:%2F", min_size=1, max_size=5)


@given(*[st.tuples(IDS, IDS, IDS)] * 2)
def test_no_two_rows_of_ids_make_the_same_number(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (made("class", *one) == made("class", *other)) == (one == other)


@given(IDS, IDS)
def test_two_ids_are_read_out_of_what_was_made_of_them(one: str, other: str) -> None:
    assert parted(made("class", one, other).removeprefix("class:")) == (one, other)


@pytest.mark.parametrize(
    ("maker", "ids", "number", "where"),
    [
        ("declaration", ["T1/2024"], "declaration:T1/2024", "declaration:T1/2024"),
        ("class", ["2026/3", "1", "a/T1"], "class:2026%2F3/1/a/T1", "class:2026%252F3/1/a/T1"),
        ("appeal", ["申诉?"], "appeal:申诉?", "appeal:%E7%94%B3%E8%AF%89%3F"),
    ],
)
def test_a_number_says_what_made_it_and_stands_in_an_address(
    maker: Maker, ids: list[str], number: str, where: str
) -> None:
    assert made(maker, *ids) == number
    assert number.startswith(RESERVED)
    assert address(number) == f"/v1/records/{where}"
