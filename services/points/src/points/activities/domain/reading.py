"""Reading an activity: a decoded JSON document becomes an act, or a list of what is wrong with it.

Unknown fields are ignored. Every fault names its place as a JSON pointer and has a stable code.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from points.activities.domain.act import OBJECTS, REASONS, Act
from shared.wording import kind

MAX_TEXT = 200
AHEAD = timedelta(minutes=5)
"""How far clocks of platforms may run ahead of ours."""

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?P<offset>[Zz]|[+-]\d{2}:\d{2})?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a document: where, which code, figures for the words."""

    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


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
