"""SQL of the evidence: who handed a file in, what it is used for, and the projection of both."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ARRAY, Row, Text, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from hours.evidence import tables
from hours.evidence.domain import EvidenceClaimed, EvidenceReleased, EvidenceStored, Use
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry

STORED, CLAIMED, RELEASED = "evidence.stored.v1", "evidence.claimed.v1", "evidence.released.v1"

_EVIDENCE, _USE = tables.evidence, tables.evidence_use
_DIGESTS = bindparam("digests", type_=ARRAY(Text))
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
    """For whom a file is used, or was."""
    return set((await tx.execute(select(_USE.c.teacher).where(_USE.c.digest == digest))).scalars())


async def standing(tx: Transaction, digests: Collection[str]) -> list[Use]:
    """The uses of some files that stand."""
    query = select(_USE).where(_USE.c.digest == _DIGESTS.any_(), _USE.c.standing)
    return [_use(row) for row in await tx.execute(query, {"digests": list(digests)})]


async def used_by(tx: Transaction, matter: str) -> list[str]:
    """The files that a matter uses, in order of digest."""
    query = select(_USE.c.digest).where(_USE.c.matter == matter, _USE.c.standing).distinct()
    return sorted((await tx.execute(query)).scalars())


def _stored(row: Row[Any]) -> Stored:
    return Stored(digest=row.digest, media_type=row.media_type, size=row.size, at=row.at)


def _use(row: Row[Any]) -> Use:
    return Use(**{name: getattr(row, name) for name in _NAMES})


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the evidence up to these entries."""
    for entry in entries:
        if entry.type == STORED:
            fact = msgspec.structs.asdict(entry.parse(EvidenceStored))
            await tx.execute(insert(_EVIDENCE).values(at=entry.recorded_at, **fact))
        elif entry.type == CLAIMED:
            fact = msgspec.structs.asdict(entry.parse(EvidenceClaimed))
            again = {"standing": True, "override": fact["override"]}
            statement = insert(_USE).values(standing=True, **fact)
            await tx.execute(statement.on_conflict_do_update(index_elements=_USE.primary_key, set_=again))
        elif entry.type == RELEASED:
            over = entry.parse(EvidenceReleased)
            of = (_USE.c.digest == over.digest) & (_USE.c.matter == over.matter)
            await tx.execute(update(_USE).where(of).values(standing=False))
