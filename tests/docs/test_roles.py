"""Every role has its page: each call that it may make, beside the service that takes it, and no other."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from shared.access import gate, matrix
from tests.support.documents import ROOT
from tests.support.world import SERVICES

MATRIX = matrix.read()
FOLDER = ROOT / "docs" / "roles"
CALL = re.compile(r"`((?:GET|POST) /[^`]*)`")
EVERY = "all"
"""What stands on a page for every service."""
MACHINES = {"service"}
"""Roles that services have among themselves."""
each_role = pytest.mark.parametrize("role", sorted(MATRIX.roles.keys() - MACHINES))


def allowed(role: str) -> set[tuple[str, str]]:
    """Service and route of whatever a role may ask, at whichever level it is bound."""
    own = {name for name, act in MATRIX.acts.items() if _may(role, act.allowed)}
    return {(service, route) for service in SERVICES for route, act in _acts(service) if act in own}


def told(text: str) -> set[tuple[str, str]]:
    """Service and route of each call in the rows of a page; services stand in the cell before their calls."""
    return {pair for line in text.splitlines() if CALL.search(line) for pair in _row(line)}


def _row(line: str) -> Iterator[tuple[str, str]]:
    assert line.startswith("| "), f"a call outside a table: {line}"
    cells = [cell.strip() for cell in line.split("|")]
    (place,) = [place for place, cell in enumerate(cells) if CALL.search(cell)]
    services = SERVICES if cells[place - 1] == EVERY else cells[place - 1].split(", ")
    for service in services:
        yield from ((service, call) for call in CALL.findall(cells[place]))


def _acts(service: str) -> Iterator[tuple[str, str]]:
    for file in (gate.COMMON, ROOT / "services" / service / "src" / service / "access.toml"):
        yield from tomllib.loads(file.read_text(encoding="utf-8")).items()


def _may(role: str, cells: tuple[str, ...]) -> bool:
    return any(cell.partition("@")[0] == role for cell in cells)


def test_there_is_a_page_for_each_role_and_no_other() -> None:
    assert {page.stem for page in FOLDER.glob("*.md")} == MATRIX.roles.keys() - MACHINES


@each_role
def test_a_page_has_each_call_that_its_role_may_make_and_no_other(role: str) -> None:
    assert told((FOLDER / f"{role}.md").read_text(encoding="utf-8")) == allowed(role)


@each_role
def test_what_a_role_does_stands_where_it_happens_in_a_year(role: str) -> None:
    page = (FOLDER / f"{role}.md").read_text(encoding="utf-8")
    _, heading, looked_at = page.partition("\n## What one may look at")
    assert heading
    assert [call for _, call in told(looked_at) if not call.startswith("GET ")] == []
