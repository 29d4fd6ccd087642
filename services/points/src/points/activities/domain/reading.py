"""Reading activities: a decoded JSON document becomes an act, or a list of what is wrong with it.

Unknown fields are ignored. Every fault names its place as a JSON pointer and has a stable code. An array in
which nothing is wrong is read whole, several times as fast; where that does not come out, what is wrong is
found document by document.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from types import GenericAlias
from typing import Annotated, Any, Literal, Protocol

import msgspec
from msgspec import structs
from msgspec.structs import StructConfig

from points.activities.domain.act import OBJECTS, REASONS, Act
from shared.identifiers.citizen_id import stands_in
from shared.wording import kind

MAX_TEXT = 200
AHEAD = timedelta(minutes=5)
"""How far clocks of platforms may run ahead of ours."""

NOBODYS = ("source", "type", "teacher", "by")
"""Texts in which no citizen's identity number stands. The numbers of a platform's own objects are not asked:
many a platform counts in eighteen digits."""

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?P<offset>[Zz]|[+-]\d{2}:\d{2})?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a document: where, which code, figures for the words."""

    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class _Document(Protocol):
    """A document that has the shape of its type."""

    __struct_config__: StructConfig
    source: str
    id: str
    teacher: str
    occurred_at: str
    object: msgspec.Struct
    """The known fields."""


def _sound(kind_of_act: str, names: Iterable[str]) -> type[msgspec.Struct]:
    """The shape of a document of one type, with the known fields of its object, as far as shapes go."""
    text = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT)]
    own = {"stars": Annotated[int, msgspec.Meta(ge=1, le=5)], "reason": Literal[REASONS]}
    named = msgspec.defstruct("named", [(name, own.get(name, text)) for name in names])
    fields = {"source": text, "id": text, "teacher": text, "occurred_at": str, "object": named}
    return msgspec.defstruct(kind_of_act, list(fields.items()), tag_field="type", tag=kind_of_act)


_SOUND = reduce(or_, [_sound(*known) for known in OBJECTS.items()])
_ARRAY: msgspec.json.Decoder[list[_Document]] = msgspec.json.Decoder(GenericAlias(list, (_SOUND,)))
_LINE: msgspec.json.Decoder[_Document] = msgspec.json.Decoder(_SOUND)


def read_array(body: bytes, now: datetime, most: int) -> list[Act] | None:
    """Turn a JSON array of documents into acts; None where anything may be wrong, or it holds over `most`."""
    return _read_sound([body], now, lambda: _ARRAY.decode(body), most)


def read_lines(lines: Sequence[bytes], now: datetime) -> list[Act] | None:
    """Turn lines, a JSON document each, into acts; None where anything may be wrong with any of them."""
    return _read_sound(lines, now, lambda: list(map(_LINE.decode, lines)), len(lines))


def _read_sound(
    texts: Iterable[bytes], now: datetime, decode: Callable[[], list[_Document]], most: int
) -> list[Act] | None:
    try:
        given = decode()
        if len(given) > most:
            return None
        plain = all(text.isascii() and b"\\u" not in text for text in texts)
        return _acts(given, now) if plain or all(map(_as_it_is, given)) else None
    except (msgspec.DecodeError, ValueError, OverflowError):  # not of that shape, not UTF-8, no such instant
        return None


def _acts(given: Iterable[_Document], now: datetime) -> list[Act] | None:
    latest = now + AHEAD
    acts: list[Act] = []
    for one in given:
        form = _INSTANT.fullmatch(one.occurred_at)
        if form is None or form["offset"] is None:
            return None
        instant = datetime.fromisoformat(one.occurred_at.upper()).astimezone(UTC)
        if instant > latest or any(map(stands_in, _nobodys(one))):
            return None
        acts.append(
            Act(
                source=one.source,
                id=one.id,
                type=str(one.__struct_config__.tag),
                teacher=one.teacher,
                occurred_at=instant,
                object=structs.asdict(one.object),
            )
        )
    return acts


def _nobodys(one: _Document) -> tuple[str, ...]:
    return one.source, one.teacher, getattr(one.object, "by", "")


def _as_it_is(one: _Document) -> bool:
    """Whether all texts that are kept may be kept as they are."""
    texts = (one.source, one.id, one.teacher, *structs.astuple(one.object))
    return all(
        "\0" not in text and (text.isascii() or unicodedata.is_normalized("NFC", text))
        for text in texts
        if isinstance(text, str)
    )


def read(document: object, now: datetime) -> Act | Sequence[Fault]:
    """Turn one decoded JSON document into an act, or say everything that is wrong with it."""
    if not isinstance(document, Mapping):
        return [Fault("", "activity.not_an_object")]
    faults: list[Fault] = []
    texts = {name: _text(document, name, "", faults) for name in ("source", "id", "type", "teacher")}
    occurred_at = _instant(document, now, faults)
    known = OBJECTS.get(texts["type"])
    if known is None:
        if texts["type"]:
            faults.append(Fault("/type", "activity.type_unknown", {"type": texts["type"]}))
        return faults
    named = _object(document, known, faults)
    if faults:
        return faults
    return Act(occurred_at=occurred_at, object=named, **texts)


def _object(document: Mapping[str, Any], known: Sequence[str], faults: list[Fault]) -> dict[str, str | int]:
    given = document.get("object")
    if given is None:
        faults.append(Fault("/object", "field.missing"))
        return {}
    if not isinstance(given, Mapping):
        faults.append(Fault("/object", "field.invalid", {"expected": kind("object")}))
        return {}
    return {
        name: _stars(given, faults) if name == "stars" else _text(given, name, "/object", faults)
        for name in known
    }


def _text(given: Mapping[str, Any], name: str, place: str, faults: list[Fault]) -> str:
    """A text in NFC; an empty one where there was a fault."""
    value, path = given.get(name), f"{place}/{name}"
    if value is None:
        faults.append(Fault(path, "field.missing"))
    elif not isinstance(value, str):
        faults.append(Fault(path, "field.invalid", {"expected": kind("text")}))
    elif not value:
        faults.append(Fault(path, "text.empty"))
    elif "\0" in value:
        faults.append(Fault(path, "text.nul"))
    elif len(text := value if value.isascii() else unicodedata.normalize("NFC", value)) > MAX_TEXT:
        faults.append(Fault(path, "text.too_long", {"max_length": MAX_TEXT}))
    elif name in NOBODYS and stands_in(text):
        faults.append(Fault(path, "text.citizen_id"))
    elif name == "reason" and text not in REASONS:
        faults.append(Fault(path, "field.not_allowed", {"expected": ", ".join(REASONS)}))
    else:
        return text
    return ""


def _stars(given: Mapping[str, Any], faults: list[Fault]) -> int:
    value = given.get("stars")
    if value is None:
        faults.append(Fault("/object/stars", "field.missing"))
    elif isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        faults.append(Fault("/object/stars", "activity.stars_out_of_range"))
    else:
        return value
    return 0


def _instant(document: Mapping[str, Any], now: datetime, faults: list[Fault]) -> datetime:
    """The instant in UTC; `now` where there was a fault."""
    value, path = document.get("occurred_at"), "/occurred_at"
    if value is None:
        faults.append(Fault(path, "field.missing"))
        return now
    form = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if form is not None and form["offset"] is None:
        faults.append(Fault(path, "instant.offset_missing"))
        return now
    try:
        instant = datetime.fromisoformat(form.group().upper() if form else "").astimezone(UTC)
    except (ValueError, OverflowError):
        faults.append(Fault(path, "instant.invalid"))
        return now
    if instant > now + AHEAD:
        faults.append(Fault(path, "activity.in_future"))
    return instant
