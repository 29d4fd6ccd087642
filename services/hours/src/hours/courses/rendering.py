"""Courses for people and programs: where each stands as of an instant, with the clock of every step."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from hours.courses.domain.clock import Clock, clock, is_open
from hours.courses.domain.course import Course
from shared.policy.calendar import day_of
from shared.policy.pack import Pack


def shown(pack: Pack, course: Course, instant: datetime) -> dict[str, Any]:
    """A course as it stands, with what is late as of an instant."""
    day = day_of(instant)
    awaited = None if course.step is None else clock(pack, course.term, course.received_on, day)
    return {
        "course": course.course,
        "rule": course.rule,
        "organisation": course.organisation,
        "title": course.title,
        "applicant": course.applicant,
        "state": course.state,
        "step": course.step and course.step.name,
        "awaits": course.awaits,
        "clock": awaited and _clock(awaited),
        "open_for_enrolment": course.state == "listed"
        and awaited is not None
        and is_open(pack, course.rule, awaited),
        "steps": [
            {"step": step.name, "does": step.does, "by": step.by, "term": step.term} for step in course.steps
        ],
        "done": _done(pack, course),
    }


def _done(pack: Pack, course: Course) -> list[dict[str, Any]]:
    """What was done, in order, each with the clock at which it was done."""
    return [
        {
            "step": deed.step,
            "outcome": deed.outcome,
            "by": deed.by,
            "reason": deed.reason,
            "done_on": _written(deed.done_on),
            **_clock(clock(pack, deed.term, deed.received_on, deed.done_on)),
        }
        for deed in course.deeds
    ]


def _clock(its: Clock) -> dict[str, Any]:
    return {
        name: _written(value) if isinstance(value, date) else value for name, value in asdict(its).items()
    }


def _written(day: date) -> str:
    return day.isoformat()
