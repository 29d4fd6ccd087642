"""The outline of a class (办班方案): what is proposed, and what it must keep by itself and under its rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from shared.policy.calendar import months_before
from shared.policy.categories import Category
from shared.policy.hour_checks import score_faults
from shared.policy.names import item_name
from shared.policy.pack import Pack
from shared.policy.sources import AnyHourSource, Score
from shared.wording import Named

SCORE_FAULTS: Mapping[str, str] = {"weights": "权重合计不等于 1", "pass_mark": "合格分数超过满分"}
"""What is wrong with a weighted score, in Chinese, by the part that is."""


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a class on one day (课次), of so many class-hours."""

    lesson: str
    day: date
    hours: Decimal


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """A class as it is to be held."""

    title: str
    rule: str
    category: Category
    hours: Decimal
    """What whoever passes is given."""
    format: str
    """One of those that the rule names (培训形式)."""
    capacity: int | None
    """How many seats there are (名额); None for as many as come."""
    enrol_by: date
    """Last day on which teachers and schools enrol (报名截止)."""
    opens: date
    closes: date
    lessons: list[Lesson]
    trainers: list[str]
    """Teachers on the roster who hold it (培训者); they do not take part as well."""
    provider: str
    """Who teaches it, as the records name it (施教机构); empty for who holds it. Words, and no office."""
    annual_plan: str
    """The entry of its organiser's annual plan (年度培训计划) under which it is held; empty for none."""
    score: Score | None
    """Its own weights and pass mark; None for those of the rule, if it has any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A class that a teacher can enrol in, or has enrolled in already."""

    number: str
    outline: Outline
    enrolled: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something of a class cannot be: a code, the place in the body if there is one, figures."""

    code: str
    path: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)


def judge(outline: Outline, pack: Pack, source: AnyHourSource) -> Refused | None:
    """The first thing that is wrong with an outline under its rule; None where it may stand."""
    return next(_refusals(outline, pack, source), None)


def _refusals(outline: Outline, pack: Pack, source: AnyHourSource) -> Iterator[Refused]:
    classes = source.classes
    assert classes is not None, "the rule's hours come through classes"
    if outline.category != source.category:
        expected = {
            "category": item_name(pack, outline.category),
            "expected": item_name(pack, source.category),
        }
        yield Refused("category.mismatch", "/category", expected)
    if outline.format not in classes.formats:
        yield Refused(
            "class.format_unknown", "/format", {"format": outline.format, "formats": list(classes.formats)}
        )
    if not outline.enrol_by <= outline.opens <= outline.closes:
        yield Refused("class.dates_disordered", "/opens")
    if pack.years.of_day(outline.opens) != pack.years.of_day(outline.closes):
        yield Refused("class.spans_years", "/closes")
    yield from _lessons(outline)
    for name, message in score_faults(outline.score) if outline.score else ():
        fault = Named(message, {"en": f"{name} {message}", "zh": SCORE_FAULTS[name]})
        yield Refused("class.score_invalid", "/score", {"fault": fault})


def _lessons(outline: Outline) -> Iterator[Refused]:
    """Lessons have names of their own, lie within the class, and are no longer than it together."""
    names = [lesson.lesson for lesson in outline.lessons]
    if len(set(names)) < len(names):
        yield Refused("class.lesson_twice", "/lessons")
    for index, lesson in enumerate(outline.lessons):
        if not outline.opens <= lesson.day <= outline.closes:
            yield Refused("class.lesson_outside", f"/lessons/{index}/day", {"lesson": lesson.lesson})
    together = sum((lesson.hours for lesson in outline.lessons), Decimal(0))
    if together > outline.hours:
        yield Refused("class.lessons_too_long", "/lessons", {"together": together, "hours": outline.hours})


def is_late(opens: date, lead_months: int | None, proposed: date) -> bool:
    """Whether a class is proposed too near to its opening (开班前一个月)."""
    return lead_months is not None and proposed > months_before(opens, lead_months)
