"""Orders of people on a certificate over HTTP, and the answer to why it stands as it does."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from certificates.entitlements import operations, rendering
from certificates.entitlements.domain.explanation import lines
from certificates.entitlements.operations import Order
from certificates.registry import operations as registry
from certificates.registry.domain import number as numbers
from certificates.registry.domain.certificate import Version
from certificates.registry.domain.status import Operation
from certificates.settings import Context, ContextOf
from shared.access import Reach, ReachOf
from shared.policy.explain import ground
from shared.runtime import clock
from shared.runtime.database import Transaction, TransactionalRoute, Tx
from shared.runtime.errors import language_of
from shared.runtime.fields import HoursField, Reason
from shared.runtime.hindsight import AsItWas
from shared.runtime.idempotency import Answer, IdempotencyKey, once

router = APIRouter(prefix="/v1/certificates", tags=["certificates"], route_class=TransactionalRoute)

REFUSALS: dict[int | str, dict[str, Any]] = {
    404: {"description": "`certificate.unknown`"},
    409: {"description": "`certificate.state_conflict`"},
}
UNENTITLED: dict[int | str, dict[str, Any]] = {
    **REFUSALS,
    409: {"description": "`certificate.state_conflict`, `certificate.no_pass`"},
}


class OrderBody(BaseModel):
    """An order and its reason, which is kept and shown."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "姓名更正"}]})

    reason: Reason


class Ordered(BaseModel):
    """What stands after an order."""

    number: str
    version: int
    state: str
    state_code: str
    reason: str


class LineView(BaseModel):
    """One requirement and what counted towards it."""

    category: str
    counted: HoursField
    required: HoursField
    filled: HoursField = Field(description="What something else stands in for, in a cycle.")
    met: bool
    arithmetic: str = Field(examples=["42.00 ≥ 42.00"])


class Happened(BaseModel):
    """One entry of the journal about this certificate."""

    entry: str
    type: str
    effective_at: datetime
    recorded_at: datetime
    data: dict[str, Any]


class Why(BaseModel):
    """The ground of a certificate: rule, verdict, arithmetic, and everything that happened to it."""

    number: str
    version: int
    state: str
    words: str
    rule: dict[str, str]
    verdict: str
    authority: str
    decision: str
    revision: int
    decided_at: datetime
    policy: str
    arithmetic: list[LineView]
    history: list[Happened]


@router.post(
    "/{number}/suspension", summary="Suspend the certificate 暂停", response_model=Ordered, responses=REFUSALS
)
async def suspend(
    number: str, body: OrderBody, key: IdempotencyKey, context: ContextOf, reach: ReachOf, tx: Tx
) -> JSONResponse:
    order = await _order(tx, context, reach, body, number)
    return await _once(tx, key, lambda: operations.change(tx, context.journal, order, Operation.SUSPEND))


@router.post(
    "/{number}/reinstatement",
    summary="Lift the suspension 恢复",
    description="Only while a pass stands behind it.",
    response_model=Ordered,
    responses=UNENTITLED,
)
async def reinstate(
    number: str, body: OrderBody, key: IdempotencyKey, context: ContextOf, reach: ReachOf, tx: Tx
) -> JSONResponse:
    order = await _order(tx, context, reach, body, number)
    return await _once(tx, key, lambda: operations.change(tx, context.journal, order, Operation.REINSTATE))


@router.post(
    "/{number}/revocation",
    summary="Revoke the certificate 撤销",
    description="Ends the version; only a reissue puts another in its place.",
    response_model=Ordered,
    responses=REFUSALS,
)
async def revoke(
    number: str, body: OrderBody, key: IdempotencyKey, context: ContextOf, reach: ReachOf, tx: Tx
) -> JSONResponse:
    order = await _order(tx, context, reach, body, number)
    return await _once(tx, key, lambda: operations.change(tx, context.journal, order, Operation.REVOKE))


@router.post(
    "/{number}/reissue",
    summary="Order a new version with what the roster says now 换发",
    description="The number stays. The new version is issued shortly; see `Location`.",
    status_code=202,
    response_model=Ordered,
    responses=UNENTITLED,
)
async def reissue(
    number: str, body: OrderBody, key: IdempotencyKey, context: ContextOf, reach: ReachOf, tx: Tx
) -> JSONResponse:
    order = await _order(tx, context, reach, body, number)
    tx.on_commit(context.wake_issuing)
    return await _once(tx, key, lambda: operations.reissue(tx, context.journal, order), status=202)


@router.get(
    "/{number}/why",
    summary="Why the certificate stands as it does, or stood",
    responses={
        404: {"description": "`certificate.unknown`, also where it was not issued yet"},
        422: {"description": "`known_at.not_past`"},
    },
)
async def why(
    request: Request, number: str, context: ContextOf, reach: ReachOf, as_it_was: AsItWas, tx: Tx
) -> Why:
    found = await registry.find_within(tx, reach, numbers.normalise(number))
    told = await operations.explain(tx, context, found, as_it_was)
    day = as_it_was.effective_on or context.day_of(as_it_was.known_at or clock.now())
    version, granted, pack = told.version.on(day), told.granted, told.pack
    return Why(
        number=version.number,
        version=version.version,
        state=version.state,
        words=rendering.words(version, granted.authority, language_of(request)),
        rule=ground(pack, pack.certificate(version.key.kind).id),
        verdict=granted.verdict,
        authority=granted.authority,
        decision=granted.decision,
        revision=granted.revision,
        decided_at=granted.decided_at,
        policy=version.policy,
        arithmetic=[
            LineView(
                category=line.category,
                counted=line.counted,
                required=line.required,
                filled=line.filled,
                met=line.met,
                arithmetic=rendering.comparison(line),
            )
            for line in lines(version.hours, granted.required, granted.filled, pack.parts)
        ],
        history=[
            Happened(
                entry=entry.id,
                type=entry.type,
                effective_at=entry.effective_at,
                recorded_at=entry.recorded_at,
                data=msgspec.json.decode(entry.data),
            )
            for entry in told.history
        ],
    )


async def _order(tx: Transaction, context: Context, reach: Reach, body: OrderBody, number: str) -> Order:
    """The order of a caller who reaches to the certificate; others learn nothing of a key used before."""
    found = await registry.find_within(tx, reach, numbers.normalise(number))
    now = clock.now()
    day = context.day_of(now)
    return Order(number=found.number, reason=body.reason, by=reach.caller.name, at=now, day=day)


async def _once(
    tx: Transaction,
    key: IdempotencyKey,
    act: Callable[[], Awaitable[Version]],
    status: int = 200,
) -> JSONResponse:
    async def answer() -> Answer:
        version = await act()
        body = Ordered(
            number=version.number,
            version=version.version,
            state=version.state,
            state_code=version.state.code,
            reason=version.reason,
        )
        return Answer(status, body.model_dump(), location=f"/v1/certificates/{version.number}")

    return (await once(tx, key, answer)).response()
