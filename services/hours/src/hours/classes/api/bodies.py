"""A class as it is handed in and as it is shown."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from hours.classes.domain.outline import Lesson, Outline
from hours.classes.domain.training_class import Level, State, TrainingClass
from shared.policy.categories import Category
from shared.policy.sources import Score
from shared.runtime.fields import (
    MAX_NAMED,
    CategoryName,
    Day,
    HoursField,
    OptionalReason,
    OptionalText,
    Reason,
    Shown,
    Text,
    clean,
)

EXAMPLE: dict[str, JsonValue] = msgspec.json.decode(Path(__file__).with_name("example.json").read_bytes())
"""A class under a rule of the pack that is shipped; data, as everything that names a rule."""


ClassNumber = Annotated[
    str, Field(alias="class", min_length=1, max_length=100, pattern=r"^\S+$"), AfterValidator(clean), Shown
]


class LessonBody(BaseModel):
    """A part of a class on one day."""

    lesson: Reason
    day: Day
    hours: HoursField


Part = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]


class ScoreBody(BaseModel):
    """How parts of a score weigh, adding up to 1, and the mark that passes."""

    weights: dict[Reason, Part] = Field(min_length=1, max_length=MAX_NAMED)
    pass_mark: Part


class ClassBody(BaseModel):
    """A class as it is proposed."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    number: ClassNumber
    organiser: OptionalText = ""
    """Without it the caller's own place."""
    title: Reason
    source_rule: Text
    category: CategoryName
    hours: HoursField
    format: Text
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    enrol_by: Day
    opens: Day
    closes: Day
    lessons: Annotated[list[LessonBody], Field(max_length=1_000)] = []
    trainers: Annotated[list[Text], Field(max_length=100)] = []
    provider: OptionalReason = ""
    """Who teaches it, in words; where it is named, providers bound to the organiser hand in as well."""
    annual_plan: OptionalReason = ""
    """The entry of the organiser's annual plan that it is held under, as `organiser/year/number`."""
    score: ScoreBody | None = None

    def outline(self) -> Outline:
        """The body as the rules know it."""
        return Outline(
            title=self.title,
            rule=self.source_rule,
            category=self.category,
            hours=self.hours,
            format=self.format,
            capacity=self.capacity,
            enrol_by=self.enrol_by,
            opens=self.opens,
            closes=self.closes,
            lessons=[Lesson(lesson=one.lesson, day=one.day, hours=one.hours) for one in self.lessons],
            trainers=self.trainers,
            provider=self.provider,
            annual_plan=self.annual_plan,
            score=Score(**self.score.model_dump()) if self.score else None,
        )


class ShownScore(BaseModel):
    """Weights and pass mark."""

    weights: dict[str, str]
    pass_mark: str


class ShownClass(BaseModel):
    """A class as it stands; `awaits` is the office that is to act on its results, where others recognise."""

    number: str = Field(alias="class")
    organiser: str
    level: Level
    title: str
    source_rule: str
    category: Category
    hours: HoursField
    format: str
    capacity: int | None
    enrol_by: Day
    opens: Day
    closes: Day
    lessons: list[LessonBody]
    trainers: list[str]
    provider: str
    annual_plan: str
    score: ShownScore | None
    state: State
    proposed_by: str
    late: bool
    held: bool
    reason: str
    awaits: str | None


def shown(one: TrainingClass) -> dict[str, Any]:
    """The class as JSON."""
    outline = one.outline
    return {
        "class": one.number,
        "organiser": one.organiser,
        "level": one.level,
        "title": outline.title,
        "source_rule": outline.rule,
        "category": outline.category,
        "hours": f"{outline.hours:.2f}",
        "format": outline.format,
        "capacity": outline.capacity,
        "enrol_by": outline.enrol_by.isoformat(),
        "opens": outline.opens.isoformat(),
        "closes": outline.closes.isoformat(),
        "lessons": [
            {"lesson": lesson.lesson, "day": lesson.day.isoformat(), "hours": f"{lesson.hours:.2f}"}
            for lesson in outline.lessons
        ],
        "trainers": outline.trainers,
        "provider": outline.provider,
        "annual_plan": outline.annual_plan,
        "score": _score(outline.score) if outline.score else None,
        "state": one.state,
        "proposed_by": one.proposed_by,
        "late": one.late,
        "held": one.held,
        "reason": one.reason,
        "awaits": one.awaits,
    }


def _score(score: Score) -> dict[str, Any]:
    weights = {name: f"{weight:.2f}" for name, weight in score.weights.items()}
    return {"weights": weights, "pass_mark": f"{score.pass_mark:.2f}"}
