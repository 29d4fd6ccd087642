"""HTTP of the swaps: ask for one or withdraw it, agree in turn or refuse, list who is awaited."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from hours.classes.api.bodies import ClassNumber
from hours.classes.domain.swaps import Step, Swap, SwapState
from hours.classes.operations import swaps
from hours.classes.operations.reaching import reached
from hours.classes.operations.swaps import Answer as SwapAnswer
from hours.classes.operations.swaps import Request
from hours.classes.store import swaps as store
from hours.settings import ContextOf
from shared.access import Caller, Reach, ReachOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import OptionalReason, Reason, Text
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/swaps", tags=["classes"], route_class=TransactionalRoute)

_FORM = "4eb8531a510cbb22a928b603aef45801047a6b92fddb354de71f1411ac80cc4c"
_EXAMPLE: dict[str, JsonValue] = {
    "class": "D01-2099-1",
    "leaving": "T0372",
    "replacement": "T0373",
    "form": _FORM,
}


class SwapBody(BaseModel):
    """Who is to leave a class, who is to come, and the digest of the application form (更换申请表)."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    number: ClassNumber
    leaving: Text
    replacement: Text
    form: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of a file that was handed in as evidence."""
    override: OptionalReason = ""
    """Why a form that stands for something else is to stand for this too; whoever agrees is shown it."""


class RefusalBody(BaseModel):
    """Why a swap is refused."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "替换学员须参加毕业班教学"}]})

    reason: Reason


class ShownStep(BaseModel):
    """Who agrees in which step, and whether it is done; the report is noted.

    A teacher is told which kind of office the other one's are, and not which.
    """

    step: Step
    by: str
    approved: bool


class ShownSwap(BaseModel):
    """A swap as it stands; `awaits` is who is to act next."""

    swap: str
    number: str = Field(alias="class")
    leaving: str
    replacement: str
    form: str
    override: str | None
    state: SwapState
    reason: str | None
    """Of a refusal, or why the class was called off."""
    awaits: str | None
    approvers: list[ShownStep]


def _shown(swap: Swap, caller: Caller) -> dict[str, Any]:
    if caller.binding.level == "person":
        swap = swap.told()
    return {
        "swap": swap.swap,
        "class": swap.number,
        "leaving": swap.leaving,
        "replacement": swap.replacement,
        "form": swap.form,
        "override": swap.override or None,
        "state": swap.state,
        "reason": swap.reason or None,
        "awaits": swap.awaited.by if swap.awaited else None,
        "approvers": list(swap.approvals.marked()),
    }


@router.post(
    "",
    summary="Ask for a swap of a seat before the class opens",
    description="By the teacher who leaves, or who reaches to that one. The key of the request names it. Who"
    " comes works below the city to which it is reported. The form is a file of evidence; it stands for"
    " nothing else until the swap is refused or withdrawn.",
    status_code=201,
    response_model=ShownSwap,
    responses={
        404: {"description": "`class.unknown`, `seat.unknown`"},
        409: {
            "description": "`class.not_approved`, `class.begun`, `seat.taken`, `swap.pending`,"
            " `evidence.claimed`"
        },
        422: {"description": "`teacher.unknown`, `swap.school_unknown`, `evidence.not_handed_in`"},
    },
)
async def request(
    body: SwapBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await reached(tx, reach, body.number)
    await reach.hold(tx, body.leaving, DomainError.at("/leaving", "seat.unknown", teacher=body.leaving))

    async def act() -> Answer:
        wanted = Request(
            swap=key.value,
            number=body.number,
            leaving=body.leaving,
            replacement=body.replacement,
            form=body.form,
            override=body.override,
            caller=reach.caller,
            at=clock.now(),
        )
        return Answer(201, _shown(await swaps.request(tx, context, wanted), reach.caller))

    return (await once(tx, key, act)).response()


@router.post(
    "/{swap:path}/approval",
    summary="Agree to the next step of a swap, or note its report",
    description="The unit of who leaves, the unit of who comes, the authority of each, then the"
    " department of the city, to which the swap is reported: with that the seat changes hands.",
    response_model=ShownSwap,
    responses={
        403: {"description": "`swap.not_awaited`"},
        404: {"description": "`swap.unknown`"},
        409: {"description": "`swap.over`"},
    },
)
async def approve(swap: str, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey) -> JSONResponse:
    await _reached(tx, reach, swap)

    async def act() -> Answer:
        said = SwapAnswer(swap=swap, caller=reach.caller, at=clock.now())
        return Answer(200, _shown(await swaps.approve(tx, context, said), reach.caller))

    return (await once(tx, key, act)).response()


@router.post(
    "/{swap:path}/refusal",
    summary="Refuse the next step of a swap",
    description="By who is to agree next, with a reason; the seat stays where it is.",
    response_model=ShownSwap,
    responses={
        403: {"description": "`swap.not_awaited`"},
        404: {"description": "`swap.unknown`"},
        409: {"description": "`swap.over`, `swap.reported`"},
    },
)
async def refuse(
    swap: str, body: RefusalBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _reached(tx, reach, swap)

    async def act() -> Answer:
        said = SwapAnswer(swap=swap, caller=reach.caller, at=clock.now(), reason=body.reason)
        return Answer(200, _shown(await swaps.refuse(tx, context, said), reach.caller))

    return (await once(tx, key, act)).response()


@router.post(
    "/{swap:path}/withdrawal",
    summary="Ask no longer for a swap",
    description="By who may ask for it, while it is not over; the form is free again.",
    response_model=ShownSwap,
    responses={
        404: {"description": "`swap.unknown`"},
        409: {"description": "`swap.over`"},
    },
)
async def withdraw(
    swap: str, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    found = await _reached(tx, reach, swap)
    await reach.hold(tx, found.leaving, DomainError("swap.unknown", swap=swap))

    async def act() -> Answer:
        said = SwapAnswer(swap=swap, caller=reach.caller, at=clock.now())
        return Answer(200, _shown(await swaps.withdraw(tx, context, said), reach.caller))

    return (await once(tx, key, act)).response()


@router.get("", summary="Swaps in order of their key", response_model=Page[ShownSwap])
async def list_swaps(
    tx: Read,
    reach: ReachOf,
    class_id: Annotated[str | None, Query(alias="class", max_length=200)] = None,
    state: Annotated[SwapState | None, Query()] = None,
    awaits: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    wanted = store.Wanted(
        within=await reach.organisations(tx),
        teacher=reach.caller.id if reach.caller.binding.level == "person" else None,
        of={"class": class_id, "state": state},
        awaits=awaits,
    )
    rows = await store.page(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    return page([_shown(row, reach.caller) for row in rows], limit, [[row.swap] for row in rows])


@router.get(
    "/{swap:path}",
    summary="How far a swap is",
    response_model=ShownSwap,
    responses={404: {"description": "`swap.unknown`"}},
)
async def show(swap: str, tx: Tx, reach: ReachOf) -> dict[str, Any]:
    return _shown(await _reached(tx, reach, swap), reach.caller)


async def _reached(tx: Tx, reach: Reach, name: str) -> Swap:
    """A swap between schools to one of which the caller reaches, or the caller's own.

    Raises: DomainError `swap.unknown`.
    """
    found, within = await store.load(tx, name), await reach.organisations(tx)
    if found is None or not (
        within is None
        or {found.leaving_school, found.replacement_school} & within
        or (reach.caller.binding.level == "person" and reach.caller.id == found.leaving)
    ):
        raise DomainError("swap.unknown", swap=name)
    return found
