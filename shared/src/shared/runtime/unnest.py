"""Many rows in one statement: each column travels as one array, so no statement depends on how many rows.

Statements name tables without a schema and so follow the search path, as a rebuild needs it. Arrays go to the
driver as they are, with their types in the statement: SQLAlchemy's array type would look at every element.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Column, Table, TextClause, text
from sqlalchemy.dialects import postgresql

_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


def insert_rows(table: Table, then: str = "") -> TextClause:
    """`insert … select from unnest(…)` of all columns; `then` may hold `on conflict …` and `returning …`."""
    names = ", ".join(column.name for column in table.columns)
    return unnested(f"insert into {table.name} ({names}) select * from {{rows}} {then}", list(table.columns))  # noqa: S608 - our own names


def unnested(statement: str, columns: Sequence[Column[Any]]) -> TextClause:
    """A statement in which `{rows}` stands for the given columns as a set of rows named `rows`."""
    names = ", ".join(column.name for column in columns)
    arrays = ", ".join(f"cast(:{column.name} as {_array(column)})" for column in columns)
    return text(statement.replace("{rows}", f"unnest({arrays}) as rows({names})"))


def _array(column: Column[Any]) -> str:
    return str(ARRAY(column.type).compile(dialect=_POSTGRESQL))


def arrays(columns: Sequence[Column[Any]], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The parameters of such a statement."""
    return {column.name: [row[column.name] for row in rows] for column in columns}
