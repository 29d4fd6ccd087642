"""HTTP of imports: a roster as a CSV or XLSX file, tried first and then taken; what an import did."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from hours.roster import store
from hours.roster.api.rows import SHAPE, RosterRow, answer
from hours.roster.domain import ReversedRow
from hours.roster.operations import imports, reversals
from hours.roster.operations.imports import Import
from hours.roster.operations.reversals import Reversal
from hours.settings import ContextOf
from shared.access import CallerOf, ReachOf
from shared.runtime import bulk, clock, spreadsheets
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError, ProblemWords
from shared.runtime.fields import Reason
from shared.runtime.idempotency import Answer, FileKey, IdempotencyKey, once
from shared.runtime.spreadsheets import CSV, KINDS, XLSX, Line

router = APIRouter(prefix="/v1/imports", tags=["roster"], route_class=TransactionalRoute)

COLUMNS: Mapping[str, str] = {
    **{name: name for name in RosterRow.model_fields},
    "教师编号": "teacher",
    "工号": "teacher",
    "姓名": "name",
    "学校": "school",
    "学校编号": "school",
    "区": "district",
    "学段": "stage",
    "岗位": "role",
    "职称": "title",
    "入职日期": "joined_on",
    "是否中职": "vocational",
    "公民身份号码": "citizen_id",
    "身份证号": "citizen_id",
}
"""What the head of a file may call a column. Other columns are passed over."""

SPOKEN: Mapping[str, str] = {"是": "true", "否": "false"}
EXAMPLE = "teacher,name,school,stage,title,joined_on\nT0370,林晓,S01,小学,一级教师,2015-09-01\n"
_BODY = {
    "required": True,
    "content": {
        CSV: {"schema": {"type": "string"}, "example": EXAMPLE},
        XLSX: {
            "schema": {"type": "string", "format": "binary"},
            "example": "a workbook; its first sheet is read",
        },
    },
}


class RowOfImport(BaseModel):
    """What an import did to a teacher, and the entry that says so."""

    teacher: str
    outcome: Literal["registered", "changed"]
    entry: str
    taken_back: str | None
    """What the reversal did: `removed`, `restored`, or the code that says why nothing was done."""


class ShownImport(BaseModel):
    """An import as it was taken."""

    number: str
    by: str
    at: datetime
    registered: int
    changed: int
    unchanged: int
    refused: int
    reversal: str | None
    """The entry that took the import back."""
    rows: list[RowOfImport]


class ReversalBody(BaseModel):
    """Why an import is taken back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "导入了旧名册"}]})

    reason: Reason


@router.post(
    "",
    summary="Import teachers from a file, CSV or XLSX",
    description="Good rows are kept, bad ones named by their line. The key of the request names the import."
    " `dry_run=true` says what would happen and keeps nothing.",
    openapi_extra={"requestBody": _BODY},
    responses={
        403: {"description": "`import.other_school`"},
        413: {"description": "`file.expands`, `file.too_long`"},
        415: {"description": "`body.media_type`"},
        422: {
            "description": "`file.not_its_type`, `file.formula`, `file.long_number`, `file.columns_missing`"
        },
    },
)
async def import_file(
    request: Request,
    tx: Tx,
    context: ContextOf,
    reach: ReachOf,
    key: FileKey,
    problems: ProblemWords,
    *,
    dry_run: Annotated[bool, Query()] = False,
) -> JSONResponse:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in KINDS:
        raise DomainError("body.media_type", expected=list(KINDS))
    lines = await asyncio.to_thread(spreadsheets.read, await request.body(), kind)

    async def act() -> Answer:
        read = _rows(lines)
        rows = [(line, row.row()) for line, row in read if isinstance(row, RosterRow)]
        wanted = Import(
            number=key.value,
            caller=reach.caller,
            within=await reach.organisations(tx),
            rows=rows,
            refused=len(read) - len(rows),
        )
        done = await imports.apply(tx, context, wanted, clock.now(), dry=dry_run)
        outcomes = bulk.merged((row for _, row in read), map(answer, (row for _, row in rows), done))
        body = bulk.results(outcomes, problems)
        for (line, _), result in zip(read, body["results"], strict=True):
            result["line"] = line
        return Answer(200, {"import": key.value, "dry_run": dry_run, **body})

    if dry_run:
        return (await act()).response()
    sealed = key if context.vault is None else replace(key, digest=context.vault.digest(key.digest))
    return (await once(tx, sealed, act)).response()


def _rows(lines: Sequence[Line]) -> list[tuple[int, RosterRow | DomainError]]:
    """The rows below the head, each with its number in the file."""
    read = spreadsheets.named(lines, COLUMNS, ("teacher", "name", "school"))
    spoken = (
        (number, {name: SPOKEN.get(cell, cell) for name, cell in cells.items()}) for number, cells in read
    )
    return [(number, bulk.parse(SHAPE, cells)) for number, cells in spoken]


@router.post(
    "/{number:path}/reversal",
    summary="Take an import back",
    description="By entries of its own: whom it listed is removed, whom it changed is as before. Who was"
    " changed since, or has a part in anything, is left alone and named.",
    responses={
        404: {"description": "`import.unknown`"},
        409: {"description": "`import.reversed`"},
    },
)
async def reverse(
    number: str,
    body: ReversalBody,
    tx: Tx,
    context: ContextOf,
    caller: CallerOf,
    key: IdempotencyKey,
    problems: ProblemWords,
) -> JSONResponse:
    async def act() -> Answer:
        wanted = Reversal(number=number, caller=caller, reason=body.reason, at=clock.now())
        done = await reversals.reverse(tx, context, wanted)
        return Answer(200, {"import": number, **bulk.results([_taken_back(row) for row in done], problems)})

    return (await once(tx, key, act)).response()


def _taken_back(row: ReversedRow) -> bulk.Outcome:
    if row.outcome in {"removed", "restored"}:
        return Answer(200, {"teacher": row.teacher, "outcome": row.outcome})
    return DomainError(row.outcome, teacher=row.teacher)


@router.get(
    "/{number:path}",
    summary="What an import did",
    response_model=ShownImport,
    responses={404: {"description": "`import.unknown`"}},
)
async def show(number: str, tx: Tx, caller: CallerOf) -> dict[str, Any]:
    found = await store.load_import(tx, number)
    if found is None or not (caller.is_operator or found.by == caller.name):
        raise DomainError("import.unknown", number=number)
    rows = await store.load_imported(tx, number)
    outcomes = [row.outcome for row in rows]
    return {
        "number": number,
        "by": found.by,
        "at": found.at,
        "registered": outcomes.count("registered"),
        "changed": outcomes.count("changed"),
        "unchanged": found.unchanged,
        "refused": found.refused,
        "reversal": found.reversal,
        "rows": [
            {"teacher": row.teacher, "outcome": row.outcome, "entry": row.entry, "taken_back": taken_back}
            for row, taken_back in rows.items()
        ],
    }
