"""What was declared and awaits its review, for rooms above that look ahead."""

from hours.declarations import store
from hours.declarations.domain.declaration import Declaration
from shared.runtime.database import Transaction


async def pending(tx: Transaction, teacher: str, year: int) -> list[Declaration]:
    """What of a teacher's year awaits a review; its hours count once they are recognised."""
    return await store.load_pending(tx, teacher, year)
