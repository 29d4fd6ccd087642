"""The pages that name rules, their clauses, their places in a pack and their tests."""

import re
from pathlib import Path
from typing import get_args

import pytest

from shared.access import matrix
from shared.policy import loader, sources
from shared.policy.sources import Registrar

ROOT = Path(__file__).parents[3]
PAGE, ELSEWHERE = (
    (ROOT / "docs" / "rules" / name).read_text(encoding="utf-8") for name in ("guangzhou.md", "elsewhere.md")
)
PACK = loader.builtin()
HTTP = ("tests/integration/", "tests/e2e/")
"""Where tests ask the services as everybody does."""


def table(page: str, cells: int) -> dict[str, list[str]]:
    """The rows of a page that begin with a rule or a kind, with so many cells, by their first one."""
    rows = (
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in page.splitlines()
        if re.match(r"\| (?:[A-Z]+-|`|\d)", line)
    )
    return {row[0].strip("`"): row[1:] for row in rows if len(row) == cells}


ROWS = {name: row for name, row in table(PAGE, 6).items() if name not in get_args(Registrar)}
OTHERS = {**table(ELSEWHERE, 5), **table(ELSEWHERE, 3)}
NODES = sorted(set(re.findall(r"`(tests/[^`]+::[^`]+)`", PAGE + ELSEWHERE)))


def nodes(cell: str) -> list[str]:
    """The tests that a cell names, and nothing else."""
    named = [one.strip() for one in cell.split(",")]
    assert all(re.fullmatch(r"`tests/[^`]+::[^`]+`", one) for one in named), cell
    return [one.strip("`") for one in named]


def assert_exists(node: str) -> None:
    """A test of that name is in the file that the node names."""
    file, _, name = node.partition("::")
    function = re.escape(name.partition("[")[0].rpartition("::")[2])
    assert re.search(
        rf"^\s*(async )?def {function}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE
    )


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
def test_who_registers_and_who_reviews_is_the_packs_and_where_they_stand_the_matrixs(kind: str) -> None:
    _, bound, named, reviewed, _ = table(PAGE, 6)[kind]
    sources = [source for source in PACK.hours if kind in source.registrars]
    assert [rule for rule in named.split(", ") if rule] == [source.id for source in sources]
    assert ({source.reviewers for source in sources} or {()}) == {tuple(re.findall(r"`(\w+)`", reviewed))}
    roles = matrix.read().roles.items()
    assert re.findall(r"`(.+?)`", bound) == [
        f"{name}@{level}" for name, role in roles if role.kind == kind for level in role.levels
    ]


def test_the_requirements_are_the_packs() -> None:
    for row in PACK.requirements:
        figures = "".join(f"| {hours:f} " for hours in (*row.minima.values(), row.total)) + "|"
        assert re.search(rf"^\| {row.first}\b.*{re.escape(figures)}$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("rule_id", ROWS)
def test_each_rule_names_a_test_of_its_figures(rule_id: str) -> None:
    assert ROWS[rule_id][3].strip("`") in NODES


@pytest.mark.parametrize(("key", "rule_id"), [(key, rule.id) for key, rule in PACK.placed()])
def test_each_rule_names_a_test_of_what_services_do(key: str, rule_id: str) -> None:
    held = ROWS[rule_id][4]
    if key.startswith(("hours", "courses", "renewals", "terms", "principles")):
        assert all(node.startswith(HTTP) for node in nodes(held)), "as everybody asks"
    else:
        assert nodes(held)


def test_no_row_of_other_places_is_passed_over() -> None:
    assert len(OTHERS) == len(re.findall(r"^\| (?:[A-Z]+-|\d)", ELSEWHERE, re.MULTILINE))


@pytest.mark.parametrize("name", OTHERS)
def test_what_other_places_have_is_held_through_http_by_parameters_of_a_pack(name: str) -> None:
    *said, held = OTHERS[name]
    assert all(node.startswith(HTTP) for node in nodes(held))
    if len(said) == 3:
        parameters = re.findall(r"`(\w+)`", said[2])
        shapes = (sources.HourSource, sources.DegreeStudy, sources.Classes, sources.Score)
        assert parameters
        assert set(parameters) <= {field for shape in shapes for field in shape.__struct_fields__}


@pytest.mark.parametrize("node", NODES)
def test_the_tests_that_are_named_exist(node: str) -> None:
    assert_exists(node)
