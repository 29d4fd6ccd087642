"""SQL of issuing: what can be done, what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, and_, delete, func, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import insert

from certificates.entitlements import operations as entitlements
from certificates.entitlements.domain.entitlement import Entitlement, Work
from certificates.issuing import tables
from certificates.registry.domain.certificate import Key
from shared.access import Reach
from shared.runtime.database import Transaction

_f = tables.failure.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a certificate cannot be issued as things are."""

    key: Key
    verdict: str
    reason: str
    """A code of `problems.toml`."""
    sign: str = ""
    """What the face cannot show, where that is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Work that waits for a person: it failed, or it is held."""

    key: Key
    policy: str
    reason: str
    sign: str
    failed_at: datetime | None


async def load_due(tx: Transaction, limit: int) -> list[Entitlement]:
    """Work that can be done, in order of teacher."""
    waiting = _waiting()
    query = (
        select(waiting)
        .outerjoin(tables.failure, _failed(waiting))
        .where(waiting.c.work == Work.DUE, _f.teacher.is_(None))
        .order_by(*_key(waiting))
        .limit(limit)
    )
    return [entitlements.to_entitlement(row) for row in await tx.execute(query)]


async def count_work(tx: Transaction, reach: Reach) -> dict[str, int]:
    """How much is pending, failed and held within a reach."""
    waiting = _waiting()
    due, failed = waiting.c.work == Work.DUE, _f.teacher.is_not(None)
    query = (
        select(
            func.count().filter(due, ~failed).label("pending"),
            func.count().filter(due, failed).label("failed"),
            func.count().filter(waiting.c.work == Work.HELD).label("held"),
        )
        .select_from(waiting)
        .outerjoin(tables.failure, _failed(waiting))
        .where(await reach.within(tx, waiting.c.teacher))
    )
    row = (await tx.execute(query)).one()
    return {"pending": row.pending, "failed": row.failed, "held": row.held}


async def load_stuck(tx: Transaction, reach: Reach, after: Key | None, limit: int) -> list[Stuck]:
    """Work within a reach that waits for a person, in order of teacher."""
    waiting = _waiting()
    held = waiting.c.work == Work.HELD
    query = (
        select(*_key(waiting), waiting.c.policy, held.label("held"), _f.reason, _f.sign, _f.failed_at)
        .select_from(waiting)
        .outerjoin(tables.failure, _failed(waiting))
        .where(or_(held, _f.teacher.is_not(None)))
        .where(await reach.within(tx, waiting.c.teacher))
        .where(true() if after is None else tuple_(*_key(waiting)) > tuple_(*after))
        .order_by(*_key(waiting))
        .limit(limit)
    )
    return [
        Stuck(
            key=Key(row.teacher, row.year, row.kind),
            policy=row.policy,
            reason="certificate.held" if row.held else row.reason,
            sign="" if row.held else row.sign,
            failed_at=None if row.held else row.failed_at,
        )
        for row in await tx.execute(query)
    ]


async def keep_failures(tx: Transaction, failures: Sequence[Failure], now: datetime) -> None:
    """Note why work cannot be done; the last reason stands."""
    if not failures:
        return
    rows = [
        {
            **failure.key._asdict(),
            "verdict": failure.verdict,
            "reason": failure.reason,
            "sign": failure.sign,
            "failed_at": now,
        }
        for failure in failures
    ]
    statement = insert(tables.failure)
    changed = {name: statement.excluded[name] for name in ("verdict", "reason", "sign", "failed_at")}
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["teacher", "year", "kind"], set_=changed), rows
    )


async def delete_failures(tx: Transaction, of: Sequence[str] | Reach) -> int:
    """Let failed work be tried again: of these teachers, or all within a reach. Returns how many."""
    chosen = await of.within(tx, _f.teacher) if isinstance(of, Reach) else _f.teacher.in_(of)
    return (await tx.execute(delete(tables.failure).where(chosen))).rowcount


def _waiting() -> Subquery:
    return entitlements.waiting().subquery("waiting")


def _key(waiting: Subquery) -> tuple[Any, Any, Any]:
    return waiting.c.teacher, waiting.c.year, waiting.c.kind


def _failed(waiting: Subquery) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy
    """A failure speaks of one verdict; under another one the work is simply due again."""
    return and_(
        _f.teacher == waiting.c.teacher,
        _f.year == waiting.c.year,
        _f.kind == waiting.c.kind,
        _f.verdict == waiting.c.verdict,
    )
