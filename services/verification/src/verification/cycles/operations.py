"""Cycles of teachers, summed from what was heard of their years."""

from collections.abc import Collection

from shared.policy.cycles import Cycle
from shared.runtime.database import Transaction
from shared.runtime.hindsight import Hindsight
from verification.cycles.domain.assessment import Standing, assess
from verification.figures import operations as figures
from verification.figures.domain.hours import TeacherYear
from verification.settings import Context


async def of_teacher(
    tx: Transaction, context: Context, teacher: str, year: int, as_it_was: Hindsight
) -> list[Standing]:
    """A teacher's standing in each cycle of the pack in which a year lies, as it was known."""
    known = await figures.figures_of(tx, context, teacher, as_it_was)
    parts, cycles = context.pack.own_parts, context.pack.cycles
    return [assess(cycle, year, known, parts) for cycle in cycles if cycle.span(year) is not None]


async def of_teachers(
    tx: Transaction, context: Context, cycle: Cycle, year: int, teachers: Collection[str]
) -> dict[str, Standing]:
    """How each of the teachers stands in the cycle in which a year lies; of now."""
    span = cycle.span(year)
    assert span is not None, "asked for a year that lies in the cycle"
    keys = [TeacherYear(teacher, one) for teacher in teachers for one in span.years]
    known = await figures.load(tx, keys)
    parts = context.pack.own_parts
    return {
        teacher: assess(
            cycle, year, {one: known[TeacherYear(teacher, one)].figures for one in span.years}, parts
        )
        for teacher in teachers
    }
