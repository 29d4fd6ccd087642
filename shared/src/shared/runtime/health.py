"""Health: `/livez` says the process runs, `/readyz` that it can do its work."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import select

from shared.runtime import migrate
from shared.runtime.database import Transaction
from shared.runtime.guarded import GuardedRoute
from shared.runtime.journal import positions
from shared.runtime.journal.tables import layout

WORKABLE = frozenset({"ok", "newer", "ahead"})
"""Findings with which requests are answered: also while what a source says is applied in part only."""

router = APIRouter(tags=["health"], route_class=GuardedRoute)


@router.get("/livez", summary="The process runs")
async def livez() -> dict[str, str]:
    """Answer at all."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    summary="The service can work: database at the code's schema or a newer one, layout as in the code",
    responses={503: {"description": "Not ready; the body says what is missing"}},
)
async def readyz(request: Request) -> JSONResponse:
    """Ask the database what it is."""
    checks: dict[str, Any] = {}
    state = request.app.state
    try:
        async with state.database.transaction(bare=True) as tx:
            checks["database"] = "ok"
            checks["schema"] = await _schema(tx, migrate.revisions(state.service.migrations))
            checks["positions"] = "ahead" if await positions.load_ahead(tx) else "ok"
            checks["layout"] = await _layout(tx, state.service.journal.layout.describe())
        await state.database.begin()
    except Exception as error:  # noqa: BLE001 - whatever keeps us from the database is the answer
        checks["database"] = type(error).__name__
    ready = all(value in WORKABLE for value in checks.values())
    if state.reader.replica is not None:  # without it, reads go to the primary
        checks["replica"] = state.reader.replica.state
    return JSONResponse({"ready": ready, "checks": checks}, status_code=200 if ready else 503)


async def _schema(tx: Transaction, known: Sequence[str]) -> str:
    """Whether the code can work on the schema: on its own, and on one that a later release migrated to."""
    found = await migrate.current(tx)
    if found is not None and found not in known:
        return "newer"
    return "ok" if found == known[0] else f"at {found}, the code needs {known[0]}"


async def _layout(tx: Transaction, wanted: str) -> str:
    found = (await tx.execute(select(layout.c.description))).scalar()
    return "ok" if found == wanted else f"made as {found}, the code has {wanted}"
