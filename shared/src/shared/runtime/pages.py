"""Keyset pages: a list goes on after the last row seen, so nothing is skipped or shown twice."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Query
from pydantic import BaseModel, Field

from shared.runtime.errors import DomainError, Fault

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=1000, description="How many items at most.")]
Cursor = Annotated[str | None, Query(description="`next` of the page before.", max_length=2000)]
DEFAULT_LIMIT = 100


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is null on the last one."""

    items: list[T]
    next: str | None = Field(default=None, description="Cursor of the page after this one.")


def encode_cursor(keys: list[Any]) -> str:
    """The last row's keys as an opaque text."""
    return urlsafe_b64encode(msgspec.json.encode(keys)).decode().rstrip("=")


def decode_cursor(cursor: str | None, size: int) -> list[Any] | None:
    """The keys again; None without a cursor.

    Raises:
        DomainError: `cursor.invalid`, 422.
    """
    if cursor is None:
        return None
    try:
        keys = msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, msgspec.DecodeError):
        keys = None
    if not isinstance(keys, list) or len(keys) != size:
        raise DomainError("cursor.invalid", faults=[Fault("/cursor", "cursor.invalid")])
    return keys


def decode_keys(cursor: str | None, *kinds: type[Any]) -> list[Any] | None:
    """The keys again, each in its kind (`datetime` from its ISO form); None without a cursor.

    Raises:
        DomainError: `cursor.invalid`, 422.
    """
    keys = decode_cursor(cursor, len(kinds))
    if keys is None:
        return None
    try:
        return [msgspec.convert(key, kind) for key, kind in zip(keys, kinds, strict=True)]
    except msgspec.ValidationError:
        raise DomainError("cursor.invalid", faults=[Fault("/cursor", "cursor.invalid")]) from None


def page(rows: list[T], limit: int, keys: list[list[Any]]) -> dict[str, Any]:
    """A page from up to `limit + 1` rows and their keys: the extra row only says that there is more."""
    more = len(rows) > limit
    return {"items": rows[:limit], "next": encode_cursor(keys[limit - 1]) if more else None}
