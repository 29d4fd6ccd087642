"""Where teachers work, for those who decide on what is theirs (审核权限)."""

from collections.abc import Collection
from datetime import date

from hours.organisations import operations as organisations
from hours.roster import store
from hours.roster.domain import Workplace
from hours.roster.operations.rows import subject
from hours.settings import Context
from shared.contracts.hours import TeacherRegistered
from shared.policy.calendar import day_of
from shared.runtime.database import Transaction


async def find(tx: Transaction, teachers: Collection[str]) -> dict[str, Workplace]:
    """The workplace of each teacher on the roster; above a school in no tree, the district of their row."""
    listed = await store.load(tx, teachers)
    authorities = await organisations.authorities(tx, {one.school for one in listed.values()})
    return {
        name: Workplace(
            school=f"school:{one.school}",
            authority=authorities.get(one.school, f"district:{one.district}"),
        )
        for name, one in listed.items()
    }


async def left_since(
    tx: Transaction, context: Context, school: str, teachers: Collection[str], day: date
) -> set[str]:
    """Those of `teachers` who were on the roster of a school on a day or later, and are no more."""
    subjects = {subject(teacher): 0 for teacher in teachers}
    last: dict[str, TeacherRegistered] = {}
    left: set[str] = set()
    for entry in await context.journal.read_subjects(tx, subjects, store.LISTINGS):
        now, before = entry.parse(TeacherRegistered), last.get(entry.subject)
        moved = before is not None and before.school == school != now.school
        if moved and day_of(entry.effective_at, context.pack.pack.timezone) >= day:
            left.add(now.teacher)
        last[entry.subject] = now
    return left
