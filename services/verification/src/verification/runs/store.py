"""SQL of runs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, collate, or_, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from shared.access import Reach
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Projection
from verification.figures import operations as figures
from verification.figures.domain.roster import Scope
from verification.runs import tables
from verification.runs.domain.run import Run, Tally
from verification.runs.entries import (
    ADVANCED,
    AIMED,
    FINISHED,
    REQUESTED,
    STARTED,
    RunAdvanced,
    RunAimed,
    RunFinished,
    RunRequested,
    RunStarted,
)

_r = tables.run.c


async def load(tx: Transaction, run: str) -> Run | None:
    """A run by its identity."""
    row = (await tx.execute(select(tables.run).where(_r.run == run))).first()
    return None if row is None else _run(row)


async def find(tx: Transaction, reach: Reach, run: str) -> Run | None:
    """A run by its identity, for who may see it."""
    query = select(tables.run).where(_r.run == run, await _seen(tx, reach))
    row = (await tx.execute(query)).first()
    return None if row is None else _run(row)


async def load_next(tx: Transaction) -> Run | None:
    """The unfinished run that was asked for first."""
    query = select(tables.run).where(_r.state != "done").order_by(_r.requested_at, _r.run).limit(1)
    row = (await tx.execute(query)).first()
    return None if row is None else _run(row)


async def list_runs(tx: Transaction, reach: Reach, after: Sequence[Any] | None, limit: int) -> list[Run]:
    """One more than `limit` of the runs that a caller may see, the latest first."""
    query = select(tables.run).order_by(_r.requested_at.desc(), _r.run.desc()).limit(limit + 1)
    query = query.where(await _seen(tx, reach))
    if after is not None:
        query = query.where(tuple_(_r.requested_at, _r.run) < tuple_(*after))
    return [_run(row) for row in await tx.execute(query)]


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write what entries say, in their order."""
    for entry in entries:
        if entry.type == REQUESTED:
            await tx.execute(insert(tables.run), [_requested(entry, entry.parse(RunRequested))])
        elif (change := _change(entry)) is not None:
            run, values = change
            await tx.execute(update(tables.run).where(_r.run == bindparam("of")).values(values), {"of": run})


PROJECTION = Projection(tables=[tables.run], project=project)


async def _seen(tx: Transaction, reach: Reach) -> ColumnElement[bool]:
    """A run is seen by whoever asked for it, and whoever reaches to everybody in its scope."""
    if reach.is_everything:
        return true()
    scope = await figures.reached(tx, reach, _r.scope, collate(_r.id, "C"))
    return or_(_r.by == reach.caller.name, scope)


def _change(entry: Entry) -> tuple[str, dict[str, Any]] | None:
    """Which run an entry moves on, and how."""
    match entry.type:
        case _ if entry.type == AIMED:
            aimed = entry.parse(RunAimed)
            return aimed.run, {"cut": aimed.cut}
        case _ if entry.type == STARTED:
            started = entry.parse(RunStarted)
            return started.run, {"state": "running", "total": started.total}
        case _ if entry.type == ADVANCED:
            advanced = entry.parse(RunAdvanced)
            return advanced.run, {
                "cursor": advanced.cursor,
                "judged": _r.judged + advanced.judged,
                "passed": _r.passed + advanced.passed,
                "failed": _r.failed + advanced.failed,
                "changed": _r.changed + advanced.changed,
            }
        case _ if entry.type == FINISHED:
            finished = entry.parse(RunFinished)
            return finished.run, {"state": "done", "total": _r.judged, "finished_at": entry.recorded_at}
        case _:
            return None


def _requested(entry: Entry, said: RunRequested) -> dict[str, Any]:
    return {
        "run": said.run,
        "year": said.year,
        "scope": said.scope,
        "id": said.id,
        "at": said.at,
        "by": said.by,
        "state": "waiting",
        "cut": None,
        "total": None,
        "cursor": "",
        "judged": 0,
        "passed": 0,
        "failed": 0,
        "changed": 0,
        "requested_at": entry.recorded_at,
        "finished_at": None,
        "cycle": said.cycle,
    }


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.run,
        year=row.year,
        cycle=row.cycle,
        scope=Scope(kind=row.scope, id=row.id),
        at=row.at,
        state=row.state,
        cut=None if row.cut is None else {int(partition): seq for partition, seq in row.cut.items()},
        total=row.total,
        cursor=row.cursor,
        tally=Tally(judged=row.judged, passed=row.passed, failed=row.failed, changed=row.changed),
        requested_at=row.requested_at,
        finished_at=row.finished_at,
    )
