"""What is looked for in an archived year."""

from collections.abc import Collection
from typing import NamedTuple


class Sought(NamedTuple):
    """Entries of a partition behind a number, in order: of some subjects, of some types, at most so many."""

    partition: int
    after: int
    subjects: Collection[str] | None = None
    types: Collection[str] | None = None
    limit: int | None = None
