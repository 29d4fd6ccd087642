"""Types of fields that bodies share: texts, instants, days, hours, years. Each refuses in its own way."""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.identifiers import citizen_id

MAX_TEXT = 200
MAX_LONG_TEXT = 5_000
MAX_ROWS = 5_000
"""Of a list or a spreadsheet that is read row by row."""
MAX_NAMED = 50
"""What a field holds by names of the caller's own, such as the parts of a score."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Of instants."""
_HOURS_LIMIT = Decimal(1_000_000)


def nobodys(text: str) -> str:
    """A text in which no citizen's identity number stands; the refusal does not repeat it."""
    if citizen_id.stands_in(text):
        raise PydanticCustomError("text.citizen_id", "a citizen's identity number, which is nobody's to read")
    return text


def clean(text: str) -> str:
    """A text as it is kept: NFC, refused with a NUL in it, or with a citizen's identity number."""
    if "\0" in text:
        raise PydanticCustomError("text.nul", "U+0000 is not allowed")
    return nobodys(unicodedata.normalize("NFC", text))


Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT), AfterValidator(clean)]
"""1 to 200 characters, NFC, no NUL, no citizen's identity number: an id, a name, whatever others may read."""

BELOW = (
    *("files/[^/]+", "items", "obligations", "outlook", "pdf", "reads", "seats", "statement", "what-if"),
    "why",
)
"""What routes of reading show below something that is named in their address."""
_BELOW = re.compile(f"/({'|'.join(BELOW)})$")


def is_hidden(name: str) -> bool:
    """Whether something that is shown below another one answers at an id's address."""
    return _BELOW.search(name) is not None


def _shown(name: str) -> str:
    if is_hidden(name):
        raise PydanticCustomError("id.hidden", "a route below it answers there")
    return name


Shown = AfterValidator(_shown)
"""Of an id that somebody chooses: nothing that is shown below another one answers at its address."""

CategoryName = Annotated[Text, Field(pattern=r"^[a-z][a-z0-9_]*$", examples=["professional"])]
"""A category of hours, as the rules in force name it."""

OptionalText = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(clean)]
"""The same, or empty."""

Reason = Text
"""Words that are kept and that others read, such as why somebody did something."""

OptionalReason = OptionalText
"""The same, or empty."""

LongReason = Annotated[str, Field(min_length=1, max_length=MAX_LONG_TEXT), AfterValidator(clean)]
"""1 to 5,000 characters, otherwise the same."""


def _instant(value: Any) -> datetime:  # noqa: ANN401 - whatever the body holds
    if isinstance(value, datetime):
        instant = value
    else:
        try:
            instant = datetime.fromisoformat(value if isinstance(value, str) and "T" in value.upper() else "")
        except ValueError:
            raise PydanticCustomError("instant.invalid", "not an RFC 3339 instant") from None
    if instant.tzinfo is None:
        raise PydanticCustomError("instant.offset_missing", "the offset is missing")
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise PydanticCustomError("instant.out_of_range", "in no year that is kept")
    return instant.astimezone(UTC)


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2025-04-04T16:32:00+08:00"]}),
]
"""RFC 3339 with an offset, held in UTC; from 1900 to 2199, so that days and terms around it exist."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) and _DAY.fullmatch(value) else "")
    except ValueError:
        raise PydanticCustomError("date.invalid", "not a date") from None


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day of the calendar, as 2025-07-07."""

_WRITTEN = {"type": "string", "pattern": r"^\d{1,6}(\.\d{1,2})?$"}


def _hours(value: Any) -> Decimal:  # noqa: ANN401 - whatever the body holds
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise PydanticCustomError("hours.invalid", "not a number")
    try:
        hours = Decimal(str(value))
    except InvalidOperation:
        raise PydanticCustomError("hours.invalid", "not a number") from None
    if not hours.is_finite() or hours >= _HOURS_LIMIT:
        raise PydanticCustomError("hours.invalid", "not a finite number below 1,000,000")
    if hours < 0:
        raise PydanticCustomError("hours.negative", "negative")
    exact = hours.quantize(Decimal("0.01"))
    if exact != hours:
        raise PydanticCustomError("hours.over_precise", "more than two decimal places")
    return exact


HoursField = Annotated[
    Decimal,
    BeforeValidator(_hours),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"anyOf": [_WRITTEN, {"type": "number", "minimum": 0}], "examples": ["17.50"]}, "validation"
    ),
    WithJsonSchema({**_WRITTEN, "examples": ["17.50"]}, "serialization"),
]
"""Hours: zero or more, below a million, at most two places; held with two places, written as a string."""

Year = Annotated[int, Field(ge=2000, le=2100, examples=[2025])]
"""A training year."""
