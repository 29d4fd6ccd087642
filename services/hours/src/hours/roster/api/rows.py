"""One row of a roster as it is handed in, in a body or in a file, and what is answered of it."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue, TypeAdapter, WithJsonSchema
from pydantic_core import PydanticCustomError

from hours.roster.domain import Row
from hours.roster.operations.rows import Outcome
from shared.access.ids import Id
from shared.identifiers import citizen_id
from shared.identifiers.citizen_id import NotACitizenId
from shared.policy.calendar import day_of
from shared.runtime import bulk, clock
from shared.runtime.errors import DomainError
from shared.runtime.fields import Day, OptionalText, Text
from shared.runtime.idempotency import Answer

ROW: dict[str, JsonValue] = {
    "teacher": "T0360",
    "name": "阿卜杜拉·买买提",
    "school": "S01",
    "district": "越秀区",
    "stage": "小学",
    "role": "教师",
    "title": "一级教师",
    "joined_on": "2015-09-01",
    "vocational": False,
}


def _blank(value: object) -> object:
    return None if value == "" else value


def _citizen_number(value: object) -> str:
    """The number that a text holds. What is refused is not repeated: it may be a person's but for a digit."""
    read = citizen_id.read(value) if isinstance(value, str) else NotACitizenId(fault="form")
    if isinstance(read, NotACitizenId):
        raise PydanticCustomError("citizen_id.invalid", "not a citizen's number")
    if not citizen_id.plausible(read, day_of(clock.now())):
        raise PydanticCustomError("citizen_id.implausible", "nobody alive was born then")
    return read.number


CitizenNumber = Annotated[str, BeforeValidator(_citizen_number), WithJsonSchema({"type": "string"})]


class RosterRow(BaseModel):
    """One teacher. Other columns are passed over; of a known teacher, what is not said stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [ROW]})

    teacher: Id
    name: Text
    school: Id
    district: OptionalText = ""
    """Without it the one that the school lies in."""
    stage: OptionalText = ""
    role: OptionalText = ""
    """The post."""
    title: OptionalText = ""
    joined_on: Annotated[Day | None, BeforeValidator(_blank)] = None
    vocational: Annotated[bool | None, BeforeValidator(_blank)] = None
    """Without it the stage decides."""
    citizen_id: Annotated[CitizenNumber | None, BeforeValidator(_blank)] = None
    """GB 11643. Sealed at once and never shown again; without it what is known stays."""

    def row(self) -> Row:
        """The row as the roster knows it."""
        return Row(
            said=self.model_fields_set,
            teacher=self.teacher,
            school=self.school,
            district=self.district,
            stage=self.stage,
            role=self.role,
            vocational=self.vocational,
            name=self.name,
            joined_on=self.joined_on.isoformat() if self.joined_on else "",
            title=self.title,
            citizen_id=self.citizen_id or "",
        )


SHAPE = TypeAdapter(RosterRow)
_STATUS = {"registered": 201, "changed": 200, "unchanged": 200}


def answer(row: Row, outcome: Outcome) -> bulk.Outcome:
    """What became of a row, and which fields of a known teacher it changed."""
    if isinstance(outcome, DomainError):
        return outcome
    changed = {"fields": list(outcome.fields)} if outcome.fields else {}
    return Answer(_STATUS[outcome.outcome], {"teacher": row.teacher, "outcome": outcome.outcome, **changed})
