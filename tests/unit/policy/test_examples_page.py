"""The page that gives each worked figure of the rule catalogue the example or the test that holds it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.policy import loader
from shared.policy.pack import Pack
from tests.unit.policy.test_catalogue import CATALOGUE
from tests.unit.policy.test_catalogue import ROWS as CATALOGUED
from tests.unit.policy.test_examples import FURTHER, SHIPPED
from tests.unit.policy.test_rule_table import ROOT, assert_exists

PAGE = (ROOT / "docs" / "rules" / "examples.md").read_text(encoding="utf-8")
PACKS: dict[str, Pack] = {name: loader.builtin(name) for name in SHIPPED}
PACKS |= {file.stem: loader.load(file) for file in FURTHER}
FIRST, LAST, SCENARIOS = 5, 11, range(9, 14)
"""Sections of the catalogue whose figures stand here, and its scenarios that do."""


def lines(text: str) -> Iterator[list[str]]:
    """The rows of a text that begin with a rule, or with a scenario, by cells."""
    for line in text.splitlines():
        if re.match(r"\| [A-Z]\w*-", line):
            yield [cell.strip() for cell in line.strip().strip("|").split("|")]


ROWS = list(lines(PAGE))
NAMED = [
    (pack, words)
    for *_, held in ROWS
    for pack, quoted in re.findall(r'`(\w+)`: ((?:"[^"]+"(?:, )?)+)', held)
    for words in re.findall(r'"([^"]+)"', quoted)
]
NODES = sorted({node for *_, held in ROWS for node in re.findall(r"`(tests/[^`]+::[^`]+)`", held)})


@pytest.mark.parametrize(("pack", "words"), sorted(set(NAMED)))
def test_an_example_that_is_named_is_the_packs(pack: str, words: str) -> None:
    assert [example.words for example in PACKS[pack].examples].count(words) == 1


@pytest.mark.parametrize("node", NODES)
def test_the_tests_that_are_named_exist(node: str) -> None:
    assert_exists(node)


def test_each_figure_is_of_a_row_and_is_held_by_something_or_says_why_not() -> None:
    for row, example, held in ROWS:
        assert row in CATALOGUED or row in {f"S-{number}" for number in SCENARIOS}
        assert re.search(r'`\w+`: "|`tests/|\*\*left out\*\*: \w', held), (row, example)


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue is not beside this checkout")
def test_the_figures_are_the_catalogues() -> None:
    parts = re.split(r"^## (\d+)\. ", CATALOGUE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = dict(zip(map(int, parts[1::2]), parts[2::2], strict=True))
    listed = {
        row[0]: row[-1]
        for number in range(FIRST, LAST + 1)
        for row in lines(sections[number])
        if row[-1] not in {"", "-"}
    }
    scenarios = dict(re.findall(r"^(\d+)\. (.+)\.$", sections[18], flags=re.MULTILINE))
    listed |= {f"S-{number}": scenarios[str(number)].replace("**", "") for number in SCENARIOS}
    assert {row: "; ".join(told) for row, told in _examples().items()} == listed


def _examples() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row, example, _ in ROWS:
        found.setdefault(row, []).append(example)
    return found


def test_every_pack_of_the_tests_is_named() -> None:
    assert {file.stem for file in FURTHER} <= {pack for pack, _ in NAMED}
    assert all((Path(ROOT) / file).is_file() for file in FURTHER)
