"""SQL of the courses: how far each is, who is awaited, what is late, what forms say, and the projection."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Row, Text, and_, bindparam, cast, or_, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from hours.courses import tables
from hours.courses.domain.course import Course, Deed, after, applied
from hours.courses.domain.entries import CourseApplied, CourseDecided, CourseSubmitted, Step
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical
from shared.runtime.pages import narrowed

APPLIED, SUBMITTED, DECIDED = "course.applied.v1", "course.submitted.v1", "course.decided.v1"

_COURSE = tables.course.c
_DOES = cast(_COURSE.steps, JSONB)[_COURSE.step_number]["does"].astext
AWAITED = select(_COURSE.awaits, _COURSE.course).where(_COURSE.state == "pending", _DOES != "production")
"""Who is to decide on which course.

One that lies with who applied is theirs to leave there, since nothing withdraws it; one in the library is
looked at again in time, and awaits nobody now.
"""


async def load(tx: Transaction, number: str) -> Course | None:
    """One course."""
    query = select(tables.course).where(tables.course.c.course == number)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _course(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which courses are asked for."""

    within: Collection[str] | None
    """Organisations whose courses are reached; None for all."""
    account: str
    """Whose own courses are reached besides."""
    of: Mapping[str, str | None]
    """Columns and their values; None is any."""
    late: Mapping[str, date] | None
    """For each term the last day of receipt that is late; None for late ones and others."""


async def page(tx: Transaction, wanted: Wanted, *, after_course: str | None, limit: int) -> list[Course]:
    """Courses in order of id, at most `limit`."""
    query = narrowed(select(tables.course), tables.course.c.course, after_course, wanted.of, _reached(wanted))
    if wanted.late is not None:
        query = query.where(_is_late(wanted.late))
    return [_course(row) for row in await tx.execute(query.limit(limit))]


def _reached(wanted: Wanted) -> ColumnElement[bool] | None:
    if wanted.within is None:
        return None
    course = tables.course.c
    ids = bindparam("within", sorted(wanted.within), ARRAY(Text))
    return or_(course.organisation == ids.any_(), course.account == wanted.account)


def _is_late(received: Mapping[str, date]) -> ColumnElement[bool]:
    course = tables.course.c
    return or_(*(and_(course.term == term, course.received_on <= last) for term, last in received.items()))


async def keep_form(tx: Transaction, number: str, form: Mapping[str, str]) -> str:
    """Keep what was handed in beside the journal; its digest."""
    text = canonical(form)
    digest = sha256(text.encode()).hexdigest()
    row = {"course": number, "digest": digest, "form": text}
    await tx.execute(insert(tables.course_form).values(row).on_conflict_do_nothing())
    return digest


async def load_form(tx: Transaction, course: Course) -> dict[str, str]:
    """What was handed in last."""
    form = tables.course_form.c
    query = select(form.form).where(form.course == course.course, form.digest == course.form)
    return msgspec.json.decode((await tx.execute(query)).scalar_one(), type=dict[str, str])


def _course(row: Row[Any]) -> Course:
    return Course(
        course=row.course,
        rule=row.rule,
        organisation=row.organisation,
        title=row.title,
        applicant=row.applicant,
        account=row.account,
        form=row.form,
        steps=msgspec.json.decode(row.steps, type=list[Step]),
        state=row.state,
        step_number=row.step_number,
        received_on=row.received_on,
        moved_at=row.moved_at,
        deeds=msgspec.json.decode(row.deeds, type=tuple[Deed, ...]),
    )


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the courses up to these entries."""
    for entry in entries:
        match entry.type:
            case "course.applied.v1":
                await _put(tx, applied(entry.parse(CourseApplied), entry.effective_at))
            case "course.submitted.v1":
                await _follow(tx, entry.parse(CourseSubmitted), entry.effective_at)
            case "course.decided.v1":
                await _follow(tx, entry.parse(CourseDecided), entry.effective_at)
            case _:
                pass


async def _follow(tx: Transaction, fact: CourseSubmitted | CourseDecided, at: datetime) -> None:
    known = await load(tx, fact.course)
    assert known is not None, "a course is applied for first"
    await _put(tx, after(known, fact, at))


async def _put(tx: Transaction, course: Course) -> None:
    row = {
        "course": course.course,
        "rule": course.rule,
        "organisation": course.organisation,
        "title": course.title,
        "applicant": course.applicant,
        "account": course.account,
        "form": course.form,
        "steps": canonical(course.steps),
        "state": course.state,
        "step_number": course.step_number,
        "awaits": course.awaits,
        "term": course.term,
        "received_on": course.received_on,
        "moved_at": course.moved_at,
        "deeds": canonical(course.deeds),
    }
    await tx.execute(
        insert(tables.course).values(row).on_conflict_do_update(index_elements=["course"], set_=row)
    )
