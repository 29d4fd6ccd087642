"""Whether somebody wants a list as a table for office programs (表格), and that table as an answer."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from fastapi import Depends, Header, Query, Response

from shared.runtime.spreadsheets import CSV, Cell, write

Format = Annotated[
    Literal["json", "csv"] | None,
    Query(alias="format", description="`csv`, or `text/csv` in `Accept`: one table."),
]


async def _is_wanted(
    form: Format = None, accept: Annotated[str, Header(include_in_schema=False)] = ""
) -> bool:
    return form == "csv" or (form is None and accept.strip().startswith(CSV))


AsTable = Annotated[bool, Depends(_is_wanted)]
"""Whether the caller asks for CSV: by `format`, and where that is not given by `Accept`."""


def table(rows: Iterable[Sequence[Cell]]) -> Response:
    """The rows of a table as CSV, the head first."""
    return Response(write(rows), media_type=CSV)
