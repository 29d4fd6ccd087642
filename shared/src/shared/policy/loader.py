"""Reading rule packs (规则包): TOML in, `Pack` out, or an error that names the file and the key.

Decimals are read exactly. Nothing has a default that a regulation would have to give: a missing number, an
unknown key or values that contradict each other end the start-up instead of being guessed.
"""

import re
import tomllib
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from shared.policy.checks import faults
from shared.policy.errors import NoPackError, PackError
from shared.policy.pack import Pack

__all__ = ["NoPackError", "PackError", "Packs", "build", "builtin", "load", "load_folder", "parse"]

_PLACED = re.compile(r"(?P<what>.*) - at (?:`(?P<entry>key)` in )?`\$(?P<path>[^`]*)`", re.DOTALL)
_FIELD = re.compile(r"Object (?P<fault>missing required|contains unknown) field `(?P<field>[^`]+)`")


def load(path: str | Path) -> Pack:
    """Read the pack in one file.

    Raises:
        PackError: the file cannot be read, or its content is no valid pack.

    """
    file = Path(path)
    try:
        return parse(file.read_text(encoding="utf-8"), file.name)
    except OSError as error:
        raise PackError(file.name, "", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PackError(file.name, "", f"is not UTF-8 (byte {error.start})") from error


def builtin(name: str = "guangzhou") -> Pack:
    """Read a pack that the project ships.

    Raises:
        PackError: none has that name.

    """
    for file in resources.files("shared.policy").joinpath("packs").iterdir():
        if file.name == f"{name}.toml":
            return parse(file.read_text(encoding="utf-8"), file.name)
    raise PackError(f"{name}.toml", "", "no such pack is shipped")


def parse(text: str, file: str) -> Pack:
    """Turn the TOML of a pack into a `Pack`; `file` is the name that errors give.

    Raises:
        PackError: as `load`.

    """
    try:
        written = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ArithmeticError) as error:
        raise PackError(file, "", f"is not TOML: {error}") from error
    return build(written, file)


def build(written: dict[str, Any], file: str) -> Pack:
    """Give the content of a pack its types and check it.

    Raises:
        PackError: a value is wrong.

    """
    try:
        pack = msgspec.convert(written, Pack)
    except msgspec.ValidationError as error:
        key, message = _locate(str(error), written)
        raise PackError(file, key, message) from error
    for key, message in faults(pack, written):
        raise PackError(file, key, message)
    return pack


def _locate(report: str, written: dict[str, Any]) -> tuple[str, str]:
    """Turn msgspec's report into a key path and a sentence."""
    what, key = report, ""
    if (placed := _PLACED.fullmatch(report)) is not None:
        what, key = placed["what"], placed["path"].removeprefix(".")
        if placed["entry"] or key.endswith("[...]"):
            key = _entry(key.removesuffix("[...]"), report, written)
    if (field := _FIELD.fullmatch(what)) is not None:
        key = f"{key}.{field['field']}" if key else field["field"]
        what = "is missing" if field["fault"].startswith("missing") else "is not a known key"
    return key, what


def _entry(table: str, report: str, written: dict[str, Any]) -> str:
    """Name the entry of `table` that the report is about: the one that alone repeats it.

    msgspec gives the table only.
    """
    for name in _at(table, written):
        trial = deepcopy(written)
        entries = _at(table, trial)
        for other in entries.keys() - {name}:
            del entries[other]
        try:
            msgspec.convert(trial, Pack)
        except msgspec.ValidationError as error:
            if str(error) == report:
                return f"{table}.{name}"
    return table


def _at(key: str, written: dict[str, Any]) -> dict[str, Any]:
    """Return the table at a key path such as `hours[3].hours`."""
    found: Any = written
    for name, index in re.findall(r"(\w+)|\[(\d+)\]", key):
        found = found[name or int(index)]
    assert isinstance(found, dict)
    return found


@dataclass(frozen=True, slots=True)
class Packs:
    """Versions of packs, of which at most one of a pack is in force on any day."""

    versions: tuple[Pack, ...]

    def at(self, pack_id: str, day: date) -> Pack:
        """Return the version in force on `day`.

        Raises:
            NoPackError: there is none.

        """
        for pack in self.versions:
            header = pack.pack
            if header.id == pack_id and header.valid_from <= day <= (header.valid_to or date.max):
                return pack
        raise NoPackError(pack_id, day)

    def by_reference(self, reference: str) -> Pack:
        """Return the version that a posting names, such as `guangzhou@1`.

        Raises:
            NoPackError: there is none.

        """
        for pack in self.versions:
            if pack.reference == reference:
                return pack
        raise NoPackError(reference)


def load_folder(path: str | Path) -> Packs:
    """Read every `*.toml` of a folder.

    Raises:
        PackError: a file is wrong, a version occurs twice, or two versions of a pack overlap.

    """
    folder = Path(path)
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise PackError(folder.name, "", "holds no pack")
    loaded = sorted(
        ((load(file), file.name) for file in files),
        key=lambda item: (item[0].pack.id, item[0].pack.valid_from),
    )
    seen: dict[str, str] = {}
    for pack, file in loaded:
        if pack.reference in seen:
            raise PackError(file, "pack.version", f"{pack.reference} is also in {seen[pack.reference]}")
        seen[pack.reference] = file
    for (earlier, name), (later, file) in pairwise(loaded):
        if earlier.pack.id == later.pack.id and later.pack.valid_from <= (earlier.pack.valid_to or date.max):
            raise PackError(
                file, "pack.valid_from", f"{later.pack.valid_from} overlaps {earlier.reference} in {name}"
            )
    return Packs(tuple(pack for pack, _ in loaded))
