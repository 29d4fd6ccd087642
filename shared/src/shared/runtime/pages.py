"""Keyset pages: a list goes on after the last row seen, so nothing is skipped or shown twice."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Query
from msgspec import Meta
from pydantic import BaseModel, Field
from sqlalchemy import Column, ColumnElement, Select

from shared.runtime.errors import DomainError, Fault

T = TypeVar("T")

YearKey = Annotated[int, Meta(ge=2000, le=2100)]
"""A training year in a cursor."""

_BOUNDED: Mapping[object, Any] = {
    str: Annotated[str, Meta(pattern=r"^[^\0]*$")],
    int: Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)],
    datetime: Annotated[datetime, Meta(tz=True)],
}
"""What a column of the kind can be compared with."""

Limit = Annotated[int, Query(ge=1, le=1000, description="How many items at most.")]
Cursor = Annotated[str | None, Query(description="`next` of the page before.", max_length=2000)]
DEFAULT_LIMIT = 100


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is null on the last one."""

    items: list[T]
    next: str | None = Field(default=None, description="Cursor of the page after this one.")


def narrowed(
    query: Select[Any],
    key: Column[Any],
    after: str | None,
    of: Mapping[str, str | None],
    within: ColumnElement[bool] | None = None,
) -> Select[Any]:
    """Rows `within` reach behind `after`, in order of `key`, whose columns are as `of` says; None is any."""
    wanted = [key.table.c[name] == value for name, value in of.items() if value is not None]
    behind = [] if after is None else [key > after]
    reached = [] if within is None else [within]
    return query.where(*wanted, *behind, *reached).order_by(key)


def encode_cursor(keys: list[Any]) -> str:
    """The last row's keys as an opaque text."""
    return urlsafe_b64encode(msgspec.json.encode(keys)).decode().rstrip("=")


def decode_keys(cursor: str | None, *kinds: object) -> list[Any] | None:
    """The keys again, each in its kind (`datetime` from its ISO form); None without a cursor.

    A cursor comes from outside: what the store could not compare is refused here.

    Raises:
        DomainError: `cursor.invalid`, 422.
    """
    if cursor is None:
        return None
    try:
        keys = msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[Any])
        return [msgspec.convert(key, _BOUNDED.get(kind, kind)) for key, kind in zip(keys, kinds, strict=True)]
    except (ValueError, RecursionError, msgspec.DecodeError):
        raise DomainError("cursor.invalid", faults=[Fault("/cursor", "cursor.invalid")]) from None


def page(rows: list[T], limit: int, keys: list[list[Any]]) -> dict[str, Any]:
    """A page from up to `limit + 1` rows and their keys: the extra row only says that there is more."""
    more = len(rows) > limit
    return {"items": rows[:limit], "next": encode_cursor(keys[limit - 1]) if more else None}
