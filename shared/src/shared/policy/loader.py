"""Reading rule packs (规则包): TOML in, `Pack` out, or an error that names the file and the key.

Decimals are read exactly. Nothing has a default that a regulation would have to give: a missing number, an
unknown key or values that contradict each other end the start-up instead of being guessed.
"""

import re
import tomllib
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from shared.policy.checks import faults
from shared.policy.errors import PackError
from shared.policy.pack import Pack

__all__ = [
    "Edition",
    "Editions",
    "PackError",
    "build",
    "builtin",
    "editions",
    "hold_unit",
    "load",
    "parse",
    "reread",
]

_PLACED = re.compile(r"(?P<what>.*) - at (?:`(?P<entry>key)` in )?`\$(?P<path>[^`]*)`", re.DOTALL)
_NAME = re.compile(r"[a-z0-9-]+")
_FIELD = re.compile(r"Object (?P<fault>missing required|contains unknown) field `(?P<field>[^`]+)`")


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a pack, and the text that it was read from (文本)."""

    text: str
    pack: Pack

    @property
    def reference(self) -> str:
        """The version, as entries name it in `policy`: `guangzhou@1`."""
        return self.pack.reference

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hex: a version has one text, and this tells another one from it."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Editions:
    """The version in force, and others by which entries are told."""

    in_force: Edition
    others: tuple[Edition, ...] = ()

    @property
    def pack(self) -> Pack:
        """The rules in force."""
        return self.in_force.pack


DEFAULT = "guangzhou"
"""The shipped pack that is in force where nothing else is said."""


def editions(file: str = "", folder: str = "") -> Editions:
    """Read the version in force from a file or by the name of a shipped pack; others from a folder.

    Each `*.toml` of the folder is one.

    Of those, today's checks hold only the shapes: nothing is decided by them any more.

    Raises:
        PackError: as `load`; a version has two texts; a pack counts in two units.

    """
    text, name = _named(file)
    in_force = Edition(text, parse(text, name))
    others: dict[str, Edition] = {}
    for other in sorted(Path(folder).glob("*.toml")) if folder else ():
        found = Edition(*_reread(other))
        known = others.get(found.reference, in_force)
        if known.reference == found.reference and known.digest != found.digest:
            raise PackError(other.name, "pack.version", f"{found.reference} has another text already")
        hold_unit(found.pack, [in_force.pack, *(one.pack for one in others.values())], other.name)
        others[found.reference] = found
    others.pop(in_force.reference, None)
    return Editions(in_force, tuple(others.values()))


def hold_unit(pack: Pack, others: Iterable[Pack], name: str) -> None:
    """Hold a version to the unit of every other one of its pack: sums of years go on from one to the next.

    Raises:
        PackError: another version counts in another unit; `name` is whose fault that is.

    """
    for other in others:
        if other.pack.id == pack.pack.id and other.pack.unit != pack.pack.unit:
            said = f"is {pack.pack.unit}, and {other.reference} counts in {other.pack.unit}"
            raise PackError(name, "pack.unit", f"{said}: another unit is another pack")


def _reread(file: Path) -> tuple[str, Pack]:
    text, name = _text(file)
    return text, reread(text, name)


def named(pack: str) -> Pack:
    """Read a pack by the name of a shipped one, or from a file; without either, the default one.

    Raises:
        PackError: as `load`.

    """
    return parse(*_named(pack))


def load(path: str | Path) -> Pack:
    """Read the pack in one file.

    Raises:
        PackError: the file cannot be read, or its content is no valid pack.

    """
    return parse(*_text(Path(path)))


def builtin(name: str = DEFAULT) -> Pack:
    """Read a pack that the project ships.

    Raises:
        PackError: none has that name.

    """
    return parse(*_shipped(name))


def _text(file: Path) -> tuple[str, str]:
    """The text of a file, and the name that errors give."""
    try:
        return file.read_text(encoding="utf-8"), file.name
    except OSError as error:
        raise PackError(file.name, "", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PackError(file.name, "", f"is not UTF-8 (byte {error.start})") from error


def is_name(pack: str) -> bool:
    """Whether a text names a shipped pack, or none and so the default one; else it is a file."""
    return not pack or _NAME.fullmatch(pack) is not None


def _named(pack: str) -> tuple[str, str]:
    return _shipped(pack or DEFAULT) if is_name(pack) else _text(Path(pack))


def _shipped(name: str) -> tuple[str, str]:
    for file in resources.files("shared.policy").joinpath("packs").iterdir():
        if file.name == f"{name}.toml":
            return file.read_text(encoding="utf-8"), file.name
    raise PackError(f"{name}.toml", "", "no such pack is shipped")


def parse(text: str, file: str) -> Pack:
    """Turn the TOML of a pack into a `Pack`; `file` is the name that errors give.

    Raises:
        PackError: as `load`.

    """
    return build(_read(text, file), file)


def reread(text: str, file: str) -> Pack:
    """The pack in a text that was in force: of today's checks only the shapes, for nothing new is decided.

    Raises:
        PackError: today's shapes do not fit it any more.

    """
    return _shaped(_read(text, file), file)


def _read(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ArithmeticError) as error:
        raise PackError(file, "", f"is not TOML: {error}") from error


def build(written: dict[str, Any], file: str) -> Pack:
    """Give the content of a pack its types and check it.

    Raises:
        PackError: a value is wrong.

    """
    pack = _shaped(written, file)
    for key, message in faults(pack, written):
        raise PackError(file, key, message)
    return pack


def _shaped(written: dict[str, Any], file: str) -> Pack:
    try:
        return msgspec.convert(written, Pack)
    except msgspec.ValidationError as error:
        key, message = _locate(str(error), written)
        raise PackError(file, key, message) from error


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
