"""HTTP of the transfers: ask for a teacher, approve, refuse, list who is awaited."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from hours.settings import ContextOf
from hours.transfers import operations, store
from hours.transfers.domain import State, Step, Transfer
from hours.transfers.operations import Refusal, Request
from shared.access import CallerOf, Reach, ReachOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import OptionalReason, Reason, Text
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/transfers", tags=["roster"], route_class=TransactionalRoute)


class RequestBody(BaseModel):
    """Whom the receiving school asks for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"teacher": "T0372", "name": "周雨桐", "school": "S12", "reason": "调动"}]
        }
    )

    teacher: Text
    name: Text
    """As the roster has it: the receiving school knows whom it takes, and learns of nobody else."""
    school: Text
    """The receiving one."""
    reason: OptionalReason = ""


class RefusalBody(BaseModel):
    """Why a transfer is refused or no longer asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "本校教师紧缺"}]})

    reason: Reason


class ShownApprover(BaseModel):
    """Who approves in which step, and whether it is done."""

    step: Step
    by: str
    approved: bool


class ShownTransfer(BaseModel):
    """A transfer as it stands; `awaits` is who is to approve next."""

    transfer: str
    teacher: str
    from_school: str
    to_school: str
    state: State
    awaits: str | None
    approvers: list[ShownApprover]


def _shown(transfer: Transfer) -> dict[str, Any]:
    return {
        "transfer": transfer.transfer,
        "teacher": transfer.teacher,
        "from_school": transfer.from_school,
        "to_school": transfer.to_school,
        "state": transfer.state,
        "awaits": transfer.awaited.by if transfer.awaited else None,
        "approvers": list(transfer.approvals.marked()),
    }


@router.post(
    "",
    summary="Ask for a teacher of another school",
    description="By the receiving school. The key of the request names the transfer.",
    status_code=201,
    response_model=ShownTransfer,
    responses={
        403: {"description": "`transfer.not_receiving`"},
        409: {"description": "`transfer.same_school`, `transfer.pending`, `organisation.abolished`"},
        422: {"description": "`teacher.unknown`, `transfer.school_unknown`"},
    },
)
async def request(
    body: RequestBody, tx: Tx, context: ContextOf, caller: CallerOf, key: IdempotencyKey
) -> JSONResponse:
    async def act() -> Answer:
        wanted = Request(
            number=key.value,
            caller=caller,
            teacher=body.teacher,
            name=body.name,
            school=body.school,
            reason=body.reason,
            at=clock.now(),
        )
        return Answer(201, _shown(await operations.request(tx, context, wanted)))

    return (await once(tx, key, act)).response()


@router.post(
    "/{transfer:path}/approval",
    summary="Approve the next step of a transfer",
    description="The receiving side's authority, then the releasing school, then its authority where that is"
    " another one. With the last approval the teacher moves; hours and their history do not.",
    response_model=ShownTransfer,
    responses={
        403: {"description": "`transfer.not_awaited`"},
        404: {"description": "`transfer.unknown`"},
        409: {"description": "Such as `transfer.over`, `transfer.teacher_moved`"},
    },
)
async def approve(
    transfer: str, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _reached(tx, reach, transfer)

    async def act() -> Answer:
        return Answer(200, _shown(await operations.approve(tx, context, transfer, reach.caller, clock.now())))

    return (await once(tx, key, act)).response()


@router.post(
    "/{transfer:path}/refusal",
    summary="Refuse a transfer, or ask for it no longer",
    description="By who is to approve next, or by the receiving school.",
    response_model=ShownTransfer,
    responses={
        403: {"description": "`transfer.not_awaited`"},
        404: {"description": "`transfer.unknown`"},
        409: {"description": "`transfer.over`"},
    },
)
async def refuse(
    transfer: str, body: RefusalBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _reached(tx, reach, transfer)

    async def act() -> Answer:
        wanted = Refusal(number=transfer, caller=reach.caller, reason=body.reason, at=clock.now())
        return Answer(200, _shown(await operations.refuse(tx, context, wanted)))

    return (await once(tx, key, act)).response()


@router.get("", summary="Transfers in order of number", response_model=Page[ShownTransfer])
async def list_transfers(
    tx: Read,
    reach: ReachOf,
    teacher: Annotated[str | None, Query(max_length=200)] = None,
    state: Annotated[State | None, Query()] = None,
    awaits: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    wanted = store.Wanted(
        within=await reach.organisations(tx), of={"teacher": teacher, "state": state, "awaits": awaits}
    )
    rows = await store.page(tx, wanted, after=after[0] if after else None, limit=limit + 1)
    return page([_shown(row) for row in rows], limit, [[row.transfer] for row in rows])


@router.get(
    "/{transfer:path}",
    summary="How far a transfer is",
    response_model=ShownTransfer,
    responses={404: {"description": "`transfer.unknown`"}},
)
async def show(transfer: str, tx: Tx, reach: ReachOf) -> dict[str, Any]:
    return _shown(await _reached(tx, reach, transfer))


async def _reached(tx: Tx, reach: Reach, number: str) -> Transfer:
    """A transfer from or to a school to which the caller reaches.

    Raises: DomainError `transfer.unknown`.
    """
    found, within = await store.load(tx, number), await reach.organisations(tx)
    if found is None or not (within is None or {found.from_school, found.to_school} & within):
        raise DomainError("transfer.unknown", transfer=number)
    return found
