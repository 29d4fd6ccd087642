"""Factors in packs: what is wrong with them is told at its key, and the tools of authors show them."""

import pytest

from deploy.policy.reading import told
from shared.policy import loader
from shared.policy.comparison import compare
from tests.integration.hours.packs import SHIPPED
from tests.integration.hours.recognising import FAR, NEIGHBOURS, NONE

PLACE = len(loader.builtin().hours)


def pack(rules: str) -> loader.Edition:
    text = SHIPPED.replace("[[requirements]]", f"{rules}\n[[requirements]]", 1)
    return loader.Edition(text, loader.parse(text, "test.toml"))


def test_rules_with_and_without_factors_load_in_order() -> None:
    found = pack(NEIGHBOURS + FAR + NONE).pack.recognising
    assert [(rule.id, len(rule.factors)) for rule in found] == [("T-RC-1", 1), ("T-RC-2", 2), ("T-RC-3", 0)]
    assert loader.builtin().recognising == []


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("denominator = 3", "denominator = 0", "factors[1].denominator"),
        ("denominator = 3", "", "factors[1].denominator"),
        ('unit = "credit"', 'unit = "day"', "factors[0].unit"),
        ('through = "declaration"', 'through = "plan"', "through"),
        ("cap = 30", "evidence = true", "evidence"),
        ('mode = "concentrated"\n', "", "factors[1]"),
    ],
)
def test_what_is_wrong_is_told_at_its_key(before: str, after: str, key: str) -> None:
    assert before in FAR
    with pytest.raises(loader.PackError) as error:
        pack(FAR.replace(before, after, 1))
    assert error.value.key == f"hours[{PLACE}].{key}"


def test_the_tools_of_authors_print_and_compare_factors() -> None:
    before, after = pack(FAR).pack, pack(FAR.replace("denominator = 3", "denominator = 4")).pack
    printed = "\n".join(told(before))
    assert "T-RC-2" in printed
    assert "10" in printed[printed.index("T-RC-2") :]
    (one,) = compare(before, after)
    assert [(value.before, value.after) for value in one.values] == [("3", "4")]
