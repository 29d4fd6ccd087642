"""Grounds for waivers in a pack: what they are, and that none is half said."""

from importlib import resources

import pytest

from shared.policy import loader
from shared.policy.errors import PackError
from tests.support.waivers import RULES

TEXT = resources.files("shared.policy").joinpath("packs/guangzhou.toml").read_text(encoding="utf-8")
WITH = TEXT.replace("[carry_over]", f"{RULES}[carry_over]", 1)


def test_a_kind_that_a_pack_does_not_have_has_no_figures() -> None:
    assert loader.builtin().waivers == ()
    pack = loader.parse(WITH, "waivers.toml")
    child = pack.waiver("childbirth")
    assert child is not None
    assert (child.years, child.whole, set(child.hours)) == (2, False, {"elective", "professional"})
    assert pack.waiver("illness") is None
    assert pack.rule("T-W2").title_zh == "支教"


@pytest.mark.parametrize(
    ("line", "other", "key"),
    [
        ("hours = { elective = 18, professional = 10 }", "", "waivers[0].hours"),
        ("whole = true", "whole = true\nhours = { elective = 18 }", "waivers[1].hours"),
        ('kind = "secondment"', 'kind = "childbirth"', "waivers[1].kind"),
        ('deciders = ["city"]', "deciders = []", "waivers[0].deciders"),
    ],
)
def test_a_ground_says_how_much_once_and_who_decides(line: str, other: str, key: str) -> None:
    with pytest.raises(PackError) as raised:
        loader.parse(WITH.replace(line, other, 1), "waivers.toml")
    assert raised.value.key == key
