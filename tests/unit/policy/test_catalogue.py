"""The page of every rule of the catalogue, held to the packs, to the tests, and to the catalogue itself."""

import re
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from shared.policy import loader

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "rules" / "catalogue.md").read_text(encoding="utf-8")
CATALOGUE = ROOT.parent / "shared" / "docs" / "domain.md"
FOLDER = resources.files("shared.policy").joinpath("packs")
PACKS = {
    file.name.removesuffix(".toml"): loader.builtin(file.name.removesuffix(".toml"))
    for file in FOLDER.iterdir()
    if file.name.endswith(".toml")
}
ROW = re.compile(r"^\| ((?:GZ|GD|HG|JX|KF|WH|HB|C360|VOC|SCH|NAT|OTH)-[^|]*?) \|", re.MULTILINE)
NODES = sorted(set(re.findall(r"`(tests/[^`]+?)::([^`\[]+)(?:\[[^`]*\])?`", PAGE)))
NAMED = re.compile(rf"`({'|'.join(PACKS)})` ((?:[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9.]*[A-Za-z0-9])+(?:, )?)+)")
RULES = sorted(
    {(pack, rule) for pack, rules in NAMED.findall(PAGE) for rule in rules.strip(", ").split(", ")}
)


@cache
def text(file: str) -> str:
    """A file of tests; empty where there is none."""
    path = ROOT / file
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def test_each_row_stands_there_once_and_says_where_and_how_it_is_held() -> None:
    rows = ROW.findall(PAGE)
    assert rows
    assert sorted(set(rows)) == sorted(rows)
    for line in PAGE.splitlines():
        if ROW.match(line):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            assert len(cells) == 4, line
            assert all(cells), line
            assert "::" in cells[3] or "**left out**" in cells[2].lower() or cells[3] == "-", line


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_a_rule_that_is_named_is_the_packs(pack: str, rule: str) -> None:
    assert PACKS[pack].lookup(rule) is not None


@pytest.mark.parametrize(("file", "name"), NODES)
def test_a_test_that_is_named_exists(file: str, name: str) -> None:
    assert f"def {name}(" in text(file)


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue is not beside this checkout")
def test_no_row_of_the_catalogue_is_missing_and_none_is_invented() -> None:
    whole = CATALOGUE.read_text(encoding="utf-8")
    section = whole[whole.index("\n## 4.") : whole.index("\n## 13.")]
    assert sorted(ROW.findall(PAGE)) == sorted(ROW.findall(section))
