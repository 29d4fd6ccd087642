"""HTTP of the waivers: ask for one, grant, refuse, end it, see how far it is and what is attached.

Lists never say the ground, and an attached file is shown to those alone who are shown the ground.
"""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from hours.evidence import operations as evidence
from hours.evidence.bodies import SHOWS, Digest, sent
from hours.settings import Context, ContextOf
from hours.waivers import operations, store
from hours.waivers.domain import Ground, Kept, State, may_know
from hours.waivers.operations import Application, Decision
from hours.waivers.tables import waiver as table
from shared.access import Reach, ReachOf
from shared.policy.years import WaiverKind
from shared.runtime import clock
from shared.runtime.database import Database, TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import MAX_NAMED, CategoryName, HoursField, Reason, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, Key, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/waivers", tags=["waivers"], route_class=TransactionalRoute)


class ApplicationBody(BaseModel):
    """Whose requirement is to be waived, for which years, how much of it, and on what ground."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "teacher": "T0372",
                    "kind": "secondment",
                    "first": 2025,
                    "last": 2025,
                    "statement": "赴区外支教一年",
                }
            ]
        }
    )

    teacher: Text
    kind: WaiverKind
    first: Year
    last: Year
    hours: Annotated[dict[CategoryName, HoursField], Field(max_length=MAX_NAMED)] | None = None
    """Of each year, by category; without it as much as the ground allows."""
    statement: Reason
    files: Annotated[list[Text], Field(max_length=20)] = []
    """Digests of evidence that was handed in."""


class DecisionBody(BaseModel):
    """Why it is decided so; kept with the ground, and shown to nobody else."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "材料属实"}]})

    reason: Reason


class EndBody(DecisionBody):
    """From which year on a waiver no longer holds."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"year": 2025, "reason": "提前返岗"}]})

    year: Year


class ListedWaiver(BaseModel):
    """A waiver as it stands, without its ground."""

    waiver: str
    teacher: str
    first: int
    last: int
    hours: dict[str, str]
    whole: bool
    state: State
    by: str
    decided_by: str | None


class ShownWaiver(ListedWaiver):
    """A waiver as it stands; its ground for the teacher, who asked, and who decides."""

    ground: dict[str, Any] | None


def _listed(kept: Kept) -> dict[str, Any]:
    return {
        "waiver": kept.waiver,
        "teacher": kept.teacher,
        "first": kept.scope.first,
        "last": kept.scope.last,
        "hours": {category: f"{hours:.2f}" for category, hours in kept.scope.hours.items()},
        "whole": kept.scope.whole,
        "state": kept.state,
        "by": kept.by,
        "decided_by": kept.decided_by or None,
    }


async def _ground(tx: Tx, context: Context, reach: Reach, kept: Kept) -> Ground | None:
    """Why a waiver was asked for; None for those who are not to know."""
    ground = await operations.read(tx, context, kept)
    rule, caller = context.pack.waiver(ground.kind), reach.caller
    return ground if may_know(rule, kept, caller.kind, caller.subject) else None


def _told(kept: Kept, ground: Ground) -> dict[str, Any]:
    return {
        "kind": ground.kind,
        "statement": ground.statement,
        "files": [f"/v1/waivers/{quote(kept.waiver)}/files/{digest}" for digest in ground.files],
        "reason": ground.reason,
    }


@router.post(
    "",
    summary="Ask that part of what years require of a teacher be waived",
    description="By the teacher or the school, as the rules say for the ground. The key of the request names"
    " the waiver. The ground is sealed; no journal, no list and no other service learns it.",
    status_code=201,
    response_model=ListedWaiver,
    responses={
        403: {"description": "`waiver.not_applicant`"},
        409: {"description": "`waiver.incomplete`"},
        422: {"description": "`teacher.unknown`, `waiver.span`, `waiver.too_much`"},
    },
)
async def apply(
    body: ApplicationBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    unknown = DomainError.at("/teacher", "teacher.unknown", teacher=body.teacher)
    await reach.hold(tx, body.teacher, unknown)

    async def act() -> Answer:
        wanted = Application(
            number=key.value,
            caller=reach.caller,
            teacher=body.teacher,
            first=body.first,
            last=body.last,
            hours=body.hours,
            ground=Ground(kind=body.kind, statement=body.statement, files=body.files),
            at=clock.now(),
        )
        kept = await operations.apply(tx, context, wanted)
        return Answer(201, _listed(kept))

    return (await once(tx, key, act)).response()


@router.get(
    "", summary="Waivers in order of number, without their grounds", response_model=Page[ListedWaiver]
)
async def list_waivers(
    tx: Read,
    reach: ReachOf,
    teacher: Annotated[str | None, Query(max_length=200)] = None,
    state: Annotated[State | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    after = decode_keys(cursor, str)
    within = await reach.within(tx, table.c.teacher)
    of = {"teacher": teacher, "state": state}
    rows = await store.page(tx, within, of, after=after[0] if after else None, limit=limit + 1)
    return page([_listed(row) for row in rows], limit, [[row.waiver] for row in rows])


@router.get(
    "/{waiver:path}/files/{digest}",
    summary="A file that was attached to a waiver",
    description="For the teacher, who asked for it, and the kinds of authority that decide on it.",
    response_class=Response,
    responses=SHOWS,
)
async def show_file(
    waiver: str,
    digest: Digest,
    request: Request,
    context: ContextOf,
    reach: ReachOf,
) -> Response:
    unknown = DomainError("evidence.unknown", digest=digest)
    database: Database = request.app.state.database
    async with database.transaction(reading=True) as tx:  # over before the file is fetched
        ground = await _ground(tx, context, reach, await _reached(tx, reach, waiver, unknown))
        attached = ground is not None and digest in ground.files
        found = await evidence.known(tx, [digest]) if attached else {}
    if digest not in found:
        raise unknown
    return await sent(context, found[digest])


@router.get(
    "/{waiver:path}",
    summary="How far a waiver is",
    response_model=ShownWaiver,
    responses={404: {"description": "`waiver.unknown`"}},
)
async def show(waiver: str, tx: Tx, context: ContextOf, reach: ReachOf) -> dict[str, Any]:
    kept = await _reached(tx, reach, waiver)
    ground = await _ground(tx, context, reach, kept)
    return {**_listed(kept), "ground": None if ground is None else _told(kept, ground)}


_DECIDED: dict[int | str, dict[str, Any]] = {
    403: {"description": "`waiver.not_decider`"},
    404: {"description": "`waiver.unknown`"},
    409: {"description": "`waiver.over`"},
}


@router.post(
    "/{waiver:path}/approval",
    summary="Grant a waiver",
    description="By the authority that the rules name for its ground, never by who asked for it. Years"
    " that were judged are judged again.",
    response_model=ListedWaiver,
    responses={**_DECIDED, 409: {"description": "`waiver.over`, `waiver.overlaps`"}},
)
async def approve(
    waiver: str, body: DecisionBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    decision = _decision(waiver, reach, "approved", body.reason)
    return await _decide(tx, context, reach, key, decision)


@router.post(
    "/{waiver:path}/refusal",
    summary="Refuse a waiver",
    response_model=ListedWaiver,
    responses=_DECIDED,
)
async def refuse(
    waiver: str, body: DecisionBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    decision = _decision(waiver, reach, "refused", body.reason)
    return await _decide(tx, context, reach, key, decision)


@router.post(
    "/{waiver:path}/end",
    summary="End a waiver from a year on",
    response_model=ListedWaiver,
    responses={**_DECIDED, 422: {"description": "`waiver.span`"}},
)
async def end(
    waiver: str, body: EndBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    decision = _decision(waiver, reach, "ended", body.reason, body.year)
    return await _decide(tx, context, reach, key, decision)


def _decision(waiver: str, reach: Reach, state: State, reason: str, year: int | None = None) -> Decision:
    return Decision(
        number=waiver,
        by=reach.caller.name,
        account=reach.caller.subject,
        state=state,
        reason=reason,
        at=clock.now(),
        year=year,
    )


async def _decide(tx: Tx, context: Context, reach: Reach, key: Key, decision: Decision) -> JSONResponse:
    await _reached(tx, reach, decision.number)

    async def act() -> Answer:
        kept = await operations.decide(tx, context, decision)
        return Answer(200, _listed(kept))

    return (await once(tx, key, act)).response()


async def _reached(tx: Tx, reach: Reach, number: str, otherwise: DomainError | None = None) -> Kept:
    """A waiver of a teacher to whom the caller reaches.

    Raises: DomainError `otherwise`, or `waiver.unknown`.
    """
    kept, unknown = await store.load(tx, number), otherwise or DomainError("waiver.unknown", waiver=number)
    if kept is None:
        raise unknown
    await reach.hold(tx, kept.teacher, unknown)
    return kept
