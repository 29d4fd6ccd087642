"""Shapes that reviews and objections answer in: a review, a record of it, and how a row went."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from hours.records import operations as records
from hours.reviews import rendering
from hours.reviews.domain import Item, Kind, Mark, Outcome, Since, State
from hours.reviews.operations import Said
from hours.settings import Context
from shared.runtime import bulk
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.fields import Day, HoursField
from shared.runtime.idempotency import Answer


class SampleBody(BaseModel):
    """How many records are drawn: a number of them, or a share in percent, rounded up."""

    unit: Literal["records", "percent"]
    size: Annotated[int, Field(ge=1, le=1_000_000)]


class ShownCounts(BaseModel):
    """Records that are to be marked, in order, objected to; objections that await an answer, are upheld."""

    open: int
    in_order: int
    objected: int
    awaiting: int
    upheld: int


class ShownReview(BaseModel):
    """A review as it stands: `items` of the `registered` records that stood when it was opened."""

    review: str
    place: str
    year: int
    kind: Kind
    sample: SampleBody | None
    seed: str
    registered: int
    items: int
    by: str
    state: State
    counts: ShownCounts
    outcome: Outcome | None
    override: str | None
    opened_at: str
    signed_off_at: str | None


class ShownItem(BaseModel):
    """A record of a review as it was registered and marked, and what became of it `since`."""

    review: str
    record: str
    teacher: str
    source_rule: str
    category: str
    hours: HoursField
    activity: str
    provider: str
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    evidence: str
    files: list[str]
    href: str
    answerable: str
    mark: Mark
    reason: str | None
    answer: str | None
    since: Since
    replacement: str | None
    upheld: bool


def said(outcome: Said | DomainError) -> bulk.Outcome:
    if isinstance(outcome, DomainError):
        return outcome
    item = outcome.item
    body = {"review": item.review, "record": item.record, "mark": item.mark}
    return Answer(200, body, replayed=outcome.replayed)


async def shown_items(tx: Transaction, context: Context, rows: list[Item]) -> list[dict[str, Any]]:
    kept = await records.find(tx, {row.record for row in rows})
    return rendering.items(rows, await records.entries_of(tx, context, kept.values()))
