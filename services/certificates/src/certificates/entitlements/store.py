"""SQL of entitlements: what is entitled, what is due; and entries into rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Executable, Integer, Row, Select, Text, and_, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from certificates.entitlements import tables
from certificates.entitlements.domain.entitlement import Entitlement, Work, work_of
from certificates.entitlements.domain.entries import (
    GRANTED,
    REISSUE_ORDERED,
    WITHDRAWN,
    EntitlementGranted,
    EntitlementWithdrawn,
    ReissueOrdered,
)
from certificates.registry.domain.certificate import Key
from certificates.registry.operations import BY_VERDICT
from shared.contracts.certificates import CertificateIssued, CertificateStateChanged
from shared.policy.categories import from_texts, to_texts
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Projection
from shared.runtime.listed import listed

_e = tables.entitlement.c


async def load(tx: Transaction, keys: Iterable[Key]) -> dict[Key, Entitlement]:
    """Those of the keys on which a pass was ever heard."""
    ordered = sorted(set(keys))
    wanted = listed(
        "wanted",
        ("teacher", Text, [key.teacher for key in ordered]),
        ("year", Integer, [key.year for key in ordered]),
        ("kind", Text, [key.kind for key in ordered]),
    )
    same = (wanted.c.teacher == _e.teacher) & (wanted.c.year == _e.year) & (wanted.c.kind == _e.kind)
    found = await tx.execute(select(tables.entitlement).join(wanted, same))
    return {entitlement.key: entitlement for entitlement in map(to_entitlement, found)}


def waiting() -> Select[Any]:
    """Everything that work waits for, as a query that another query may contain."""
    return select(tables.entitlement).where(_e.work != Work.NONE)


def to_entitlement(row: Row[Any]) -> Entitlement:
    """A row of `waiting` as what it means."""
    return Entitlement(
        key=Key(row.teacher, row.year, row.kind),
        verdict=row.verdict,
        decided_at=row.decided_at,
        policy=row.policy,
        hours=from_texts(row.hours),
        standing=row.standing,
        work=Work(row.work),
        ordered=row.ordered,
    )


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write what entries say, in their order; neighbours of one type in one statement."""
    for kind, run in groupby(entries, key=lambda entry: entry.type):
        known = list(run)
        if kind in _WRITERS:
            statement, to_row = _WRITERS[kind]
            rows = [row for row in map(to_row, known) if row]
            if rows:
                await tx.execute(statement, rows)


PROJECTION = Projection(tables=[tables.entitlement], project=project)


# --- entries into rows -----------------------------------------------------------------------------


def _granted(entry: Entry) -> dict[str, Any]:
    fact = entry.parse(EntitlementGranted)
    return {
        "teacher": fact.teacher,
        "year": fact.year,
        "kind": fact.kind,
        "verdict": fact.verdict,
        "decided_at": fact.decided_at,
        "policy": entry.policy,
        "hours": to_texts(fact.hours),
        "standing": True,
        "work": work_of(fact.course),
        "ordered": fact.ordered,
    }


def _key(
    fact: EntitlementWithdrawn | ReissueOrdered | CertificateIssued | CertificateStateChanged,
) -> dict[str, Any]:
    return {"of_teacher": fact.teacher, "of_year": fact.year, "of_kind": fact.kind}


def _withdrawn(entry: Entry) -> dict[str, Any]:
    return _key(entry.parse(EntitlementWithdrawn))


def _reissue(entry: Entry) -> dict[str, Any]:
    fact = entry.parse(ReissueOrdered)
    return {**_key(fact), "reason": fact.reason}


def _issued(entry: Entry) -> dict[str, Any]:
    return _key(entry.parse(CertificateIssued))


def _changed(entry: Entry) -> dict[str, Any]:
    """Only people hold work up and let it go; a verdict says in its own entry what it calls for."""
    fact = entry.parse(CertificateStateChanged)
    return {} if fact.by == BY_VERDICT else _key(fact)


_THIS = and_(
    _e.teacher == bindparam("of_teacher"), _e.year == bindparam("of_year"), _e.kind == bindparam("of_kind")
)

_grant = insert(tables.entitlement)
_GRANT = _grant.on_conflict_do_update(
    index_elements=["teacher", "year", "kind"],
    set_={column.name: _grant.excluded[column.name] for column in _e if not column.primary_key},
)
_WITHDRAW = update(tables.entitlement).where(_THIS).values(standing=False, work=Work.NONE, ordered="")
_ORDER = update(tables.entitlement).where(_THIS).values(work=Work.DUE, ordered=bindparam("reason"))
_SETTLE = update(tables.entitlement).where(_THIS).values(work=Work.NONE, ordered="")
_HOLD = update(tables.entitlement).where(_THIS, _e.work == Work.DUE).values(work=Work.HELD, ordered="")
_LET_GO = update(tables.entitlement).where(_THIS, _e.work == Work.HELD).values(work=Work.DUE)

_WRITERS: Mapping[str, tuple[Executable, Callable[[Entry], dict[str, Any]]]] = {
    GRANTED: (_GRANT, _granted),
    WITHDRAWN: (_WITHDRAW, _withdrawn),
    REISSUE_ORDERED: (_ORDER, _reissue),
    "certificate.issued.v1": (_SETTLE, _issued),
    "certificate.suspended.v1": (_HOLD, _changed),
    "certificate.revoked.v1": (_HOLD, _changed),
    "certificate.reinstated.v1": (_LET_GO, _changed),
}
"""By type of entry: the statement it runs, and the row it runs with; an empty row runs nothing."""
