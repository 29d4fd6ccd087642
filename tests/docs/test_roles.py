"""Every role has its page: each of its acts stands there as a call, and no call that it may not make."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from shared.access import gate, matrix
from tests.support.documents import ROOT

MATRIX = matrix.read()
FOLDER = ROOT / "docs" / "roles"
CALL = re.compile(r"`((?:GET|POST) /[^`]*)`")
MACHINES = {"service"}
"""Roles that services have among themselves."""


def acts() -> dict[str, set[str]]:
    """The acts of each route, whichever service has it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    files = [gate.COMMON, *ROOT.glob("services/*/src/*/access.toml")]
    for route, act in (pair for file in files for pair in _read(file).items()):
        found[route].add(act)
    return found


def _read(file: Path) -> dict[str, str]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


ACTS = acts()


def test_there_is_a_page_for_each_role_and_no_other() -> None:
    assert {page.stem for page in FOLDER.glob("*.md")} == MATRIX.roles.keys() - MACHINES


@pytest.mark.parametrize("role", sorted(MATRIX.roles.keys() - MACHINES))
def test_a_page_has_a_call_for_each_act_of_its_role_and_for_no_other(role: str) -> None:
    own = {name for name, act in MATRIX.acts.items() if _may(role, act.allowed)}
    calls = set(CALL.findall((FOLDER / f"{role}.md").read_text(encoding="utf-8")))
    assert calls <= ACTS.keys()
    assert [call for call in sorted(calls) if not ACTS[call] & own] == []
    assert own - {act for call in calls for act in ACTS[call]} == set()


def _may(role: str, allowed: tuple[str, ...]) -> bool:
    return any(cell.partition("@")[0] == role for cell in allowed)
