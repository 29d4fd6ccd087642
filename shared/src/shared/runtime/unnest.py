"""Many rows in one statement: each column travels as one array, so no statement depends on how many rows.

Statements name tables without a schema and so follow the search path, as a rebuild needs it. They go to the
driver as they are, with the types of their arrays: `Transaction.fetch` runs them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, Column, Table, make_url

POSTGRESQL = make_url("postgresql+asyncpg://").get_dialect()()
"""How SQLAlchemy writes types and statements for the driver."""

_NAMED = re.compile(
    r"\b(?:from|join|into|update|using)\s+(?!unnest|lateral|set\b|of\b)([a-z_]+)", re.IGNORECASE
)
_PARAMETER = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Unnested:
    """A statement over columns, their names in the order of its parameters, and the tables that it names."""

    sql: str
    names: tuple[str, ...]
    tables: frozenset[str]


def insert_rows(table: Table, then: str = "") -> Unnested:
    """`insert … select from unnest(…)` of all columns; `then` may hold `on conflict …` and `returning …`."""
    names = ", ".join(column.name for column in table.columns)
    return unnested(f"insert into {table.name} ({names}) select * from {{rows}} {then}", list(table.columns))  # noqa: S608 - our own names


def unnested(statement: str, columns: Sequence[Column[Any]]) -> Unnested:
    """A statement in which `{rows}` stands for the given columns as a set of rows named `rows`."""
    names = tuple(column.name for column in columns)
    arrays = ", ".join(f"${place}::{_array(column)}" for place, column in enumerate(columns, 1))
    sql = statement.replace("{rows}", f"unnest({arrays}) as rows({', '.join(names)})")
    return Unnested(sql, names, tables_of(sql))


def tables_of(sql: str) -> frozenset[str]:
    """The tables that a statement names."""
    return frozenset(_NAMED.findall(sql))


@lru_cache
def together(statements: tuple[Unnested, ...]) -> str:
    """Several statements that write to different tables and answer nothing, as one."""
    parts: list[str] = []
    taken = 0
    for place, statement in enumerate(statements):
        sql = _PARAMETER.sub(lambda found, taken=taken: f"${int(found[1]) + taken}", statement.sql)  # type: ignore[misc]
        parts.append(f"part_{place} as ({sql})")
        taken += len(statement.names)
    return f"with {', '.join(parts)} select"


def looked_up(query: str, columns: Sequence[Column[Any]]) -> Unnested:
    """What a query finds for each row by itself; it may name `rows` and the given columns of it.

    The lookups stay lookups: without statistics, as in a new year, a join would read the whole table.
    """
    return unnested(f"select found.* from {{rows}} cross join lateral ({query} offset 0) as found", columns)  # noqa: S608 - our own names


def rows_by(table: Table, key: Sequence[Column[Any]]) -> Unnested:
    """The rows of a table with the given values of some of its columns, looked up one by one."""
    return looked_up(f"select * from {table.name} where {_equal(table, key)}", key)  # noqa: S608 - our own names


def delete_rows(table: Table, key: Sequence[Column[Any]]) -> Unnested:
    """Delete the rows with the given values of some columns."""
    return unnested(f"delete from {table.name} using {{rows}} where {_equal(table, key)}", key)  # noqa: S608 - our own names


def _equal(table: Table, key: Sequence[Column[Any]]) -> str:
    return " and ".join(f"{table.name}.{column.name} = rows.{column.name}" for column in key)


def _array(column: Column[Any]) -> str:
    return str(ARRAY(column.type).compile(dialect=POSTGRESQL))


def arrays(columns: Sequence[Column[Any]], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The parameters of such a statement."""
    return {column.name: [row[column.name] for row in rows] for column in columns}


def columns_of(columns: Sequence[Column[Any]], rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """The same from rows whose values stand in the order of the columns."""
    return {column.name: [row[place] for row in rows] for place, column in enumerate(columns)}
