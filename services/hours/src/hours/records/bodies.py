"""Hours as bodies of requests hold them: the same whether they are registered at once or declared."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from hours.records.domain.numbers import RESERVED, made
from hours.records.domain.registration import Details, Held, Registration
from shared.runtime.fields import (
    MAX_NAMED,
    CategoryName,
    Day,
    HoursField,
    Instant,
    OptionalReason,
    OptionalText,
    Reason,
    Text,
    Year,
    nobodys,
)


def _chosen(number: str) -> str:
    if number.startswith(RESERVED):
        raise PydanticCustomError("record.reserved", "a number that is made here")
    return number


RecordNumber = Annotated[
    str, Field(min_length=1, max_length=1_000, pattern="^[^\0]+$"), AfterValidator(nobodys)
]
"""The number of a record, whoever made it: those of rooms hold up to two ids, as these were chosen."""

ChosenNumber = Annotated[Text, AfterValidator(_chosen)]
"""The number of a record that somebody chooses: none that a room makes."""


def _chosen_declaration(number: str) -> str:
    if number.startswith(made("transcript", "")):
        raise PydanticCustomError("record.reserved", "a number that is made here")
    return number


ChosenDeclaration = Annotated[Text, AfterValidator(_chosen_declaration)]
"""The number of a declaration that somebody chooses: none of a line of a transcript."""


def _blank(value: object) -> object:
    return None if value == "" else value


class DetailsBody(BaseModel):
    """Structured facts behind a record; each is asked for by some rules only."""

    rank: Annotated[int, Field(le=1000)] | None = None
    score: Annotated[int, Field(le=10_000_000)] | None = None
    proof: Annotated[dict[Text, OptionalText], Field(max_length=MAX_NAMED)] | None = None
    level_from: Annotated[Held | None, Field(description="Level held before, or `none`.")] = None
    level_to: int | None = None
    approved_at: Instant | None = None
    plan_approved_at: Instant | None = None
    grade: OptionalReason | None = None
    mode: Annotated[OptionalReason | None, Field(description="Form of training, for its conversion.")] = None
    level: Annotated[OptionalReason | None, Field(description="Of who issued the training.")] = None
    diploma_on: Day | None = None
    degree: OptionalReason | None = None
    programme: OptionalReason | None = None
    progress: Annotated[Decimal, Field(ge=0, le=100, max_digits=5)] | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    topics: Annotated[
        tuple[OptionalText, ...] | None,
        Field(max_length=MAX_NAMED, description="Of those that `GET /v1/rules` names under `obligations`."),
    ] = None


class HoursBody(BaseModel):
    """Hours of a teacher under a rule, as they are handed in, whichever way they come."""

    teacher: Text
    year: Year
    source_rule: Text
    category: CategoryName
    hours: Annotated[HoursField | None, BeforeValidator(_blank)] = None
    activity: Reason
    provider: OptionalReason = ""
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    evidence: OptionalReason = ""
    details: DetailsBody | None = None

    def registration_as(self, record: str, files: tuple[str, ...] = ()) -> Registration:
        """The body as the rules know it, under the number of its record."""
        return Registration(
            record=record,
            teacher=self.teacher,
            year=self.year,
            rule=self.source_rule,
            category=self.category,
            hours=self.hours,
            activity=self.activity,
            provider=self.provider,
            first=self.first,
            last=self.last,
            evidence=self.evidence,
            details=Details(**self.details.model_dump()) if self.details else None,
            files=files,
        )
