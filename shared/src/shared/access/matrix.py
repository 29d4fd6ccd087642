"""The matrix role × act × level, read once from `matrix.toml`, and the bound roles that a token names."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

from shared.wording import Named

Level = Literal["deployment", "province", "city", "district", "school", "person"]
LEVELS: Sequence[Level] = get_args(Level)
"""From everything here down to one person."""

FILE = Path(__file__).with_name("matrix.toml")

_ID = r"[^\s:\0]{1,100}"
_BOUND = re.compile(rf"([a-z_]{{1,40}})@([a-z]{{1,20}}):({_ID})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A role at a place: `school_administrator@school:S12`."""

    role: str
    level: Level
    id: str
    """Of an organisation, or of the teacher at the level of a person."""

    @property
    def cell(self) -> str:
        """Role and level, as the matrix names them."""
        return f"{self.role}@{self.level}"

    @property
    def text(self) -> str:
        """As a token holds it."""
        return f"{self.cell}:{self.id}"


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a role is called, where it may be bound, as whom the packs know it, and if persons are masked."""

    en: str
    zh: str
    levels: tuple[Level, ...]
    kind: str
    masked: bool = False
    """Whether no answer says to it who a person is."""


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is done, and the cells that allow it."""

    en: str
    zh: str
    allowed: tuple[str, ...]
    """Cells `role@level`, and names of groups until these are spelled out."""
    personal: bool = False
    """Whether it shows what is personal about teachers, so that reads of others are logged."""
    unlogged: tuple[str, ...] = ()
    """Cells whose reads are not."""


class Matrix(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All roles and acts."""

    roles: Mapping[str, Role]
    groups: Mapping[str, tuple[str, ...]]
    acts: Mapping[str, Act]

    def allows(self, binding: Binding, act: str) -> bool:
        """Whether a role where it is bound may do something."""
        return binding.cell in self.acts[act].allowed

    def logs(self, binding: Binding, act: str) -> bool:
        """Whether it is logged whom a role where it is bound reads of."""
        return self.acts[act].personal and binding.cell not in self.acts[act].unlogged

    def named(self, act: str) -> Named:
        """An act with its names; one that there is no more reads as it is written."""
        known = self.acts.get(act)
        return Named(act, {"en": act, "zh": act} if known is None else {"en": known.en, "zh": known.zh})

    def bindings(self, texts: Sequence[str]) -> tuple[Binding, ...]:
        """The bound roles that texts name, in their order; texts of others, who share the claim, are none."""
        found = (_BOUND.fullmatch(text) for text in texts)
        return tuple(
            Binding(role=one[1], level=level, id=one[3])
            for one in found
            if one and one[1] in self.roles and (level := _level(one[2])) in self.roles[one[1]].levels
        )


@cache
def read(file: Path = FILE) -> Matrix:
    """Read a matrix and spell its groups out.

    Raises: AssertionError where it names a cell that cannot be.
    """
    raw = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Matrix)
    acts = {
        name: msgspec.structs.replace(
            act, allowed=_spelled_once(raw, act.allowed), unlogged=_spelled_once(raw, act.unlogged)
        )
        for name, act in raw.acts.items()
    }
    return msgspec.structs.replace(raw, acts=acts)


def is_id(text: str) -> bool:
    """Whether a role can be bound to what has this id."""
    return re.fullmatch(_ID, text) is not None


def is_binding(text: str) -> bool:
    """Whether a text names a role at a place where it may be bound."""
    return bool(read().bindings([text]))


def _spelled_once(raw: Matrix, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_spelled(raw, names)))


def _spelled(raw: Matrix, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        role, at, level = name.partition("@")
        if not at:
            yield from _spelled(raw, raw.groups[name])
        else:
            assert level in raw.roles[role].levels, f"{name}: the role is not bound there"
            yield name


def _level(text: str) -> Level | None:
    return next((level for level in LEVELS if level == text), None)
