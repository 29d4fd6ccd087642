"""HTTP of verdicts: the province's verdicts come in here, and discrepancies are listed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, TypeAdapter

from shared.access import Reach, ReachOf
from shared.policy.categories import Category
from shared.runtime import clock
from shared.runtime.bulk import BatchOf, Outcome, parse, request_body, respond
from shared.runtime.database import Transaction, TransactionalRoute, Tx
from shared.runtime.errors import DomainError, ProblemWords
from shared.runtime.fields import MAX_NAMED, MAX_TEXT, CategoryName, HoursField, Instant, Text, Year
from shared.runtime.idempotency import Answer
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, YearKey, decode_keys, page
from shared.runtime.reading import Read
from verification.figures import operations as figures
from verification.figures.domain.roster import Scope, ScopeKind
from verification.settings import ContextOf
from verification.verdicts import operations, store
from verification.verdicts.domain.verdict import ProvinceVerdict
from verification.verdicts.operations import Received
from verification.verdicts.store import Difference, Kept, Wanted

router = APIRouter(prefix="/v1", tags=["verdicts"], route_class=TransactionalRoute)

Name = Annotated[str | None, Query(max_length=MAX_TEXT)]


class VerdictBody(BaseModel):
    """A verdict of the province. `verdict` is its identity there: sent again, it is taken once."""

    verdict: Text
    teacher: Text
    year: Year
    outcome: Literal["pass", "fail"]
    decided_at: Instant
    totals: Annotated[
        Annotated[dict[CategoryName, HoursField | None], Field(max_length=MAX_NAMED)] | None,
        Field(
            description="Hours by category as the province sees them, each with what it was told of"
            " carried-in hours; what is null it did not say."
        ),
    ] = None
    certificate_reference: Text | None = None


class DiscrepancyRow(BaseModel):
    """Where the province and the local prediction differ; `difference` is the province's hours minus ours."""

    entry: str
    teacher: str
    year: int
    verdict: str
    predicted: str
    decided: str
    difference: Mapping[str, str]
    opened_at: datetime
    closed_at: datetime | None


VERDICT = TypeAdapter(VerdictBody)
EXAMPLE = {
    "verdict": "GD-2025-000123",
    "teacher": "T0360",
    "year": 2025,
    "outcome": "pass",
    "decided_at": "2026-01-20T10:00:00+08:00",
    "totals": {"public": "30.00", "professional": "42.00", "elective": "18.00"},
    "certificate_reference": "GD-CE-2025-778812",
}


@router.post(
    "/verdicts",
    summary="Hand in verdicts of the province",
    description=(
        "One object or an array. The verdict decided last stands, in whatever order they arrive: one that was"
        " decided earlier is recorded and changes nothing. A province decides on the teachers below it; a"
        " verdict on anybody else is refused, whether or not somebody is known by that name. One that who"
        " reaches everything hands in for an unknown teacher waits (202) until the roster names that teacher."
    ),
    openapi_extra=request_body(VERDICT, EXAMPLE),
    responses={
        200: {"description": "The results of many, one a row"},
        201: {"description": "Recorded"},
        202: {"description": "Recorded; waits for its teacher to become known"},
        404: {"description": "`teacher.out_of_reach`"},
        409: {"description": "`verdict.conflict`, `verdict.not_awaited`"},
        422: {"description": "`year.without_requirement`"},
    },
)
async def post_verdicts(
    tx: Tx, context: ContextOf, reach: ReachOf, batch: BatchOf, problems: ProblemWords
) -> JSONResponse:
    read = await _reached(tx, reach, [parse(VERDICT, row) for row in batch.rows])
    commands = [_command(body) for body in read if isinstance(body, VerdictBody)]
    taken = iter(await operations.receive(tx, context, commands, clock.now()))
    outcomes = [body if isinstance(body, DomainError) else _outcome(next(taken)) for body in read]
    return respond(batch, outcomes, problems)


@router.get(
    "/verdicts/{verdict:path}",
    summary="A verdict of the province, and whether it stands",
    responses={404: {"description": "`verdict.unknown`"}},
)
async def show_verdict(
    tx: Tx, reach: ReachOf, verdict: Annotated[str, Path(max_length=MAX_TEXT)]
) -> dict[str, Any]:
    unknown = DomainError("verdict.unknown", verdict=verdict)
    kept = (await store.load_verdicts(tx, [verdict])).get(verdict)
    if kept is None:
        raise unknown
    said = kept.verdict
    await reach.hold(tx, said.teacher, unknown)
    return {
        **_receipt(kept),
        "outcome": said.outcome,
        "decided_at": said.decided_at,
        "totals": None if said.totals is None else {name: str(hours) for name, hours in said.totals.items()},
        "certificate_reference": said.certificate_reference,
        "state": kept.state,
    }


@router.get(
    "/discrepancies",
    summary="Where the province and the local prediction differ",
    description="By year, teacher and time of opening. A discrepancy closes when both say the same again.",
    tags=["discrepancies"],
)
async def list_discrepancies(
    tx: Read,
    reach: ReachOf,
    year: Annotated[Year | None, Query()] = None,
    state: Annotated[Literal["open", "closed"] | None, Query()] = None,
    teacher: Name = None,
    school: Name = None,
    district: Name = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[DiscrepancyRow]:
    given: dict[ScopeKind, str | None] = {"teacher": teacher, "school": school, "district": district}
    scopes = [Scope(kind=kind, id=name) for kind, name in given.items() if name is not None]
    wanted = Wanted(
        year=year,
        open=None if state is None else state == "open",
        teachers=[figures.members(scope) for scope in scopes],
    )
    after = decode_keys(cursor, YearKey, str, datetime, str)
    rows = await store.list_differences(tx, reach, wanted, after, limit)
    keys = [[row.key.year, row.key.teacher, row.opened_at.isoformat(), row.entry] for row in rows]
    return Page[DiscrepancyRow](**page([_row(row) for row in rows], limit, keys))


async def _reached(
    tx: Transaction, reach: Reach, rows: Sequence[VerdictBody | DomainError]
) -> list[VerdictBody | DomainError]:
    """The rows, but the refusal of each that is about a teacher out of reach, known or not."""
    covered = await reach.covered(tx, {row.teacher for row in rows if isinstance(row, VerdictBody)})
    return [
        DomainError.at("/teacher", "teacher.out_of_reach", teacher=row.teacher)
        if isinstance(row, VerdictBody) and row.teacher not in covered
        else row
        for row in rows
    ]


def _command(body: VerdictBody) -> ProvinceVerdict:
    return ProvinceVerdict(
        verdict=body.verdict,
        teacher=body.teacher,
        year=body.year,
        outcome=body.outcome,
        decided_at=body.decided_at,
        totals=None if body.totals is None else _given(body.totals),
        certificate_reference=body.certificate_reference,
    )


def _given(totals: Mapping[Category, Decimal | None]) -> dict[Category, Decimal]:
    return {category: hours for category, hours in totals.items() if hours is not None}


def _outcome(taken: Received | DomainError) -> Outcome:
    if isinstance(taken, DomainError):
        return taken
    status = 202 if taken.kept.arrived == "parked" else 201
    return Answer(
        status,
        _receipt(taken.kept),
        replayed=taken.replayed,
        location=f"/v1/verdicts/{quote(taken.kept.verdict.verdict, safe='')}",
    )


def _receipt(kept: Kept) -> dict[str, Any]:
    """What never changes about a received verdict."""
    return {
        "verdict": kept.verdict.verdict,
        "teacher": kept.verdict.teacher,
        "year": kept.verdict.year,
        "arrived": kept.arrived,
        "entry": kept.entry,
        "recorded_at": kept.recorded_at,
    }


def _row(row: Difference) -> DiscrepancyRow:
    found = row.discrepancy
    return DiscrepancyRow(
        entry=row.entry,
        teacher=row.key.teacher,
        year=row.key.year,
        verdict=found.verdict,
        predicted=found.predicted,
        decided=found.decided,
        difference={str(name): f"{hours:+.2f}" for name, hours in found.difference.items()},
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )
