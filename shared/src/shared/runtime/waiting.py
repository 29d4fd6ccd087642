"""Writes that wait until their transaction needs them or ends, so that they go out together.

Rows of one table go out in one COPY, statements that write to different tables in one statement. What waits
for a table goes out before anything else that names it, so nobody sees a table without it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from shared.runtime.unnest import Unnested, together

Arrays = Sequence[Sequence[Any]]
"""The parameters of a statement, a column each."""


class Waiting:
    """The writes that wait in one transaction."""

    def __init__(self) -> None:
        self._rows: dict[Table, list[Sequence[Any]]] = {}
        self._statements: dict[Unnested, Arrays] = {}

    def meets(self, names: Collection[str]) -> bool:
        """Whether anything waits for one of these tables."""
        return any(table.name in names for table in self._rows) or self.writes(names)

    def writes(self, names: Collection[str]) -> bool:
        """Whether a statement waits that names one of these tables."""
        return any(name in names for statement in self._statements for name in statement.tables)

    def add_rows(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        """Let rows wait."""
        self._rows.setdefault(table, []).extend(rows)

    def add(self, statement: Unnested, arrays: Arrays) -> None:
        """Let a statement wait; none does that names the same tables."""
        self._statements[statement] = arrays

    def take_rows(self) -> Mapping[Table, Arrays]:
        """The rows that waited; they go out first."""
        taken, self._rows = self._rows, {}
        return taken

    def take_statements(self) -> Iterator[tuple[str, Arrays]]:
        """The statements that waited, as one, with its parameters; nothing where none did."""
        taken, self._statements = self._statements, {}
        if taken:
            statements = tuple(sorted(taken, key=lambda statement: statement.sql))
            arrays = [array for statement in statements for array in taken[statement]]
            yield statements[0].sql if len(statements) == 1 else together(statements), arrays
