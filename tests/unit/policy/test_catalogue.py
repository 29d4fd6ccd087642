"""The page that gives each row of the rule catalogue its place and its tests."""

import re
from pathlib import Path

import pytest

from shared.policy import loader
from shared.policy.pack import Pack
from tests.unit.policy.test_examples import SHIPPED
from tests.unit.policy.test_rule_table import PAGE as GUANGZHOU
from tests.unit.policy.test_rule_table import ROOT, assert_exists, nodes

FILE = ROOT / "docs" / "rules" / "catalogue.md"
PAGE = FILE.read_text(encoding="utf-8")
CATALOGUE = ROOT.parent / "shared" / "docs" / "domain.md"
PACKS = {name: loader.builtin(name) for name in SHIPPED}
ID = r"[A-Z]\w*-[\w.-]*\w"
FIRST, LAST = 4, 12
"""Sections of the catalogue that have rows of rules."""


def lines(text: str) -> list[list[str]]:
    """The rows of rules in a text, by cells."""
    rows = (
        line.strip().strip("|").split("|") for line in text.splitlines() if re.match(r"\| [A-Z]\w*-", line)
    )
    return [[cell.strip() for cell in row] for row in rows]


ROWS = {row[0]: row[1:] for row in lines(PAGE)}
NAMED = [
    (pack, rule)
    for _, where, _ in ROWS.values()
    for pack, ids in re.findall(rf"`(\w+)` ({ID}(?:, {ID})*)", where)
    for rule in ids.split(", ")
]
TABLES = [found for _, where, _ in ROWS.values() for found in re.findall(r"`(\w+)`'s `(\w+)`", where)]
ROOMS = sorted({room for _, where, _ in ROWS.values() for room in re.findall(r"`(services/[\w/]+)`", where)})
LINKS = sorted({link for _, where, _ in ROWS.values() for link in re.findall(r"\]\(([^)#]+)\)", where)})
NODES = sorted({node for *_, held in ROWS.values() if held != "-" for node in nodes(held)})


def test_each_row_stands_once() -> None:
    assert len(lines(PAGE)) == len(ROWS)


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue is not beside this checkout")
def test_the_rows_are_the_catalogues() -> None:
    parts = re.split(r"^## (\d+)\. ", CATALOGUE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = dict(zip(map(int, parts[1::2]), parts[2::2], strict=True))
    listed = [row[0] for number in range(FIRST, LAST + 1) for row in lines(sections[number])]
    assert sorted(ROWS) == sorted(listed)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_has_a_place_and_a_test_or_says_why_not(row: str) -> None:
    _, where, held = ROWS[row]
    reason = re.search(r"left out\*\*[^:]*: \w", where, re.IGNORECASE)
    assert ("**left out" in where.lower()) == bool(reason)
    assert re.search(rf"`\w+` {ID}|`\w+`'s `|`services/|\]\(", where) or reason
    assert held != "-" or where.startswith("**left out**: ")


@pytest.mark.parametrize(("pack", "rule"), NAMED)
def test_a_rule_that_is_named_is_the_packs(pack: str, rule: str) -> None:
    assert PACKS[pack].lookup(rule) is not None


@pytest.mark.parametrize(("pack", "table"), TABLES)
def test_a_table_that_is_named_is_the_packs(pack: str, table: str) -> None:
    assert table in Pack.__struct_fields__
    assert getattr(PACKS[pack], table)


@pytest.mark.parametrize("row", [row for row in ROWS if row.startswith("GZ-")])
def test_guangzhous_rules_have_no_other_test_than_on_their_own_page(row: str) -> None:
    assert all(f"`{node}`" in GUANGZHOU for node in nodes(ROWS[row][2]))


@pytest.mark.parametrize("room", ROOMS)
def test_the_rooms_that_are_named_exist(room: str) -> None:
    assert (ROOT / room).is_dir()


@pytest.mark.parametrize("link", LINKS)
def test_what_is_linked_exists(link: str) -> None:
    assert (Path(FILE).parent / link).is_file()


@pytest.mark.parametrize("node", NODES)
def test_the_tests_that_are_named_exist(node: str) -> None:
    assert_exists(node)
    if (case := re.search(r"\[(.+)\]$", node)) is not None:
        assert case[1] in SHIPPED
