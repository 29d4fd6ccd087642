"""SQL of completed courses: those of a teacher, and those that are marked as impossible."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Text,
    bindparam,
    select,
)

from hours.records import tables
from hours.records.domain.anomaly import Anomaly, Completion
from hours.records.domain.entries import Conclusion
from shared.runtime.database import Transaction
from shared.runtime.pages import narrowed

_COMPLETION = tables.completion
WHO = _COMPLETION.c.teacher
"""Who completed a course."""


async def load_completions(tx: Transaction, teachers: Iterable[str]) -> dict[str, list[Completion]]:
    """The courses of each teacher whose records stand."""
    wanted = bindparam("teachers", list(teachers), ARRAY(Text))
    own = [_COMPLETION.c[field.name] for field in fields(Completion)]
    query = select(WHO, *own).where(wanted.any_() == WHO)
    found: dict[str, list[Completion]] = {}
    for row in (await tx.execute(query)).mappings():
        said = dict(row)
        found.setdefault(said.pop("teacher"), []).append(Completion(**said))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A course whose record is marked."""

    record: str
    teacher: str
    year: int
    hours: Decimal
    anomalies: Sequence[Anomaly]
    conclusion: Conclusion | None
    """What somebody found who looked into it."""
    scrutinised_by: str | None
    scrutinised_at: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which marked courses are asked for: those within a reach, of a teacher or year where one is named."""

    is_open: bool | None = None
    """Whether nobody looked into them; None for any."""

    within: ColumnElement[bool]
    teacher: str | None
    year: int | None


async def page_marked(tx: Transaction, wanted: Wanted, *, after: str | None, limit: int) -> list[Marked]:
    """Marked courses in order of record, at most `limit`."""
    query = narrowed(
        select(_COMPLETION), _COMPLETION.c.record, after, {"teacher": wanted.teacher}, wanted.within
    ).where(_COMPLETION.c.anomalies != "[]")
    if wanted.year is not None:
        query = query.where(_COMPLETION.c.year == wanted.year)
    if wanted.is_open is not None:
        query = query.where(_COMPLETION.c.conclusion.is_(None) == wanted.is_open)
    return [_marked(row) for row in await tx.execute(query.limit(limit))]


async def load_marked(tx: Transaction, record: str) -> Marked | None:
    """A marked course by its record, which stands."""
    query = select(_COMPLETION).where(_COMPLETION.c.record == record, _COMPLETION.c.anomalies != "[]")
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _marked(row)


def _marked(row: Row[Any]) -> Marked:
    own = {field.name: getattr(row, field.name) for field in fields(Marked)}
    return Marked(**{**own, "anomalies": msgspec.json.decode(row.anomalies, type=list[Anomaly])})
