"""Hearing the hours service, and what other rooms may ask of what was heard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select

from shared.access import Reach
from shared.policy.categories import Hours
from shared.policy.requirement import NOTHING_WAIVED
from shared.runtime.database import Transaction
from shared.runtime.hindsight import Hindsight
from shared.runtime.journal import Draft
from verification.figures import store
from verification.figures.domain.hours import HeardYear, Known, TeacherYear, apply
from verification.figures.domain.roster import Counted, Enrolled, Excused, Heard, Left, Member, Scope
from verification.figures.entries import (
    FIGURES_HEARD,
    ROSTER_HEARD,
    ROSTER_LEFT,
    WAIVER_HEARD,
    FiguresHeard,
    RosterHeard,
    RosterLeft,
    WaiverHeard,
)
from verification.settings import Context

NOTHING_HEARD = Known(figures={}, heard="")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What hearing changed: teachers who became known, and years of which something else holds now."""

    known: Sequence[str]
    changed: Sequence[TeacherYear]


def subject(teacher: str) -> str:
    """The journal's subject of a teacher."""
    return f"teacher:{teacher}"


def teacher_of(subject: str) -> str:
    """The teacher whom a subject of the journal is."""
    return subject.removeprefix("teacher:")


async def hear(tx: Transaction, context: Context, heard: Sequence[Heard]) -> News:
    """Take what was heard, in order; the teachers' partitions are locked already."""
    listed = {_listed(item): item for item in heard if isinstance(item, Enrolled | Left)}
    enrolled = {teacher: item for teacher, item in listed.items() if isinstance(item, Enrolled)}
    counted: dict[TeacherYear, list[Counted]] = {}
    for item in heard:
        if isinstance(item, Counted):
            counted.setdefault(item.key, []).append(item)
    before = await store.load_members(tx, listed)
    left = [item for item in listed.values() if isinstance(item, Left) and item.teacher in before]
    moved = [item for teacher, item in enrolled.items() if before.get(teacher) != item.member]
    changed = await _changed(tx, counted)
    excused = await _excused(tx, heard)
    entries = await context.journal.append(
        tx,
        [_place(item) for item in moved]
        + [_leaving(item) for item in left]
        + [_state(key, year, counted[key][-1]) for key, year in changed]
        + [_waiving(item) for item in excused],
    )
    await store.project(tx, entries)
    return News(
        known=[teacher for teacher in enrolled if teacher not in before],
        changed=list(dict.fromkeys([key for key, _ in changed] + [item.key for item in excused])),
    )


async def load(tx: Transaction, keys: Sequence[TeacherYear]) -> dict[TeacherYear, Known]:
    """Figures of all keys; zeros where nothing was ever heard."""
    found = dict.fromkeys(keys, NOTHING_HEARD)
    for key, (year, event) in (await store.load_years(tx, keys)).items():
        found[key] = Known(figures=year.counted, heard=event, withheld=year.withheld)
    for key, (waived, event) in (await store.load_waived(tx, keys)).items():
        found[key] = found[key]._replace(waived=waived, waiver=event)
    return found


async def figures_of(
    tx: Transaction, context: Context, teacher: str, as_it_was: Hindsight
) -> dict[int, Hours]:
    """What counts for a teacher by year, as it was known."""
    entries = await context.journal.read_subject(tx, subject(teacher), (FIGURES_HEARD,))
    known = as_it_was.of(entries, context.pack.pack.timezone)
    said = [entry.parse(FiguresHeard) for entry in known]
    return {one.year: HeardYear(one.hours, one.deductions).counted for one in said}


async def heard_of(tx: Transaction, year: int) -> bool:
    """Whether anything was heard of anybody's hours of a year."""
    return await store.heard_of(tx, year)


async def load_members(tx: Transaction, teachers: Iterable[str]) -> dict[str, Member]:
    """Those of the teachers who are on the roster."""
    return await store.load_members(tx, teachers)


async def next_members(tx: Transaction, scope: Scope, after: str, limit: int) -> list[str]:
    """The first teachers of a scope behind `after`, in order."""
    return await store.next_members(tx, scope, after, limit)


async def count_members(tx: Transaction, scope: Scope) -> int:
    """How many teachers a scope has."""
    return await store.count_members(tx, scope)


async def page_members(
    tx: Transaction, reach: Reach, scopes: Sequence[Scope], after: str, limit: int
) -> list[str]:
    """The first teachers behind `after` who are in all scopes and within reach, in order."""
    return await store.page_members(tx, reach, scopes, after, limit)


def members(scope: Scope) -> Select[tuple[str]]:
    """The teachers of a scope, as a query that another query may contain."""
    return store.members(scope)


async def reached(
    tx: Transaction, reach: Reach, kind: ColumnElement[str], name: ColumnElement[str]
) -> ColumnElement[bool]:
    """Of scopes by kind and name: somebody is in it, and the caller reaches to everybody who is."""
    return await store.reached(tx, reach, kind, name)


async def reaches(tx: Transaction, reach: Reach, scope: Scope) -> bool:
    """Whether the caller reaches to everybody in a scope."""
    return await store.reaches(tx, reach, scope)


async def _changed(
    tx: Transaction, counted: dict[TeacherYear, list[Counted]]
) -> list[tuple[TeacherYear, HeardYear]]:
    """Only what differs afterwards: a posting and its reversal in one batch change nothing."""
    known = await store.load_years(tx, counted)
    before = {key: known[key][0] if key in known else HeardYear() for key in counted}
    after = {key: apply(before[key], [item.change for item in items]) for key, items in counted.items()}
    return [(key, year) for key, year in after.items() if year != before[key]]


async def _excused(tx: Transaction, heard: Sequence[Heard]) -> list[Excused]:
    """The last word on each year of which something is waived, where it is another one than before."""
    said = {item.key: item for item in heard if isinstance(item, Excused)}
    before = await store.load_waived(tx, said) if said else {}
    return [item for key, item in said.items() if item.waived != before.get(key, (NOTHING_WAIVED, ""))[0]]


def _place(item: Enrolled) -> Draft:
    member = item.member
    return Draft(
        type=ROSTER_HEARD,
        subject=subject(member.teacher),
        effective_at=item.at,
        policy="",
        data=RosterHeard(
            teacher=member.teacher, school=member.school, district=member.district, heard=item.event
        ),
    )


def _listed(item: Enrolled | Left) -> str:
    return item.member.teacher if isinstance(item, Enrolled) else item.teacher


def _leaving(item: Left) -> Draft:
    return Draft(
        type=ROSTER_LEFT,
        subject=subject(item.teacher),
        effective_at=item.at,
        policy="",
        data=RosterLeft(teacher=item.teacher, heard=item.event),
    )


def _state(key: TeacherYear, year: HeardYear, last: Counted) -> Draft:
    return Draft(
        type=FIGURES_HEARD,
        subject=subject(key.teacher),
        effective_at=last.at,
        policy="",
        data=FiguresHeard(
            teacher=key.teacher,
            year=key.year,
            hours=dict(year.hours),
            deductions=dict(year.deductions),
            heard=last.event,
        ),
    )


def _waiving(item: Excused) -> Draft:
    return Draft(
        type=WAIVER_HEARD,
        subject=subject(item.key.teacher),
        effective_at=item.at,
        policy="",
        data=WaiverHeard(
            teacher=item.key.teacher,
            year=item.key.year,
            hours=dict(item.waived.hours),
            whole=item.waived.whole,
            heard=item.event,
        ),
    )
