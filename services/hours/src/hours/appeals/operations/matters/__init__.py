"""What is appealed against, kind by kind, as the rooms below know it, and what granting does there.

Whatever counts by a grant is written by the operations of those rooms, so it cannot count beside what stands.
"""

from collections.abc import Mapping

from hours.appeals.domain.appeal import Matter
from hours.appeals.operations.matters import assessed, declared, deducted, recorded, waived
from hours.appeals.operations.matters.kind import Grant, Kind
from hours.settings import Context
from hours.waivers.domain import Ground
from shared.runtime.database import Transaction

__all__ = ["Grant", "find", "grant", "ground_of", "teacher_of"]

_KINDS: Mapping[str, Kind] = {
    "declaration": declared,
    "record": recorded,
    "waiver": waived,
    "class": assessed,
    "deduction": deducted,
}
"""By what a matter's name begins with."""


async def teacher_of(tx: Transaction, matter: str) -> str | None:
    """Whose a matter is; None where there is none of that name."""
    kind, name = _kind(matter)
    return await kind.teacher_of(tx, name)


async def find(tx: Transaction, context: Context, matter: str) -> Matter | None:
    """A matter that can be appealed against; None where nothing was decided that an appeal could undo."""
    kind, name = _kind(matter)
    return await kind.find(tx, context, name)


async def ground_of(tx: Transaction, context: Context, matter: str) -> Ground | None:
    """Why a waiver was asked for that was refused; None for what is no waiver."""
    kind, _, name = matter.partition(":")
    return await waived.ground(tx, context, name) if kind == "waiver" else None


async def grant(tx: Transaction, context: Context, wanted: Grant) -> str:
    """Decide a matter in the teacher's favour; the number of the record of its hours, or empty for none.

    Whoever asks holds the locks that the matter names.

    Raises:
        DomainError: whatever refuses it now, such as `year.closed`, `evidence.claimed`.
    """
    kind, name = _kind(wanted.appeal.matter)
    return await kind.grant(tx, context, wanted, name)


def _kind(matter: str) -> tuple[Kind, str]:
    kind, _, name = matter.partition(":")
    return _KINDS[kind], name
