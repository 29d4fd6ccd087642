"""SQL of how pushing stands."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from shared.runtime.database import Transaction
from verification.handovers import tables
from verification.handovers.domain import Batch, Pushed

_ROW = select(tables.handover)
_NO_BATCH = {"partition": None, "after": None, "last": None}


async def load(tx: Transaction) -> Pushed:
    """How pushing stands."""
    row = (await tx.execute(_ROW)).first()
    return Pushed() if row is None else _pushed(row)


async def hold(tx: Transaction) -> Pushed:
    """How pushing stands, and nobody changes it before this transaction ends."""
    await tx.execute(insert(tables.handover).values(_values(Pushed())).on_conflict_do_nothing())
    return _pushed((await tx.execute(_ROW.with_for_update())).one())


async def save(tx: Transaction, pushed: Pushed) -> None:
    """Write how pushing stands from now on."""
    values = _values(pushed)
    upsert = insert(tables.handover).values(values)
    await tx.execute(upsert.on_conflict_do_update(index_elements=["id"], set_=values))


def _values(pushed: Pushed) -> dict[str, Any]:
    values = asdict(pushed)
    batch = values.pop("batch")
    positions = {str(partition): seq for partition, seq in pushed.positions.items()}
    return {"id": 1, **values, "positions": positions, **(_NO_BATCH if batch is None else batch._asdict())}


def _pushed(row: Row[Any]) -> Pushed:
    return Pushed(
        positions={int(partition): seq for partition, seq in row.positions.items()},
        batch=None if row.partition is None else Batch(row.partition, row.after, row.last),
        attempts=row.attempts,
        failure=row.failure,
        status=row.status,
        failed_at=row.failed_at,
        next_at=row.next_at,
        pushed_at=row.pushed_at,
    )
