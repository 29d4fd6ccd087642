"""How figures are told to people (措辞): a program reads an id, a person the name of it in their language.

A refusal carries its figures as values. What stands behind an id with a name is `Named`, a sentence made of
figures a `Phrase`; instants are RFC 3339, lists are joined, and nothing reads like a value of Python.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Self

import msgspec

Language = Literal["en", "zh"]

_BETWEEN: Mapping[Language, str] = {"en": ", ", "zh": "、"}

KINDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "text": "a text",
        "integer": "a whole number",
        "number": "a number",
        "boolean": "true or false",
        "date": "a date",
        "instant": "an instant with its offset",
        "list": "a list",
        "object": "an object",
        "value": "another value",
    },
    "zh": {
        "text": "文本",
        "integer": "整数",
        "number": "数字",
        "boolean": "true 或 false",
        "date": "日期",
        "instant": "带时区偏移的时刻",
        "list": "列表",
        "object": "对象",
        "value": "其他取值",
    },
}
"""What a field of a document may have to be."""


@dataclass(frozen=True, slots=True)
class Named:
    """An id for programs with a name for people."""

    id: str
    names: Mapping[Language, str]

    @classmethod
    def of(cls, names: Mapping[Language, Mapping[Any, str]], identity: str) -> Self:
        """An id among those that have names; one that has none reads as it is written."""
        return cls(identity, {language: known.get(identity, identity) for language, known in names.items()})


def kind(identity: str) -> Named:
    """What a field has to be, as a figure of a refusal."""
    return Named.of(KINDS, identity)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A template and the figures in it; words wherever it stands."""

    template: str
    figures: Mapping[str, Any] = field(default_factory=dict)


def shown(value: Any, language: Language) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """A value as a field of an answer: ids stay ids."""
    match value:
        case Named(id=identity):
            return identity
        case Phrase():
            return said(value, language)
        case Mapping():
            return {key: shown(part, language) for key, part in value.items()}
        case list() | tuple():
            return [shown(part, language) for part in value]
        case _:
            return value


def said(value: object, language: Language) -> str:
    """A value as it reads inside a sentence."""
    match value:
        case Named(names=names):
            return names[language]
        case Phrase(template=template, figures=figures):
            return filled(template, figures, language)
        case str():
            return value
        case Decimal():
            return f"{value:f}"
        case list() | tuple():
            return _BETWEEN[language].join(said(part, language) for part in value)
        case _:
            return msgspec.json.encode(value).decode().strip('"')


def filled(template: str, figures: Mapping[str, Any], language: Language) -> str:
    """A template with its figures said; a figure that is missing shows its name."""
    return template.format_map(_Said({name: said(value, language) for name, value in figures.items()}))


class _Said(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
