"""Classes that are still to give hours (招生中与在读的培训班), for those who look ahead."""

from collections.abc import Sequence
from datetime import date

from hours.classes.domain.outline import Offered, Outline
from hours.classes.domain.seats import Applicant, may_enrol
from hours.classes.operations.desk import subject
from hours.classes.operations.reaching import seen
from hours.classes.store import classes as store
from hours.classes.store import seats
from hours.classes.store.classes import Enrolling
from hours.organisations import operations as organisations
from hours.records import operations as records
from hours.roster.domain import Teacher
from hours.roster.operations import rows as roster
from hours.settings import Context
from shared.access import Reach
from shared.runtime.database import Transaction

__all__ = ["Enrolling", "Offered", "deadlines", "sat_in", "to_teacher"]


async def sat_in(tx: Transaction, teacher: str, year: int) -> list[Offered]:
    """Classes of a year in which a teacher sits, has not failed, and is not registered yet."""
    found = await store.load_awaited(tx, teacher, year)
    done = await records.registered(tx, teacher, [subject(one.number) for one in found])
    return [
        Offered(number=one.number, outline=one.outline, enrolled=True)
        for one in found
        if subject(one.number) not in done
    ]


async def to_teacher(
    tx: Transaction, context: Context, teacher: Teacher, year: int, on: date
) -> list[Offered]:
    """Classes of a year of those above a teacher's school that would give a seat on a day.

    Those in which the teacher sits are not among them, whatever came of it.
    """
    school = (await organisations.find(tx, [teacher.school])).get(teacher.school)
    above = [] if school is None else await organisations.above(tx, school)
    organisers = {one.organisation for one in above} or {teacher.district}
    found = await store.page_open(tx, organisers, year, on)
    held = await seats.held_by(tx, teacher.teacher)
    known = await roster.profiles(tx, {teacher.teacher: teacher})
    applicant = Applicant(teacher=teacher.teacher, known=known[teacher.teacher])
    return [
        Offered(number=one.number, outline=one.outline, enrolled=False)
        for one in found
        if one.number not in held and _may_enrol(context, one.outline, applicant)
    ]


def _may_enrol(context: Context, outline: Outline, applicant: Applicant) -> bool:
    """Whether the rules in force know the class's rule, and let the teacher take part."""
    source = context.pack.source(outline.rule)
    classes = None if source is None else source.classes
    return classes is not None and may_enrol(outline, classes, applicant) is None


async def deadlines(tx: Transaction, reach: Reach, year: int, on: date) -> Sequence[Enrolling]:
    """How many classes of a year that the caller sees give seats on a day, by category."""
    return await store.count_open(tx, await seen(tx, reach), year, on)
