"""What the ledger holds: lines and sums, of teachers and years."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from hours.ledger.domain.claim import Line, Standing
from hours.ledger.domain.deduction import Deducted
from hours.ledger.domain.total import Total
from hours.ledger.store import deductions
from hours.ledger.store import lines as store
from shared.runtime.database import Transaction

SUMS = store.SUMS
"""Sums by teacher and year, where anything was posted: rows for a statement of a room above."""

DEDUCTED = deductions.DEDUCTED
"""Deductions as they stand: rows for a list of a room above."""


async def lines_of(tx: Transaction, grounds: Sequence[str]) -> Mapping[str, Standing]:
    """What the ledger says about some grounds now, those taken back included."""
    return await store.load_grounds(tx, grounds)


async def standing_of(tx: Transaction, teachers: Sequence[str], years: Collection[int]) -> list[Line]:
    """Everything that stands of some teachers' years, in order of registration."""
    return await store.load_years(tx, teachers, years)


async def standing(tx: Transaction, teacher: str, first: int, last: int, limit: int) -> list[Line]:
    """What stands of a teacher's years with its postings, in order of year and registration."""
    return await store.load_lines(tx, teacher, first, last, limit)


async def posted_in(tx: Transaction, year: int) -> bool:
    """Whether anything was ever posted of a year."""
    return await store.posted_in(tx, year)


async def totals(tx: Transaction, year: int, teachers: Iterable[str]) -> dict[str, Total]:
    """Sums of the year of each of `teachers`; zero where nothing was posted."""
    wanted = list(teachers)
    found = await store.load_totals(tx, year, wanted)
    return {teacher: found.get(teacher) or Total(teacher=teacher, year=year) for teacher in wanted}


async def totals_of(tx: Transaction, teacher: str, years: Collection[int]) -> dict[int, Total]:
    """Sums of each of some years of a teacher; zero where nothing was posted."""
    found = await store.load_years_of(tx, teacher, years)
    return {year: found.get(year) or Total(teacher=teacher, year=year) for year in years}


async def deducted_of(
    tx: Transaction, years: Collection[tuple[str, int]]
) -> Mapping[tuple[str, int], Sequence[Deducted]]:
    """What is deducted of some teachers' years, in the order in which that was decided."""
    return {year: standing for year, (_, standing) in (await deductions.load_years(tx, years)).items()}
