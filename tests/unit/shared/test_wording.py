"""Figures in words: names for people, ids for programs, and nothing that reads like a value of Python."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.wording import Language, Named, Phrase, filled, said, shown

APPLE = Named("apple", {"en": "apple", "zh": "苹果"})
PEAR = Named("pear", {"en": "pear", "zh": "梨"})
NOON = datetime(2024, 12, 31, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "language", "words"),
    [
        (APPLE, "zh", "苹果"),
        (APPLE, "en", "apple"),
        ((APPLE, PEAR), "zh", "苹果、梨"),
        ([APPLE, PEAR], "en", "apple, pear"),
        (NOON, "zh", "2024-12-31T15:59:59Z"),
        (date(2024, 12, 31), "zh", "2024-12-31"),
        (Decimal("1E+2"), "en", "100"),
        (Decimal("8.00"), "en", "8.00"),
        (7, "zh", "7"),
        (False, "en", "false"),
        (Phrase("{one} ≠ {other}", {"one": APPLE, "other": PEAR}), "zh", "苹果 ≠ 梨"),
    ],
)
def test_a_figure_reads_in_words(value: Any, language: Language, words: str) -> None:
    assert said(value, language) == words


def test_ids_stay_ids_in_the_fields_of_an_answer() -> None:
    told = {
        "fruit": APPLE,
        "of": (APPLE, PEAR),
        "sum": [Phrase("{a} ≠ {b}", {"a": APPLE, "b": PEAR})],
        "at": NOON,
    }
    assert shown(told, "zh") == {
        "fruit": "apple",
        "of": ["apple", "pear"],
        "sum": ["苹果 ≠ 梨"],
        "at": NOON,
    }


def test_a_figure_that_is_missing_shows_its_name() -> None:
    assert filled("{here} and {there}", {"here": 1}, "en") == "1 and {there}"
