"""What was declared and awaits its review, for rooms above that look ahead."""

from collections.abc import Iterable

from hours.declarations import store
from hours.declarations.domain.declaration import Declaration
from shared.runtime.database import Transaction


async def known(tx: Transaction, declarations: Iterable[str]) -> dict[str, Declaration]:
    """Those of some numbers that are on file."""
    return await store.load(tx, declarations)


async def pending(tx: Transaction, teacher: str, year: int) -> list[Declaration]:
    """What of a teacher's year awaits a review; its hours count once they are recognised."""
    return await store.load_pending(tx, teacher, year)
