"""Lists of values as a table inside a query: one statement for many keys, whatever their number."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, Column, TableValuedAlias, bindparam, func
from sqlalchemy.types import TypeEngine


def listed(name: str, *columns: tuple[str, type[TypeEngine[Any]], Sequence[Any]]) -> TableValuedAlias:
    """`unnest` of arrays of the same length: a table `name` with a column for each."""
    arrays = [
        bindparam(f"{name}_{column}", list(values), type_=ARRAY(kind), unique=True)
        for column, kind, values in columns
    ]
    shape = [Column(column, kind) for column, kind, _ in columns]
    return func.unnest(*arrays).table_valued(*shape, name=name).render_derived(name=name)
