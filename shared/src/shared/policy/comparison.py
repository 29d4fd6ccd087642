"""Two packs side by side (规则包对比): which rules came, went or changed, and what about them.

Rules are matched by their ids, rows of the requirements by their first year, whatever stands once by its
place. In which order rules stand says nothing; a key that is left out says the same as its default.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from shared.policy.header import Slot
from shared.policy.pack import Pack
from shared.policy.shapes import Rule

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A rule, a slot, a row or a table of a pack."""

    title: str = ""
    title_zh: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """What it says, by key path; empty values are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One thing that is said differently; empty where it is not said."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A part that only one of the packs has, or that both have and say differently."""

    kind: Kind
    name: str
    """A rule's id, or the place of what is no rule, such as `requirements 2021`."""
    part: Part
    """As it is after, or was before it was removed."""
    values: Sequence[Value] = ()
    """What changed; empty for what was added or removed as a whole."""


def compare(before: Pack, after: Pack) -> list[Difference]:
    """What is not the same in two packs, in the order of the later one; what was removed last."""
    old, new = dict(_parts(before)), dict(_parts(after))
    return [
        *(found for name, part in new.items() if (found := _difference(name, old.get(name), part))),
        *(Difference(kind="removed", name=name, part=part) for name, part in old.items() if name not in new),
    ]


def values_of(told: object, *, without: Sequence[str] = ()) -> dict[str, str]:
    """What a part of a pack says, each value by its key path; nothing of what is empty."""
    plain = msgspec.to_builtins(told, builtin_types=(), str_keys=True)
    return {key: value for key, value in _flat("", plain) if value and key.partition(".")[0] not in without}


def _difference(name: str, before: Part | None, after: Part) -> Difference | None:
    if before is None:
        return Difference(kind="added", name=name, part=after)
    keys = [*after.values, *(key for key in before.values if key not in after.values)]
    values = [
        Value(key=key, before=before.values.get(key, ""), after=after.values.get(key, ""))
        for key in keys
        if before.values.get(key) != after.values.get(key)
    ]
    return Difference(kind="changed", name=name, part=after, values=values) if values else None


def _parts(pack: Pack) -> Iterator[tuple[str, Part]]:
    yield "pack", Part(values=values_of(pack.pack))
    for category in pack.categories:
        yield (
            f"category {category.id}",
            Part(title=category.name, title_zh=category.name_zh, values=values_of(category, without=["id"])),
        )
    for row in pack.requirements:
        yield f"requirements {row.first}", Part(values=values_of(row))
    for _, rule in pack.placed():
        yield rule.id, _part(rule)
    yield "verification", Part(values=values_of(pack.verification, without=["rules"]))
    yield "answer", Part(values=values_of(pack.answer))
    yield "proof", Part(values=values_of(pack.proof))
    yield "plausibility", Part(values=values_of(pack.plausibility))


def _part(rule: Rule | Slot) -> Part:
    values = values_of(rule, without=["id"])
    if isinstance(rule, Slot):
        return Part(title=rule.note, title_zh=rule.note_zh, values=values)
    return Part(title=rule.title, title_zh=rule.title_zh, values=values)


def _flat(key: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from _flat(f"{key}.{name}" if key else name, inner)
        case list() | tuple() if any(isinstance(inner, dict) for inner in value):
            for place, inner in enumerate(value):
                yield from _flat(f"{key}[{place}]", inner)
        case list() | tuple():
            yield key, ", ".join(map(str, value))
        case None | False:
            return
        case True:
            yield key, "true"
        case _:
            yield key, str(value)
