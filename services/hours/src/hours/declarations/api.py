"""HTTP of the declarations: hand in, decide, withdraw, look at one, and the queues of reviewers."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from hours.declarations import rendering, store
from hours.declarations.domain.declaration import Declaration, State, Verdict, record_of, subject
from hours.declarations.operations import deciding, handing_in
from hours.declarations.operations.deciding import Decision
from hours.declarations.operations.handing_in import Handed, Withdrawal
from hours.declarations.operations.posting import actor_of
from hours.records.bodies import ChosenDeclaration, HoursBody
from hours.settings import ContextOf
from shared.access import Reach, ReachOf
from shared.runtime import bulk, clock
from shared.runtime.bulk import BatchOf
from shared.runtime.database import Transaction, TransactionalRoute, Tx
from shared.runtime.errors import DomainError, Fault, ProblemWords
from shared.runtime.fields import OptionalReason, OptionalText, Reason, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, decode_keys, page
from shared.runtime.reading import Read

router = APIRouter(prefix="/v1/declarations", tags=["declarations"], route_class=TransactionalRoute)

EXAMPLE: dict[str, JsonValue] = msgspec.json.decode(Path(__file__).with_name("example.json").read_bytes())
"""A declaration under a rule of the pack that is shipped; data, as everything that names a rule."""

MAX_FILES = 20
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
"""SHA-256 of a file that was handed in before, hex."""


class DeclarationBody(HoursBody):
    """Hours as somebody declares them, with the files that prove them."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    declaration: ChosenDeclaration
    files: Annotated[list[Digest], Field(max_length=MAX_FILES)] = Field(default_factory=list)
    declared: bool = True
    """False: a draft, which nobody reviews yet."""
    override: OptionalReason = ""
    """Why evidence that stands for something else is to stand for this too; who recognises has to agree."""

    def handed(self) -> Handed:
        """The body as the room knows it."""
        files = tuple(dict.fromkeys(self.files))
        return Handed(
            declaration=self.declaration,
            registration=self.registration_as(record_of(self.declaration), files),
            declared=self.declared,
            override=self.override,
        )


class DecisionBody(BaseModel):
    """What a reviewer decides on one declaration."""

    declaration: Text
    verdict: Verdict
    reason: OptionalReason = ""
    """Needed to return or to refuse."""
    override: OptionalReason = ""
    """Why evidence that stands for something else may stand for this too; from who recognises."""


class Decisions(BaseModel):
    """Decisions, read one by one: a bad one is reported by its index and the others are taken."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"decisions": [{"declaration": "T0360-2026-1", "verdict": "approve"}]}]
        }
    )

    decisions: bulk.Rows = Field(json_schema_extra=bulk.rows_of(DecisionBody))


class WithdrawalBody(BaseModel):
    """Why a declaration is taken back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "重复申报"}]})

    reason: Reason


class Asked(BaseModel):
    """Which declarations are asked for."""

    mine: bool = False
    """Those that await the caller."""
    state: State | None = None
    teacher: OptionalText | None = None
    rule: OptionalText | None = None
    year: Year | None = None


_SHAPE = TypeAdapter(DeclarationBody)
_DECISION = TypeAdapter(DecisionBody)


@router.post(
    "",
    summary="Declare hours, one declaration or an array of them",
    description="`declaration` is the natural key: the same content gives it as it stands; other content"
    " changes a draft or one that was returned. Without reviewers the hours are registered at once.",
    status_code=201,
    openapi_extra=bulk.request_body(_SHAPE, EXAMPLE),
    responses={
        200: {"description": "The results of many, one a row"},
        403: {"description": "`registrar.not_allowed`"},
        409: {"description": "Such as `declaration.conflict`, `evidence.claimed`"},
        422: {
            "description": "Such as `teacher.unknown`, `evidence.not_handed_in`, `declaration.override_alone`"
        },
    },
)
async def hand_in(
    batch: BatchOf, tx: Tx, context: ContextOf, reach: ReachOf, problems: ProblemWords
) -> JSONResponse:
    parsed = [bulk.parse(_SHAPE, row) for row in batch.rows]
    outside = await reach.refused(tx, {row.teacher for row in parsed if isinstance(row, DeclarationBody)})
    read = [_reached(row, outside) for row in parsed]
    rows = [row.handed() for row in read if isinstance(row, DeclarationBody)]
    outcomes = await handing_in.hand_in(tx, context, actor_of(reach.caller), rows, clock.now())
    return bulk.respond(batch, bulk.merged(read, map(_handed_in, outcomes)), problems)


def _reached(
    row: DeclarationBody | DomainError, outside: Mapping[str, DomainError]
) -> DeclarationBody | DomainError:
    """A row about somebody to whom the caller does not reach is refused as one about nobody is."""
    if isinstance(row, DomainError) or row.teacher not in outside:
        return row
    return DomainError.at("/teacher", "teacher.unknown", teacher=row.teacher)


def _handed_in(outcome: handing_in.Outcome) -> bulk.Outcome:
    if isinstance(outcome, DomainError):
        return outcome
    body = rendering.receipt(outcome.declaration)
    return Answer(201, body, replayed=outcome.replayed, location=body["href"])


@router.post(
    "/decisions",
    summary="Decide on declarations",
    description="Answered row by row. `approve` hands on to the next reviewer, or recognises and registers"
    " the hours; `return` lets the declaration be changed and declared again; `refuse` ends it.",
)
async def decide(
    body: Decisions, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey, problems: ProblemWords
) -> JSONResponse:
    async def act() -> Answer:
        parsed = [_reasoned(bulk.parse(_DECISION, row)) for row in body.decisions]
        names = {row.declaration for row in parsed if isinstance(row, DecisionBody)}
        known = await store.load(tx, names)
        covered = await reach.covered(tx, {one.teacher for one in known.values()})
        read = [_known(row, known, covered) for row in parsed]
        rows = [Decision(**row.model_dump()) for row in read if isinstance(row, DecisionBody)]
        outcomes = await deciding.decide(tx, context, actor_of(reach.caller), rows, clock.now())
        return Answer(200, bulk.results(bulk.merged(read, map(_decided, outcomes)), problems))

    return (await once(tx, key, act)).response()


def _reasoned(row: DecisionBody | DomainError) -> DecisionBody | DomainError:
    """Nobody's declaration ends without a reason."""
    if isinstance(row, DomainError) or row.verdict == "approve" or row.reason:
        return row
    return DomainError("body.invalid", faults=[Fault("/reason", "field.missing")])


def _known(
    row: DecisionBody | DomainError, known: Mapping[str, Declaration], covered: Collection[str]
) -> DecisionBody | DomainError:
    """A declaration of somebody to whom the caller does not reach is as good as none."""
    if isinstance(row, DomainError):
        return row
    one = known.get(row.declaration)
    if one is None or one.teacher not in covered:
        return DomainError.at("/declaration", "declaration.unknown", declaration=row.declaration)
    return row


def _decided(outcome: deciding.Outcome) -> bulk.Outcome:
    return outcome if isinstance(outcome, DomainError) else Answer(200, rendering.receipt(outcome))


@router.post(
    "/{declaration:path}/withdrawal",
    summary="Take a declaration back",
    description="By who declared it, before it is recognised or refused; its files are free again.",
    responses={
        404: {"description": "`declaration.unknown`"},
        409: {"description": "`declaration.over`"},
    },
)
async def withdraw(
    declaration: str, body: WithdrawalBody, tx: Tx, context: ContextOf, reach: ReachOf, key: IdempotencyKey
) -> JSONResponse:
    await _held(tx, reach, declaration)

    async def act() -> Answer:
        wanted = Withdrawal(
            declaration=declaration, actor=actor_of(reach.caller), reason=body.reason, at=clock.now()
        )
        return Answer(200, rendering.receipt(await handing_in.withdraw(tx, context, wanted)))

    return (await once(tx, key, act)).response()


@router.get(
    "",
    summary="Declarations, those first that have waited longest",
    description="`mine` are those that await the caller: the queue of a reviewer.",
)
async def list_declarations(
    tx: Read,
    reach: ReachOf,
    asked: Annotated[Asked, Query()],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> dict[str, Any]:
    wanted = store.Wanted(
        within=[await reach.within(tx, store.TEACHER)],
        of={name: value for name, value in asked.model_dump().items() if name != "mine"},
    )
    if asked.mine:
        caller = reach.caller
        turn = store.turn_of(caller.kind, caller.binding.level, reach.own(store.TEACHER))
        wanted = replace(wanted, within=[*wanted.within, turn])
    rows = await store.page(tx, wanted, after=decode_keys(cursor, datetime, str), limit=limit + 1)
    shown = [rendering.queued(row.declaration, row.since) for row in rows]
    return page(shown, limit, [[row.since, row.declaration.declaration] for row in rows])


@router.get(
    "/{declaration:path}",
    summary="A declaration as it stands, and everything that happened to it",
    responses={404: {"description": "`declaration.unknown`"}},
)
async def show(declaration: str, tx: Read, context: ContextOf, reach: ReachOf) -> dict[str, Any]:
    one = await _held(tx, reach, declaration)
    entries = await context.journal.read_subject(tx, subject(declaration), store.TYPES)
    return {**rendering.queued(one, entries[-1].recorded_at), "history": rendering.history(entries)}


async def _held(tx: Transaction, reach: Reach, declaration: str) -> Declaration:
    """A declaration of somebody to whom the caller reaches.

    Raises: DomainError `declaration.unknown`.
    """
    unknown = DomainError("declaration.unknown", declaration=declaration)
    one = (await store.load(tx, [declaration])).get(declaration)
    if one is None:
        raise unknown
    await reach.hold(tx, one.teacher, unknown)
    return one
