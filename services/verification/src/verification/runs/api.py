"""HTTP of runs: ask for one, watch it, list them."""

from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Self

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.access import ReachOf
from shared.runtime import clock
from shared.runtime.database import TransactionalRoute, Tx
from shared.runtime.errors import DomainError
from shared.runtime.fields import MAX_TEXT, Instant, Text, Year
from shared.runtime.idempotency import Answer, IdempotencyKey, Key, once
from shared.runtime.pages import DEFAULT_LIMIT, Cursor, Limit, Page, decode_keys, page
from shared.runtime.reading import Read
from verification.figures.domain.roster import Scope, ScopeKind
from verification.runs import operations, store
from verification.runs.domain.run import Asked, Run, State
from verification.settings import ContextOf

router = APIRouter(prefix="/v1", tags=["runs"], route_class=TransactionalRoute)


class ScopeBody(BaseModel):
    """Who is judged: everyone, or one district, school or teacher by `id`."""

    kind: ScopeKind
    id: Text | None = None

    @model_validator(mode="after")
    def _names_whom(self) -> Self:
        if self.kind == "everyone" and self.id is not None:
            raise PydanticCustomError("scope.id_unexpected", "everyone has no id")
        if self.kind != "everyone" and self.id is None:
            raise PydanticCustomError("scope.id_missing", "an id is missing")
        return self


class RunBody(BaseModel):
    """A year and a scope. `at` is the business time of the verdicts, now where it is not given."""

    year: Year
    scope: ScopeBody
    at: Instant | None = None
    cycle: Text | None = Field(
        default=None,
        description="The rule whose cycle is judged, whole: the one in which `year` lies; of any years in"
        " a row those that end with it.",
    )

    model_config = {
        "json_schema_extra": {"examples": [{"year": 2025, "scope": {"kind": "school", "id": "S01"}}]}
    }


class RunState(BaseModel):
    """A run and its progress. `total` is null until everything up to the cut has been heard."""

    run: str = Field(examples=["run-5f0c1d6a9be34c21"])
    year: int = Field(description="The last one, where a cycle is judged.")
    cycle: str | None = Field(description="The rule whose cycle is judged; null for the year by itself.")
    scope: ScopeBody
    at: datetime
    state: State
    total: int | None
    done: int
    passed: int
    failed: int
    changed: int = Field(description="Teachers for whom something new was posted.")
    cut: dict[str, int] | None = Field(
        description="Last number of each partition of the hours service that the run waited for."
    )
    requested_at: datetime
    finished_at: datetime | None


@router.post(
    "/runs",
    summary="Judge a year or a cycle for a scope",
    description=(
        "Waits until everything the hours service has said so far was heard, then judges in chunks; ask the"
        " address in `Location` for the progress. A run that was asked for again changes nothing."
    ),
    status_code=202,
    response_model=RunState,
    responses={
        404: {
            "description": "`scope.unknown`: nobody on the roster has that school, district or name, or"
            " somebody who has lies out of the caller's reach. `cycle.unknown`"
        },
        422: {"description": "`year.without_requirement`, `year.not_begun`"},
    },
)
async def post_run(
    tx: Tx, context: ContextOf, reach: ReachOf, body: RunBody, key: IdempotencyKey
) -> JSONResponse:
    scope = Scope(kind=body.scope.kind, id=body.scope.id)
    await operations.hold(tx, reach, scope)

    async def act() -> Answer:
        now = clock.now()
        asked = Asked(
            run=_name(key),
            year=body.year,
            cycle=body.cycle or "",
            scope=scope,
            at=body.at or now,
            by=reach.caller.name,
        )
        run = await operations.request(tx, context, asked, now)
        return Answer(202, _shown(run).model_dump(mode="json"), location=f"/v1/runs/{run.id}")

    return (await once(tx, key, act)).response()


@router.get("/runs", summary="Runs, the latest first")
async def list_runs(
    tx: Read, reach: ReachOf, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[RunState]:
    runs = await store.list_runs(tx, reach, decode_keys(cursor, datetime, str), limit)
    keys = [[run.requested_at.isoformat(), run.id] for run in runs]
    return Page[RunState](**page([_shown(run) for run in runs], limit, keys))


@router.get(
    "/runs/{run}",
    summary="A run and its progress",
    responses={404: {"description": "`run.unknown`"}},
)
async def show_run(tx: Tx, reach: ReachOf, run: Annotated[str, Path(max_length=MAX_TEXT)]) -> RunState:
    found = await store.find(tx, reach, run)
    if found is None:
        raise DomainError("run.unknown", run=run)
    return _shown(found)


def _name(key: Key) -> str:
    """A run is named by the key that asked for it and by whose it is: asking again finds the same one."""
    return f"run-{blake2b(f'{key.scope} {key.value}'.encode(), digest_size=8).hexdigest()}"


def _shown(run: Run) -> RunState:
    return RunState(
        run=run.id,
        year=run.year,
        cycle=run.cycle or None,
        scope=ScopeBody(kind=run.scope.kind, id=run.scope.id),
        at=run.at,
        state=run.state,
        total=run.total,
        done=run.tally.judged,
        passed=run.tally.passed,
        failed=run.tally.failed,
        changed=run.tally.changed,
        cut=None if run.cut is None else {str(partition): seq for partition, seq in run.cut.items()},
        requested_at=run.requested_at,
        finished_at=run.finished_at,
    )
