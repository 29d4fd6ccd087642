"""The glossary and the code say the same words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.contracts.catalogue import SHAPES

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
SOURCES = sorted(path for path in (ROOT / "services").glob("*/src/**/*.py") if "migrations" not in path.parts)
SERVICES = ("points", "hours", "verification", "certificates")

ALLOWED: dict[str, str] = {}
"""A forbidden word that a name holds all the same, and why."""


def rows(width: int) -> Iterator[list[str]]:
    """The cells of every table of that many columns, without its heads."""
    for line in LINES:
        cells = [cell.strip() for cell in line.strip().strip("|").split(" |")] if line.startswith("|") else []
        if len(cells) == width and not set(line) <= set("|- ") and cells[0] != "in code":
            yield cells


def ticked(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


WORDS = {word for row in rows(4) for word in ticked(row[0])}
FORBIDDEN = {word: row[0] for row in rows(4) for word in ticked(row[3])}
EVENTS = {word for row in rows(3) for word in ticked(row[0])}
ROOMS = {word for row in rows(2) for word in ticked(row[1])}


def names(tree: ast.AST) -> Iterator[str]:
    """Every name that a module gives to something."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.alias(asname=str(name)):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()) | ast.keyword(arg=str(name)):
                yield name
            case _:
                pass


def parts(name: str) -> str:
    """A name in snake case, between underscores."""
    return f"_{re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', name).lower().strip('_')}_"


def test_the_tables_were_read() -> None:
    assert {"teacher", "lot", "journal", "discrepancy"} <= WORDS
    assert {"outbox", "redemption", "cert"} <= FORBIDDEN.keys()


def test_a_word_is_not_both_used_and_forbidden() -> None:
    assert WORDS & FORBIDDEN.keys() == set()


def test_a_word_has_one_line() -> None:
    said = [word for row in rows(4) for word in sorted(ticked(row[0]))]
    assert sorted({word for word in said if said.count(word) > 1} - {"cut"}) == [], "cut has a line a service"


def test_every_word_is_used() -> None:
    folders = (ROOT / "services", ROOT / "shared" / "src")
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    text = "\n".join(path.read_text(encoding="utf-8").lower() for path in paths)
    assert [word for word in sorted(WORDS) if not re.search(rf"(?<![a-z]){word}(?![a-z])", text)] == []


def test_every_event_has_its_line_and_no_other() -> None:
    assert set(SHAPES) == EVENTS


@pytest.mark.parametrize("service", SERVICES)
def test_every_room_has_its_name_here(service: str) -> None:
    package = ROOT / "services" / service / "src" / service
    rooms = {path.parent.name for path in package.glob("*/__init__.py")} - {"migrations"}
    assert rooms <= ROOMS


@pytest.mark.parametrize("event", sorted(SHAPES))
def test_the_noun_of_an_event_is_a_word(event: str) -> None:
    assert event.partition(".")[0] in WORDS


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT / "services").as_posix())
def test_no_name_holds_a_forbidden_word(path: Path) -> None:
    found = [
        f"{name}: say {FORBIDDEN[word]}"
        for name in names(ast.parse(path.read_text(encoding="utf-8")))
        for word in FORBIDDEN
        if f"_{word}_" in parts(name) and name not in ALLOWED
    ]
    assert found == []
