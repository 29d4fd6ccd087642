"""A pack's obligations: what contradicts itself does not load, and what changes is told."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shared.policy import loader
from shared.policy.comparison import compare
from shared.policy.errors import PackError

FILE = Path(__file__).parents[2] / "support" / "obligations.toml"
WUHAN, PRACTICE, TOPICS = 0, 3, 4


def written() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.mark.parametrize(
    ("place", "changed", "key", "says"),
    [
        (WUHAN, {"sources": []}, "sources", "not everything is such a training"),
        (WUHAN, {"sources": ["CP-H1", "CP-H9"]}, "sources[1]", "CP-H9 is no way of registering"),
        (WUHAN, {"sources": ["CP-H1", "CP-H1"]}, "sources", "twice"),
        (WUHAN, {"minima": {"leisure": 1}}, "minima.leisure", "no category"),
        (WUHAN, {"total": 39}, "total", "less than the categories together (40)"),
        (WUHAN, {"months": 0}, "months", ">= 1"),
        (PRACTICE, {"sources": []}, "sources", "not every day"),
        (PRACTICE, {"roles": ["专业课教师"] * 2}, "roles", "twice"),
        (PRACTICE, {"week_days": None}, "week_days", "exactly where weeks"),
        (PRACTICE, {"weeks": None}, "week_days", "exactly where weeks"),
        (PRACTICE, {"windows": []}, "month_days", "exactly where months"),
        (PRACTICE, {"month_days": None}, "month_days", "exactly where months"),
        (PRACTICE, {"weeks": None, "week_days": None, "windows": [], "month_days": None}, "", "neither"),
        (TOPICS, {"needed": 12}, "needed", "12 is more than there are topics (11)"),
        (TOPICS, {"last": 2020}, "last", "2020 lies before first 2021"),
        (TOPICS, {"topics": []}, "topics", "length >= 1"),
        (TOPICS, {"topics": [{"id": "a", "name": "a", "name_zh": "甲"}] * 2}, "topics", "twice"),
    ],
)
def test_an_obligation_that_contradicts_itself_is_named(
    place: int, changed: dict[str, Any], key: str, says: str
) -> None:
    text = written()
    one = {**text["obligations"][place], **changed}
    text["obligations"][place] = {name: value for name, value in one.items() if value is not None}
    with pytest.raises(PackError) as error:
        loader.build(text, "pack.toml")
    assert error.value.key.startswith(f"obligations[{place}]{'.' if key else ''}{key}")
    assert says in error.value.message


def test_a_topic_is_called_the_same_in_every_obligation() -> None:
    text = written()
    other = {"id": "ethics", "name": "ethics", "name_zh": "师德"}
    text["obligations"].append({**text["obligations"][TOPICS], "id": "JX-06", "topics": [other]})
    with pytest.raises(PackError) as error:
        loader.build(text, "pack.toml")
    assert error.value.key == "obligations[4].topics[2].name"


@pytest.mark.parametrize(
    ("changed", "key", "says"),
    [
        ({"obligation": "WH-99"}, "obligation", "WH-99 is no obligation"),
        ({"lacking": ["astronomy"]}, "lacking", "astronomy is no topic"),
        ({"records": [{"rule": "CP-H9"}]}, "records[0].rule", "CP-H9 is no rule"),
    ],
)
def test_an_example_of_an_obligation_is_of_the_pack(changed: dict[str, Any], key: str, says: str) -> None:
    text = written()
    place = next(at for at, one in enumerate(text["examples"]) if one["kind"] == "obligation")
    text["examples"][place].update(changed)
    with pytest.raises(PackError) as error:
        loader.build(text, "pack.toml")
    assert (error.value.key, says in error.value.message) == (f"examples[{place}].{key}", True)


def test_a_comparison_names_what_an_obligation_asks_otherwise() -> None:
    text = written()
    text["obligations"][WUHAN]["total"] = 90
    del text["obligations"][PRACTICE]["roles"]
    before, after = loader.load(FILE), loader.build(text, "pack.toml")
    found = {
        one.name: [(value.key, value.before, value.after) for value in one.values]
        for one in compare(before, after)
    }
    assert found == {
        "WH-04": [("total", "80", "90")],
        "VOC-03": [("roles", "专业课教师", "")],
    }
