"""HTTP of the deductions: make one, withdraw it, see what each takes of its year and what was not there."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from hours.deductions import operations, store, tables
from hours.deductions.domain import Shown, State
from hours.deductions.operations import Failed, Withdrawal
from hours.settings import ContextOf
from shared.access import Reach, ReachOf
from shared.policy.categories import to_texts
from shared.runtime import clock
from shared.runtime.database import Transaction, TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import Reason, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/deductions", tags=["deductions"], route_class=TransactionalRoute)


class DeductionBody(BaseModel):
    """Of whose year hours are deducted, by which rule, and what was found."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"teacher": "T0360", "year": 2025, "rule": "SCH-01", "reason": "检查时未能出示学习笔记"}
            ]
        }
    )

    teacher: Text
    year: Year
    rule: Text
    reason: Reason


class WithdrawalBody(BaseModel):
    """Why a deduction is taken back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "笔记已补交,经复查合格"}]})

    reason: Reason


class ShownDeduction(BaseModel):
    """A deduction as it stands."""

    deduction: str
    teacher: str
    year: int
    rule: str
    asked: str
    """What the rule asks for; 0 once it was withdrawn."""
    hours: dict[str, str]
    """What is deducted, by category."""
    short: str
    """What was not there to be deducted."""
    withholds: bool
    """Whether the year does not pass while it stands, whatever is left of it."""
    state: State
    reason: str
    by: str
    at: str
    withdrawn_by: str | None
    withdrawn_because: str | None


def _told(shown: Shown) -> dict[str, Any]:
    kept = shown.kept
    return {
        "deduction": kept.deduction,
        "teacher": kept.teacher,
        "year": kept.year,
        "rule": kept.rule,
        "asked": f"{shown.asked:.2f}",
        "hours": to_texts(shown.hours),
        "short": f"{shown.short:.2f}",
        "withholds": shown.withholds,
        "state": kept.state,
        "reason": kept.reason,
        "by": kept.by,
        "at": kept.at.isoformat(),
        "withdrawn_by": kept.withdrawn_by or None,
        "withdrawn_because": kept.withdrawn_because or None,
    }


@router.post(
    "",
    summary="Deduct hours of a year whose inspection was failed",
    description="How many, the rule says; what is not there to be taken is told as `short`, and a year is"
    " never below 0. The key of the request names the deduction. A year that was judged is judged again.",
    status_code=201,
    response_model=ShownDeduction,
    responses={
        403: {"description": "`deduction.not_decider`"},
        409: {"description": "`year.closed`, `rule.disabled`"},
        422: {"description": "`deduction.no_rule`, `rule.incomplete`, `year.not_begun`, `teacher.unknown`"},
    },
)
async def make(
    body: DeductionBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    unknown = DomainError.at("/teacher", "teacher.unknown", teacher=body.teacher)
    await reach.hold(tx, body.teacher, unknown)

    async def act() -> Answer:
        wanted = Failed(
            number=key.value,
            caller=reach.caller,
            teacher=body.teacher,
            year=body.year,
            rule=body.rule,
            reason=body.reason,
            at=clock.now(),
        )
        return Answer(201, _told(await operations.make(tx, context, wanted)))

    return (await once(tx, key, act)).response()


@router.get("", summary="Deductions in order of number", response_model=Page[ShownDeduction])
async def list_deductions(
    tx: Read,
    reach: ReachOf,
    teacher: Annotated[str | None, Query(max_length=200)] = None,
    year: Annotated[Year | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
    short: Annotated[bool | None, Query(description="Whether hours were not there to be deducted.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    within = await reach.within(tx, tables.deduction.c.teacher)
    wanted = store.Wanted(within=within, teacher=teacher, year=year, state=state, short=short)
    rows = await store.page(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    return page([_told(row) for row in rows], limit, [[row.kept.deduction] for row in rows])


@router.get(
    "/{deduction:path}",
    summary="What a deduction takes, who decided it and why",
    response_model=ShownDeduction,
    responses={404: {"description": "`deduction.unknown`"}},
)
async def show(deduction: str, tx: Read, reach: ReachOf) -> dict[str, Any]:
    return _told(await _reached(tx, reach, deduction))


@router.post(
    "/{deduction:path}/withdrawal",
    summary="Take a deduction back",
    description="By whom the rule names, as for deducting. Later deductions of the year take what they can of"
    " what it gives back, and a year that was judged is judged again.",
    response_model=ShownDeduction,
    responses={
        403: {"description": "`deduction.not_decider`"},
        404: {"description": "`deduction.unknown`"},
        409: {"description": "`deduction.over`, `year.closed`"},
    },
)
async def withdraw(
    deduction: str, body: WithdrawalBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _reached(tx, reach, deduction)

    async def act() -> Answer:
        wanted = Withdrawal(
            number=deduction,
            by=reach.caller.name,
            account=reach.caller.subject,
            reason=body.reason,
            at=clock.now(),
        )
        return Answer(200, _told(await operations.withdraw(tx, context, wanted)))

    return (await once(tx, key, act)).response()


async def _reached(tx: Transaction, reach: Reach, number: str) -> Shown:
    """A deduction of a teacher to whom the caller reaches.

    Raises: DomainError `deduction.unknown`.
    """
    shown, unknown = await store.load(tx, number), DomainError("deduction.unknown", deduction=number)
    if shown is None:
        raise unknown
    await reach.hold(tx, shown.kept.teacher, unknown)
    return shown
