"""The legal ground of a decision (依据)."""

import pytest

from shared.policy import explain, loader

PACK = loader.builtin()


def test_ground_of_a_rule() -> None:
    assert explain.ground(PACK, "GZ-RP-06") == {
        "rule": "GZ-RP-06",
        "clause": "附件 二(六)",
        "words": "研修作业推优:研修作业被工作坊主推荐为优秀研修作业,每被推优一次,研修作业作者获得20积分;",
        "title": "Recommended homework",
        "title_zh": "研修作业推优",
        "pack": "guangzhou@1",
    }


def test_ground_of_a_reserved_slot_says_what_is_missing() -> None:
    ground = explain.ground(PACK, "GZ-EX-02")
    assert (ground["clause"], ground["words"]) == ("附件 三(二)", "")
    assert "missing" in ground["title"]
    assert "缺" in ground["title_zh"]


@pytest.mark.parametrize("rule_id", [rule.id for _, rule in PACK.placed()])
def test_every_rule_has_a_ground(rule_id: str) -> None:
    ground = explain.ground(PACK, rule_id)
    assert ground["rule"] == rule_id
    assert all(ground[name] for name in ("clause", "title", "title_zh", "pack"))


def test_an_unknown_rule_has_none() -> None:
    with pytest.raises(KeyError, match="GZ-BP-99"):
        explain.ground(PACK, "GZ-BP-99")
