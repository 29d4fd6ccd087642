"""Issuing over HTTP: how much is waiting, what cannot be done and why, and the order to try it again."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from certificates.issuing import operations
from certificates.issuing.store import Stuck
from certificates.registry.domain.certificate import Key
from certificates.settings import ContextOf
from shared.access import Caller, ReachOf
from shared.masking import MASK
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError, Problems, ProblemWords
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, YearKey, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/certificates", tags=["issuing"], route_class=TransactionalRoute)

HIDDEN = {"sign": MASK, "points": MASK}
"""A sign of a name, for those who may not know whose it is."""


class WorkView(BaseModel):
    """Work by what it waits for."""

    pending: int = Field(description="Will be issued by itself.", examples=[0])
    failed: int = Field(description="Cannot be issued as things are; see the failures.", examples=[1])
    held: int = Field(description="Waits for a person's decision; see the failures.", examples=[0])


class FailureView(BaseModel):
    """A certificate that is not issued, and why in words."""

    teacher: str
    year: int
    kind: str
    failed_at: datetime | None = Field(description="Null where it is held rather than failed.")
    problem: dict[str, Any]


class Retried(BaseModel):
    """How many failures are tried again."""

    retried: int


@router.get("/pending", summary="How many certificates wait to be issued")
async def pending(tx: Read, reach: ReachOf) -> WorkView:
    return WorkView(**await operations.count_work(tx, reach))


@router.get("/failures", summary="Certificates that cannot be issued as things are, and why")
async def failures(
    problems: ProblemWords, tx: Read, reach: ReachOf, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[FailureView]:
    after = decode_keys(cursor, str, YearKey, str)
    found = await operations.load_stuck(tx, reach, Key(*after) if after else None, limit + 1)
    rows = [_view(stuck, problems, reach.caller) for stuck in found]
    return Page[FailureView](**page(rows, limit, [list(stuck.key) for stuck in found]))


@router.post(
    "/failures/retry",
    summary="Try all failed certificates again",
    description="Those of teachers to whom the caller reaches. News of a teacher does the same, unasked.",
    status_code=202,
    response_model=Retried,
)
async def retry(key: IdempotencyKey, context: ContextOf, reach: ReachOf, tx: Tx) -> JSONResponse:
    async def act() -> Answer:
        return Answer(202, {"retried": await operations.retry(tx, reach)})

    tx.on_commit(context.wake_issuing)
    return (await once(tx, key, act)).response()


def _view(stuck: Stuck, problems: Problems, caller: Caller) -> FailureView:
    figures: dict[str, Any] = {"teacher": stuck.key.teacher, "year": stuck.key.year}
    if stuck.reason == "policy.not_kept":
        figures["policy"] = stuck.policy
    if stuck.sign:
        figures |= {"sign": stuck.sign, "points": _points(stuck.sign)} if not caller.sees_masked else HIDDEN
    return FailureView(
        teacher=stuck.key.teacher,
        year=stuck.key.year,
        kind=stuck.key.kind,
        failed_at=stuck.failed_at,
        problem=problems.render(DomainError(stuck.reason, **figures)),
    )


def _points(sign: str) -> str:
    """Code points, for a character that this screen may not show either."""
    return " ".join(f"U+{ord(char):04X}" for char in sign)
