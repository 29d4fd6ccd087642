"""The lines of a TOML file: where what a key path such as `hours[3].cap` names was written."""

import re
from collections.abc import Iterator

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

_TOML = Language(tree_sitter_toml.language())
_KEYS = {"bare_key", "quoted_key"}
_LAST = re.compile(r"(\.[^.\[]+|\[\d+\]|[^.\[]+)$")


def lines_of(text: str) -> dict[str, int]:
    """The first line, from 1, of every table, entry and element of a file, by key path."""
    lines: dict[str, int] = {}
    tables: dict[str, int] = {}
    for node in Parser(_TOML).parse(text.encode()).root_node.named_children:
        match node.type:
            case "pair":
                lines.update(_pair("", node))
            case "table" | "table_array_element":
                table = _table(node, tables)
                lines.setdefault(table, _line(node))
                for pair in node.named_children[1:]:
                    if pair.type == "pair":
                        lines.update(_pair(table, pair))
            case _:
                pass  # comments, and what is no TOML, which `tomllib` reports
    return lines


def line_of(lines: dict[str, int], key: str) -> int | None:
    """The line of a key path, or of what it would lie in where it is not there; None for the file itself."""
    while key and key not in lines:
        key = _LAST.sub("", key)
    return lines.get(key)


def _table(node: Node, tables: dict[str, int]) -> str:
    """The path of a table; `tables` counts those of each array and names the last one meanwhile."""
    *outer, name = _names(node.named_children[0])
    path = ""
    for part in outer:
        path = _joined(path, part)
        path = f"{path}[{tables[path] - 1}]" if path in tables else path
    path = _joined(path, name)
    if node.type == "table":
        return path
    tables[path] = tables.get(path, 0) + 1
    return f"{path}[{tables[path] - 1}]"


def _pair(table: str, node: Node) -> Iterator[tuple[str, int]]:
    key, value = node.named_children[:2]
    path = table
    for name in _names(key):
        path = _joined(path, name)
        yield path, _line(node)
    yield from _value(path, value)


def _value(path: str, node: Node) -> Iterator[tuple[str, int]]:
    within = [child for child in node.named_children if child.type != "comment"]
    if node.type == "inline_table":
        for pair in within:
            yield from _pair(path, pair)
    if node.type == "array":
        for place, element in enumerate(within):
            yield f"{path}[{place}]", _line(element)
            yield from _value(f"{path}[{place}]", element)


def _names(key: Node) -> list[str]:
    if key.type in _KEYS:
        return [(key.text or b"").decode().strip("\"'")]
    return [name for part in key.named_children for name in _names(part)]


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _line(node: Node) -> int:
    return node.start_point[0] + 1
