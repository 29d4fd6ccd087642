"""Bodies and answers of the appeals over HTTP."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from hours.appeals.domain.appeal import State
from shared.runtime.fields import Instant, LongReason, OptionalReason, Text, nobodys

MAX_FILES = 20
EXAMPLE: dict[str, JsonValue] = {
    "matter": "record:R0020",
    "grounds": "培训属实,证书见附件。",
    "files": ["36fdfc0aca315bf73b688af871b36b4bb9014c0f95a370f0691de6ab2f8bc993"],
}
MAX_MATTER = 1_000
"""Numbers of records hold up to two ids and what they are of."""
Matter = Annotated[
    str,
    Field(pattern="^(declaration|record|waiver|class|deduction|verdict):[^\0]+$", max_length=MAX_MATTER),
    AfterValidator(nobodys),
]
"""Its kind and number, as `declaration:T0360-2026-1`, `record:R0008`, `class:D01-2026-01/T0372`."""
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class AppealBody(BaseModel):
    """Against what somebody appeals, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    matter: Matter
    grounds: LongReason
    """Shown to the parties and to those who decide, and in no event."""
    files: Annotated[list[Digest], Field(max_length=MAX_FILES)] = Field(default_factory=list)
    """Digests of files that were handed in as evidence."""


class GrantBody(BaseModel):
    """Why an appeal is granted."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "经核实,培训属实"}]})

    reason: LongReason
    override: OptionalReason = ""
    """Why evidence that stands for something else by now may stand for this too."""


class RejectionBody(BaseModel):
    """Why an appeal is rejected."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "证书与所申报培训不符"}]})

    reason: LongReason


class ShownAppeal(BaseModel):
    """An appeal in a list; `due` is null while its working days are not known."""

    appeal: str
    teacher: str
    matter: str
    source_rule: str | None
    """Null for a waiver."""
    against: str
    """The entry of the decision."""
    filed_by: str
    filed_at: datetime
    due: date | None
    state: State
    over_at: datetime | None
    decided_by: str | None
    record: str | None
    """Where its hours are, once it was granted and there are any."""
    href: str


class ShownStep(BaseModel):
    """What happened to an appeal."""

    event: str
    type: str
    by: str
    at: datetime


class ShownGround(BaseModel):
    """Why a waiver was asked for, and why it was refused."""

    kind: str
    statement: str
    files: list[str]
    reason: str


class WholeAppeal(ShownAppeal):
    """An appeal; what was written is null for those who are neither a party nor decide."""

    ground: ShownGround | None
    """Of a waiver, for those who may decide, until somebody did."""

    grounds: str | None
    files: list[str] | None
    reason: str | None
    history: list[ShownStep]


class Asked(BaseModel):
    """Which appeals are asked for."""

    mine: bool = False
    """Those that the caller filed, or may decide on."""
    state: State | None = None
    teacher: Text | None = None
    matter: Annotated[str, Field(max_length=MAX_MATTER)] | None = None
    overdue_at: Instant | None = None
    """Those that were due before the day of this instant, and not over then."""
