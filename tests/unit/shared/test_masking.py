"""What is left of a name that is masked."""

from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.masking import mask


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李", "*"),
        ("李明", "李*"),
        ("陈小琳", "陈*琳"),
        ("欧阳娜娜", "欧**娜"),
        ("𬭎", "*"),
        ("李𬭎", "李*"),
        ("欧阳䶮", "欧*䶮"),
        ("阿卜杜热合曼·买买提", "阿*****·买**"),
        ("欧阳䶮·𬭎", "欧**·*"),
        ("尼格买提•热合曼", "尼***•热**"),
        ("Anna Maria Smith", "A*** M**** S****"),
        ("  李明  ", "李*"),
        ("李·", "*·"),
        ("", ""),
        ("e\u0301va", "é*a"),
        ("葛\U000e0100城", "葛\U000e0100*"),
    ],
)
def test_name_is_masked(name: str, shown: str) -> None:
    assert mask(name) == shown


def test_fifty_characters_stay_fifty() -> None:
    name = "古丽娜扎尔" * 5 + "·" + "阿卜杜热依" * 5
    assert len(mask(name[:50])) == 50
    assert mask(name[:50]).count("*") == 47


@example("ªª\u0a33")
@given(st.text(st.characters(categories=["Lo"]), min_size=1, max_size=50))
def test_at_most_two_characters_of_a_plain_name_are_shown(name: str) -> None:
    letters = [sign for sign in mask(name).replace("*", "") if not category(sign).startswith("M")]
    assert len(letters) <= 2, "marks belong to their letters: some letters are written with one"
