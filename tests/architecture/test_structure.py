"""The shape of the code, measured: sizes, floats, clocks, docstrings, one way of importing."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("shared/src", "services", "deploy", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations/versions" not in path.as_posix()
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
RULES = [
    path
    for path in SOURCES
    if "/domain" in path.as_posix() or "/contracts/" in path.as_posix() or "/policy/" in path.as_posix()
]
ROOM_FILES = {
    "__init__.py", "api.py", "consumer.py", "jobs.py", "operations.py", "store.py", "tables.py", "domain.py",
    "entries.py", "bodies.py", "rendering.py", "signing.py", "settings.py",
}  # fmt: skip


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_files_and_functions_stay_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500, "a file holds one thing; split it by noun"
    for function in functions(ast.parse(text)):
        assert function.end_lineno is not None
        length = function.end_lineno - function.lineno + 1
        assert length <= 70, f"{function.name} has {length} lines"


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 600


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_module_says_what_it_owns(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), "a module opens with what it owns"


@pytest.mark.parametrize("path", RULES, ids=name)
def test_no_float_where_amounts_are_decided(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), node.lineno
        assert not (isinstance(node, ast.Name) and node.id == "float"), node.lineno


@pytest.mark.parametrize("service", ["points", "hours", "verification", "certificates"])
def test_a_service_is_rooms_and_nothing_beside(service: str) -> None:
    package = ROOT / "services" / service / "src" / service
    beside = {path.name for path in package.iterdir() if path.is_file()}
    assert beside == {
        "__init__.py", "__main__.py", "app.py", "settings.py",
        "problems.toml", "access.toml", "examples.json",
    }  # fmt: skip
    for room in package.iterdir():
        if not room.is_dir() or room.name in {"migrations", "__pycache__"}:
            continue
        files = {path.name for path in room.iterdir() if path.suffix == ".py"}
        assert files <= ROOM_FILES, f"{room.name}: {files - ROOM_FILES}: decide where it belongs"


def test_imports_go_one_way() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


FORBIDDEN = ("utils.py", "helpers.py", "common.py", "manager.py", "misc.py")


def test_no_drawer_for_odds_and_ends() -> None:
    assert [name(path) for path in SOURCES if path.name in FORBIDDEN] == []


def test_no_rule_number_or_place_in_code() -> None:
    """Regulations are data: no rule id, no city, no jurisdiction code outside the packs."""
    words = ("GZ-", "HG-0", 'guangzhou"', "440100", "广州", "霍尔果斯", "武汉")
    found = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        said = [word for word in words if word in text]
        if said and "deploy/local" not in path.as_posix():  # most say none of them, not even in a comment
            code = _code_of(text)
            found += [f"{name(path)}: {word}" for word in said if word in code]
    assert found == []


def _code_of(text: str) -> str:
    """A source without its docstrings and comments, which may cite a clause."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(value=None)
    return ast.unparse(tree)


def _room_imports(path: Path, service: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{service}."):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith(f"{service}."))


@pytest.mark.parametrize("service", ["points", "hours", "verification", "certificates"])
def test_a_room_enters_another_by_its_operations_or_its_rules_only(service: str) -> None:
    package = ROOT / "services" / service / "src" / service
    doors = ("operations", "domain", "entries", "bodies")
    found = []
    for room in (path for path in package.iterdir() if path.is_dir() and path.name != "migrations"):
        for path in room.rglob("*.py"):
            for imported in _room_imports(path, service):
                _, other, *rest = imported.split(".")
                if other != room.name and (package / other).is_dir() and (not rest or rest[0] not in doors):
                    found.append(f"{name(path)}: {imported}")
    assert found == []


def test_services_load_arrow_only_where_something_is_archived() -> None:
    services = ", ".join(f"{service}.app" for service in ("points", "hours", "verification", "certificates"))
    said = f"import {services}, shared.runtime.command, sys; print('pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
