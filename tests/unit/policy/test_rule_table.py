"""The page that names every rule, its clause, its place in the pack and its tests."""

import re
from pathlib import Path
from typing import get_args

import pytest

from shared.policy import loader
from shared.policy.pack import Principle, Registrar

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "rules" / "guangzhou.md").read_text(encoding="utf-8")
PACK = loader.builtin()

ROWS = {
    cells[0]: cells[1:]
    for line in PAGE.splitlines()
    if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 6
    and re.match(r"[A-Z]+-", cells[0])
}
NODES = sorted(set(re.findall(r"`(tests/[^`]+::[^`]+)`", PAGE)))


def test_the_page_names_each_rule_of_the_pack_once_and_no_other() -> None:
    assert sorted(ROWS) == sorted(rule.id for _, rule in PACK.placed())
    for rule_id in ROWS:
        assert PAGE.count(f"\n| {rule_id} |") == 1


@pytest.mark.parametrize(("key", "rule_id"), [(key, rule.id) for key, rule in PACK.placed()])
def test_clause_and_key_are_the_packs(key: str, rule_id: str) -> None:
    rule = PACK.lookup(rule_id)
    assert rule is not None
    assert (ROWS[rule_id][0], ROWS[rule_id][2]) == (rule.clause, f"`{key}`")


@pytest.mark.parametrize("kind", get_args(Registrar))
def test_who_registers_is_the_packs(kind: str) -> None:
    [line] = re.findall(rf"^\| `{kind}` \|.*$", PAGE, re.MULTILINE)
    named = re.findall(r"GZ-HR-[\w.]+", line)
    assert named == [source.id for source in PACK.hours if kind in source.registrars]


def test_the_requirements_are_the_packs() -> None:
    for row in PACK.requirements:
        figures = f"| {row.public} | {row.professional} | {row.elective} | {row.total} |"
        assert re.search(rf"^\| {row.first}\b.*{re.escape(figures)}$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("rule_id", ROWS)
def test_each_rule_names_a_test_of_its_figures(rule_id: str) -> None:
    assert ROWS[rule_id][3].strip("`") in NODES


@pytest.mark.parametrize("rule_id", ROWS)
def test_each_rule_names_a_test_of_what_services_do_or_who_else_carries_it_out(rule_id: str) -> None:
    rule, held = PACK.lookup(rule_id), ROWS[rule_id][4]
    if held == "outside 系统外":
        assert isinstance(rule, Principle)
        assert rule.held_by.partition(":")[0] not in {"points", "hours", "verification", "certificates"}
    else:
        assert held.strip("`") in NODES


@pytest.mark.parametrize("node", NODES)
def test_the_tests_that_are_named_exist(node: str) -> None:
    file, _, name = node.partition("::")
    function = re.escape(name.partition("[")[0].rpartition("::")[2])
    assert re.search(
        rf"^\s*(async )?def {function}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE
    )
