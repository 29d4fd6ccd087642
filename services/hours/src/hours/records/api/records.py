"""HTTP of single records: register one or many, look at one, take one back, correct one; what is marked."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from hours.ledger import operations as ledger
from hours.records import operations, rendering
from hours.records.bodies import ChosenNumber, HoursBody
from hours.records.domain.entries import RecordRegistered
from hours.records.domain.registration import Filing, Registrar, Registration
from hours.records.operations import Correction, Receipt, Reversal
from hours.records.store import records as store
from hours.records.store.records import Kept
from hours.settings import ContextOf
from shared.access import Caller, Reach, ReachOf
from shared.runtime import bulk, clock
from shared.runtime.bulk import BatchOf
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError, ProblemWords, language_of
from shared.runtime.fields import Reason
from shared.runtime.idempotency import Answer, IdempotencyKey, once

router = APIRouter(prefix="/v1/records", tags=["records"], route_class=TransactionalRoute)

EXAMPLE: dict[str, JsonValue] = msgspec.json.decode(Path(__file__).with_name("example.json").read_bytes())
"""A record under a rule of the pack that is shipped; data, as everything that names a rule."""


class RecordBody(HoursBody):
    """Hours from another source, as handed in for registration."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    record: ChosenNumber

    def registration(self) -> Registration:
        """The body as the rules know it."""
        return self.registration_as(self.record)


class ReversalBody(BaseModel):
    """Why a record is taken back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "登记有误"}]})

    reason: Reason


_SHAPE = TypeAdapter(RecordBody)


def _registrar(caller: Caller) -> Registrar:
    return Registrar(kind=caller.kind, id=caller.id)


async def _reached(tx: Tx, reach: Reach, record: str) -> Kept:
    """A record on file of somebody to whom the caller reaches.

    Raises: DomainError `record.unknown`.
    """
    kept = await _kept(tx, record)
    await reach.hold(tx, kept.teacher, _unknown(record))
    return kept


async def _kept(tx: Tx, record: str) -> Kept:
    kept = (await store.load(tx, [record])).get(record)
    if kept is None:
        raise _unknown(record)
    return kept


def _unknown(record: str) -> DomainError:
    return DomainError("record.unknown", record=record)


@router.post(
    "",
    summary="Register completed courses, or hours of a former system: one record or an array of them",
    description="By the platform what it recorded itself; by the operator also what was recognised elsewhere."
    " All else comes out of a declaration, a class or a school's plan. `record` is the natural key: same"
    " content, the first answer again; other content, 409. Numbers that begin with `declaration:`, `plan:`,"
    " `class:` or `appeal:` are made here (`record.reserved`).",
    status_code=201,
    openapi_extra=bulk.request_body(_SHAPE, EXAMPLE),
    responses={
        200: {"description": "The results of many, one a row"},
        403: {"description": "`registrar.not_allowed`"},
        409: {
            "description": "Such as `record.conflict`, `year.closed`, `rule.disabled`, `rule.other_way`,"
            " `plan.not_approved`"
        },
        422: {"description": "Such as `teacher.unknown`, `rule.unknown`, `evidence.missing`"},
    },
)
async def register(
    batch: BatchOf, tx: Tx, context: ContextOf, reach: ReachOf, problems: ProblemWords
) -> JSONResponse:
    parsed = [bulk.parse(_SHAPE, row) for row in batch.rows]
    covered = await reach.covered(tx, {row.teacher for row in parsed if isinstance(row, RecordBody)})
    read = [_covered(row, covered) for row in parsed]
    registrations = [row.registration() for row in read if isinstance(row, RecordBody)]
    filing = Filing(registrar=_registrar(reach.caller), account=reach.caller.subject)
    judged = await operations.register(tx, context, filing, registrations, clock.now())
    return bulk.respond(batch, bulk.merged(read, map(_answer, judged)), problems)


def _covered(row: RecordBody | DomainError, teachers: Collection[str]) -> RecordBody | DomainError:
    """A row about somebody to whom the caller does not reach is refused as one about nobody is."""
    if isinstance(row, DomainError) or row.teacher in teachers:
        return row
    return DomainError.at("/teacher", "teacher.unknown", teacher=row.teacher)


def _answer(outcome: operations.Outcome) -> bulk.Outcome:
    if isinstance(outcome, Receipt):
        body = rendering.receipt(outcome.kept)
        return Answer(201, body, replayed=outcome.replayed, location=body["href"])
    return outcome


@router.get(
    "/{record:path}",
    summary="A record as it stands, and what of it counts",
    description="Who registered it reads it also when the teacher has moved out of reach (台帐).",
    responses={404: {"description": "`record.unknown`"}},
)
async def show(request: Request, record: str, tx: Tx, context: ContextOf, reach: ReachOf) -> dict[str, Any]:
    kept = await _kept(tx, record)
    entry = await operations.entry_of(tx, context, kept)
    if entry.parse(RecordRegistered).registrar == reach.caller.name:
        reach.show([kept.teacher])
    else:
        await reach.hold(tx, kept.teacher, _unknown(record))
    ground = f"record:{record}"
    standing = (await ledger.lines_of(tx, [ground]))[ground]
    return rendering.shown(kept, entry, standing, language_of(request))


@router.post(
    "/{record:path}/reversal",
    summary="Take a record back",
    description="The record stays on file; hours over the cap of the same rule move up.",
    status_code=201,
    responses={
        403: {"description": "`registrar.not_allowed`"},
        404: {"description": "`record.unknown`"},
        409: {"description": "`record.reversed`, `year.closed`"},
    },
)
async def reverse(
    record: str, body: ReversalBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _reached(tx, reach, record)

    async def act() -> Answer:
        registrar = _registrar(reach.caller)
        reversal = Reversal(
            record=record,
            reason=body.reason,
            registrar=registrar,
            at=clock.now(),
            account=reach.caller.subject,
        )
        kept = await operations.reverse(tx, context, reversal)
        state = {"state": kept.state, "reversal": kept.reversal, "why_reversed": body.reason}
        return Answer(201, {**rendering.receipt(kept), **state})

    return (await once(tx, key, act)).response()


class CorrectionBody(RecordBody):
    """The record as it should have been registered, under a number of its own, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**EXAMPLE, "record": "R0003-1", "hours": "9", "reason": "学时登记有误"}]
        }
    )

    reason: Reason


@router.post(
    "/{record:path}/correction",
    summary="Correct a record: take it back and register it anew, in one act",
    description="By who may take it back, in the right year, category and hours. Who registered and who"
    " recognised it stays, and so does what it came out of; the reversal names the new record, and the new"
    " record what it corrects. Where either is refused, nothing happens. What a plan came to is corrected in"
    " its results.",
    status_code=201,
    responses={
        403: {"description": "`registrar.not_allowed`"},
        404: {"description": "`record.unknown`"},
        409: {
            "description": "`record.reversed`, `record.conflict`, `year.closed`, `plan.result_registered`,"
            " and what else a rule refuses"
        },
        422: {"description": "`correction.other_teacher`, and what else a record is refused with"},
    },
)
async def correct(
    record: str, body: CorrectionBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    kept = await _reached(tx, reach, record)

    async def act() -> Answer:
        wanted = Correction(
            original=await operations.entry_of(tx, context, kept),
            corrected=body.registration(),
            reason=body.reason,
            corrector=_registrar(reach.caller),
            account=reach.caller.subject,
            at=clock.now(),
        )
        receipt = rendering.receipt((await operations.correct(tx, context, wanted)).kept)
        return Answer(201, {**receipt, "corrects": kept.entry}, location=receipt["href"])

    return (await once(tx, key, act)).response()
