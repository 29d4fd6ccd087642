"""Projections: tables that are a function of the journal, and can be dropped and made again.

The same `project` runs live, right after `append` in the same transaction, and in a rebuild over the
whole journal. So nothing that a service shows can say what the journal does not.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Table

from shared.runtime.database import Transaction
from shared.runtime.journal.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Tables of one room and the one function that fills them."""

    tables: Sequence[Table]
    project: Callable[[Transaction, Sequence[Entry]], Awaitable[None]]
