"""SQL of the evidence: who handed a file in, what it is used for, and the projection of both."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import ARRAY, Row, Text, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from hours.evidence import tables
from hours.evidence.domain import EvidenceClaimed, EvidenceReleased, EvidenceStored, Key, Use
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry

STORED, CLAIMED, RELEASED = "evidence.stored.v1", "evidence.claimed.v1", "evidence.released.v1"

_EVIDENCE, _USE = tables.evidence, tables.evidence_use
_DIGESTS = bindparam("digests", type_=ARRAY(Text))
_NEW = insert(_USE)
_CLAIM = _NEW.on_conflict_do_update(
    index_elements=_USE.primary_key, set_={name: _NEW.excluded[name] for name in ("standing", "override")}
)
_RELEASE = (
    update(_USE)
    .where(_USE.c.digest == bindparam("of"), _USE.c.matter == bindparam("by"))
    .values(standing=False)
)
_NAMES = ("digest", "matter", "teacher", "rule", "school", "year", "override")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file that was handed in, as the first who did so."""

    digest: str
    media_type: str
    size: int
    """In bytes."""
    at: datetime


async def known(tx: Transaction, digests: Iterable[str]) -> dict[str, Stored]:
    """Those of the files that were handed in, by digest."""
    query = select(_EVIDENCE).where(_EVIDENCE.c.digest == _DIGESTS.any_()).order_by(_EVIDENCE.c.at.desc())
    rows = await tx.execute(query, {"digests": list(digests)})
    return {row.digest: _stored(row) for row in rows}


async def handed_in(tx: Transaction, digest: str, subject: str) -> Stored | None:
    """A file as somebody handed it in; None where that account did not."""
    query = select(_EVIDENCE).where(_EVIDENCE.c.digest == digest, _EVIDENCE.c.subject == subject)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _stored(row)


async def teachers_of(tx: Transaction, digest: str) -> set[str]:
    """For whom a file is used, or was, other than by matters that show their files themselves."""
    query = select(_USE.c.teacher).where(_USE.c.digest == digest, _USE.c.teacher != "")
    return set((await tx.execute(query)).scalars())


async def standing(tx: Transaction, digests: Collection[str]) -> dict[str, dict[Key, Use]]:
    """The uses of some files that stand, by digest and key."""
    query = select(_USE).where(_USE.c.digest == _DIGESTS.any_(), _USE.c.standing)
    found: dict[str, dict[Key, Use]] = {}
    for row in await tx.execute(query, {"digests": list(digests)}):
        use = Use(**{name: getattr(row, name) for name in _NAMES})
        found.setdefault(use.digest, {})[use.key] = use
    return found


async def used_by(tx: Transaction, matter: str) -> list[str]:
    """The files that a matter uses, in order of digest."""
    query = select(_USE.c.digest).where(_USE.c.matter == matter, _USE.c.standing).distinct()
    return sorted((await tx.execute(query)).scalars())


def _stored(row: Row[Any]) -> Stored:
    return Stored(digest=row.digest, media_type=row.media_type, size=row.size, at=row.at)


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the evidence up to these entries."""
    for kind, run in groupby(entries, key=lambda entry: entry.type):
        if kind == STORED:
            stored = [
                {"at": entry.recorded_at, **msgspec.structs.asdict(entry.parse(EvidenceStored))}
                for entry in run
            ]
            await tx.execute(insert(_EVIDENCE), stored)
        elif kind == CLAIMED:
            claimed = [msgspec.structs.asdict(entry.parse(EvidenceClaimed)) for entry in run]
            await tx.execute(_CLAIM, [{"standing": True, **fact} for fact in claimed])
        elif kind == RELEASED:
            over = [entry.parse(EvidenceReleased) for entry in run]
            await tx.execute(_RELEASE, [{"of": fact.digest, "by": fact.matter} for fact in over])
