"""Stating sums of teachers' years: some of their amounts at a time, many years in one statement."""

from typing import Any

from sqlalchemy import Column

from hours.ledger import tables
from shared.runtime.unnest import Unnested, unnested

YEAR = [tables.total.c.teacher, tables.total.c.year]
"""What a row is of."""

_AMOUNTS = [column.name for column in tables.total.columns if not column.primary_key]
_NOTHING = {"hours": "'{}'", "deducted": "'{}'"}


def stating(*names: str) -> tuple[list[Column[Any]], Unnested]:
    """A statement that states some amounts of many years, the others at zero where a year is new."""
    columns = [*YEAR, *(tables.total.c[name] for name in names)]
    stated = ", ".join(f"rows.{name}" if name in names else _NOTHING.get(name, "0") for name in _AMOUNTS)
    kept = ", ".join(f"{name} = excluded.{name}" for name in names)
    return columns, unnested(
        f"insert into total (teacher, year, {', '.join(_AMOUNTS)})"  # noqa: S608 - our own names
        f" select rows.teacher, rows.year, {stated} from {{rows}}"
        f" on conflict (teacher, year) do update set {kept}",
        columns,
    )
