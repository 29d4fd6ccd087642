"""HTTP of the appeals: file, withdraw, grant, reject, look at one with its files, list them by the clock."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from hours.appeals import rendering, store
from hours.appeals.api.shapes import AppealBody, Asked, GrantBody, RejectionBody, ShownAppeal, WholeAppeal
from hours.appeals.domain.appeal import (
    SEES_SEALED,
    Appeal,
    is_sealed,
    may_read_ground,
    may_read_words,
    subject,
)
from hours.appeals.domain.clock import overdue_before
from hours.appeals.operations import deciding, filing, matters
from hours.appeals.operations.deciding import Decision
from hours.appeals.operations.saying import words_of
from hours.declarations.operations.posting import actor_of
from hours.evidence import operations as evidence
from hours.evidence.bodies import SHOWS, Digest, sent
from hours.settings import Context, ContextOf
from hours.waivers.domain import Ground
from shared.access import Reach, ReachOf
from shared.runtime import clock
from shared.runtime.database import Database, TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/appeals", tags=["appeals"], route_class=TransactionalRoute)


@router.post(
    "",
    summary="Appeal against what was decided about a teacher's hours",
    description="By the teacher, or by the school for its teacher: against a refused declaration, a record"
    " that was reversed or corrected to less, a refused waiver, a failed result of a class, a deduction. The"
    " key of the request names the appeal.",
    status_code=201,
    response_model=ShownAppeal,
    responses={
        403: {"description": "`appeal.not_party`"},
        404: {"description": "`appeal.matter_unknown`"},
        409: {
            "description": "`appeal.not_decided`, `appeal.own_doing`, `appeal.too_late`, `appeal.open`,"
            " `appeal.granted`"
        },
        422: {"description": "`appeal.of_verdict`, `evidence.not_handed_in`"},
    },
)
async def file(
    body: AppealBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    async def act() -> Answer:
        teacher = await _whose(tx, reach, body.matter)
        await evidence.hold(tx, body.files, reach)
        wanted = filing.Request(
            number=key.value,
            actor=actor_of(reach.caller),
            matter=body.matter,
            teacher=teacher,
            grounds=body.grounds,
            files=list(dict.fromkeys(body.files)),
            at=clock.now(),
        )
        shown = rendering.shown(await filing.file(tx, context, wanted), context)
        return Answer(201, shown, location=shown["href"])

    return (await once(tx, key, act)).response()


@router.post(
    "/{appeal:path}/grant",
    summary="Grant an appeal, and undo what it is against",
    description="By the city or the province, and by nobody who had a hand in the matter. A refused"
    " declaration is recognised; the content of a reversed or corrected record is registered anew under a"
    " number that names the old one, in a correction's place. Nothing is done where anything refuses it.",
    response_model=ShownAppeal,
    responses={
        403: {"description": "`appeal.own`"},
        404: {"description": "`appeal.unknown`"},
        409: {"description": "`appeal.over`, `appeal.not_decided`, `year.closed`"},
    },
)
async def grant(
    appeal: str, body: GrantBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _held(tx, reach, appeal)

    async def act() -> Answer:
        decision = _decision(reach, appeal, body.reason, body.override)
        return Answer(200, rendering.shown(await deciding.grant(tx, context, decision), context))

    return (await once(tx, key, act)).response()


@router.post(
    "/{appeal:path}/rejection",
    summary="Reject an appeal",
    description="By the city or the province, and by nobody who had a hand in the matter.",
    response_model=ShownAppeal,
    responses={
        403: {"description": "`appeal.own`"},
        404: {"description": "`appeal.unknown`"},
        409: {"description": "`appeal.over`"},
    },
)
async def reject(
    appeal: str, body: RejectionBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _held(tx, reach, appeal)

    async def act() -> Answer:
        decision = _decision(reach, appeal, body.reason)
        return Answer(200, rendering.shown(await deciding.reject(tx, context, decision), context))

    return (await once(tx, key, act)).response()


@router.post(
    "/{appeal:path}/withdrawal",
    summary="Ask for an appeal no longer",
    description="By who filed it.",
    response_model=ShownAppeal,
    responses={
        403: {"description": "`appeal.not_filer`"},
        404: {"description": "`appeal.unknown`"},
        409: {"description": "`appeal.over`"},
    },
)
async def withdraw(
    appeal: str, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _held(tx, reach, appeal)

    async def act() -> Answer:
        after = await filing.withdraw(tx, context, appeal, actor_of(reach.caller), clock.now())
        return Answer(200, rendering.shown(after, context))

    return (await once(tx, key, act)).response()


@router.get(
    "",
    summary="Appeals, those first that have waited longest",
    description="`mine` are those that the caller filed or may decide on; `overdue_at` those that were to be"
    " answered before the day of an instant and were not. Nothing happens by itself when a day is over.",
    response_model=Page[ShownAppeal],
)
async def list_appeals(
    tx: Read,
    context: ContextOf,
    reach: ReachOf,
    asked: Annotated[Asked, Query()],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    of = asked.model_dump(include={"state", "teacher", "matter"})
    wanted = store.Wanted(within=[await reach.within(tx, store.TEACHER)], of=of)
    if not _sees_sealed(reach):
        wanted = replace(wanted, within=[*wanted.within, store.unsealed()])
    if asked.mine:
        wanted = replace(wanted, within=[*wanted.within, store.mine(actor_of(reach.caller))])
    if asked.overdue_at is not None:
        days, timezone = context.appeals.answer_days, context.pack.pack.timezone
        late = store.unanswered(asked.overdue_at, overdue_before(asked.overdue_at, days, timezone))
        wanted = replace(wanted, within=[*wanted.within, late])
    rows = await store.page(tx, wanted, after=decode_keys(cursor, datetime, str), limit=limit + 1)
    shown = [rendering.shown(row, context) for row in rows]
    return page(shown, limit, [[row.filed_at, row.appeal] for row in rows])


@router.get(
    "/{appeal:path}/files/{digest}",
    summary="A file that was attached to an appeal, or to the waiver that it is about",
    description="For the parties and those who decide; a waiver's for those alone who may decide now.",
    response_class=Response,
    responses=SHOWS,
)
async def show_file(
    appeal: str,
    digest: Digest,
    request: Request,
    context: ContextOf,
    reach: ReachOf,
) -> Response:
    unknown = DomainError("evidence.unknown", digest=digest)
    database: Database = request.app.state.database
    async with database.transaction(reading=True) as tx:  # over before the file is fetched
        one = await _held(tx, reach, appeal, unknown)
        found = await evidence.known(tx, [digest]) if await _attached(tx, context, reach, one, digest) else {}
    if digest not in found:
        raise unknown
    return await sent(context, found[digest])


@router.get(
    "/{appeal:path}",
    summary="An appeal as it stands, and what happened to it",
    response_model=WholeAppeal,
    responses={404: {"description": "`appeal.unknown`"}},
)
async def show(appeal: str, tx: Tx, context: ContextOf, reach: ReachOf) -> dict[str, Any]:
    one = await _held(tx, reach, appeal)
    entries = await context.journal.read_subject(tx, subject(appeal), store.TYPES)
    told = rendering.HIDDEN
    if may_read_words(one, actor_of(reach.caller)):
        told = rendering.words(one, await words_of(tx, context, one))
    asked = await _ground(tx, context, reach, one)
    return {
        **rendering.shown(one, context),
        **told,
        "ground": None if asked is None else rendering.ground(one, asked),
        "history": rendering.history(entries),
    }


async def _ground(tx: Tx, context: Context, reach: Reach, one: Appeal) -> Ground | None:
    """Why the waiver was asked for that an appeal is about; None for who does not decide on it."""
    if not may_read_ground(one, actor_of(reach.caller)):
        return None
    return await matters.ground_of(tx, context, one.matter)


async def _attached(tx: Tx, context: Context, reach: Reach, one: Appeal, digest: str) -> bool:
    """Whether a file belongs to what the caller is shown of an appeal."""
    if digest in one.files and may_read_words(one, actor_of(reach.caller)):
        return True
    asked = await _ground(tx, context, reach, one)
    return asked is not None and digest in asked.files


def _decision(reach: Reach, appeal: str, reason: str, override: str = "") -> Decision:
    actor = actor_of(reach.caller)
    return Decision(number=appeal, actor=actor, reason=reason, override=override, at=clock.now())


async def _whose(tx: Tx, reach: Reach, matter: str) -> str:
    """The teacher of a matter, where the caller reaches to them.

    Raises: DomainError `appeal.matter_unknown`, `appeal.of_verdict`.
    """
    if matter.startswith("verdict:"):
        raise DomainError.at("/matter", "appeal.of_verdict", matter=matter)
    unknown = DomainError.at("/matter", "appeal.matter_unknown", matter=matter)
    teacher = await matters.teacher_of(tx, matter)
    if teacher is None:
        raise unknown
    await reach.hold(tx, teacher, unknown)
    return teacher


def _sees_sealed(reach: Reach) -> bool:
    """Whether the caller may know of appeals about what is sealed."""
    return any(map(reach.caller.may, SEES_SEALED))


async def _held(tx: Tx, reach: Reach, appeal: str, otherwise: DomainError | None = None) -> Appeal:
    """An appeal of somebody to whom the caller reaches, about what is the caller's to know.

    Raises: DomainError `otherwise`, or `appeal.unknown`.
    """
    unknown = otherwise or DomainError("appeal.unknown", appeal=appeal)
    one = await store.load(tx, appeal)
    if one is None or (is_sealed(one.matter) and not _sees_sealed(reach)):
        raise unknown
    await reach.hold(tx, one.teacher, unknown)
    return one
