"""SQL of the evidence: who handed a file in, what it is used for, and the projection of both."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    DateTime,
    Row,
    Select,
    Text,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from hours.evidence import tables
from hours.evidence.domain import (
    EvidenceClaimed,
    EvidenceErased,
    EvidenceReleased,
    EvidenceStored,
    Key,
    Use,
)
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry

STORED, CLAIMED, RELEASED = "evidence.stored.v1", "evidence.claimed.v1", "evidence.released.v1"
ERASED = "evidence.erased.v1"

_EVIDENCE, _USE, _ERASED = tables.evidence, tables.evidence_use, tables.erased_file
_DIGESTS = bindparam("digests", type_=ARRAY(Text))
_NEW = insert(_USE)
_CLAIM = _NEW.on_conflict_do_update(
    index_elements=_USE.primary_key,
    set_={name: _NEW.excluded[name] for name in ("standing", "ended_at", "override")},
)
_RELEASE = (
    update(_USE)
    .where(_USE.c.digest == bindparam("of"), _USE.c.matter == bindparam("by"))
    .values(standing=False, ended_at=bindparam("since"))
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


BEFORE = bindparam("before", type_=DateTime(timezone=True))
"""The instant before which a file has to be unused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """Which files count as unused: for how long, and what the rooms above keep without using it."""

    before: datetime
    """Handed in and released before that."""
    attached: Sequence[Select[tuple[str]]]
    """Digests of files; `BEFORE` may stand in them."""
    at_issue: Sequence[Select[tuple[str]]]
    """Matters whose files are kept although they were released."""


async def unused(
    tx: Transaction, of: Unused, *, after: str = "", among: Collection[str] | None = None, limit: int
) -> list[str]:
    """Files that nothing uses, in order of digest, at most `limit`."""
    file, use = _EVIDENCE.c, _USE.c
    in_use = or_(use.standing, use.ended_at >= BEFORE, *(use.matter.in_(ids) for ids in of.at_issue))
    query = select(file.digest).where(
        file.digest > after,
        ~exists().where(use.digest == file.digest, in_use),
        *(file.digest.not_in(ids) for ids in of.attached),
    )
    if among is not None:
        query = query.where(file.digest == bindparam(None, sorted(among), ARRAY(Text), unique=True).any_())
    query = query.group_by(file.digest).having(func.max(file.at) < BEFORE)
    query = query.order_by(file.digest).limit(limit)
    return list((await tx.execute(query, {"before": of.before})).scalars())


async def to_leave(tx: Transaction, digests: Collection[str]) -> None:
    """Note that files are to leave their place."""
    if digests:
        await tx.execute(insert(_ERASED), [{"digest": digest, "gone": False} for digest in digests])


async def leaving(tx: Transaction) -> list[str]:
    """The files that are to leave their place and may be there."""
    return list((await tx.execute(select(_ERASED.c.digest).where(~_ERASED.c.gone))).scalars())


async def left(tx: Transaction, digests: Collection[str]) -> None:
    """Note that files have left their place."""
    gone = update(_ERASED).where(_ERASED.c.digest == _DIGESTS.any_()).values(gone=True)
    await tx.execute(gone, {"digests": list(digests)})


async def comes_back(tx: Transaction, digest: str) -> bool | None:
    """Whether an erased file has left its place, and can be handed in again; None for one never erased."""
    rows = await tx.execute(select(_ERASED.c.gone).where(_ERASED.c.digest == digest))
    gone: bool | None = rows.scalar()
    if gone:
        await tx.execute(delete(_ERASED).where(_ERASED.c.digest == digest))
    return gone


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
            await tx.execute(_CLAIM, [{"standing": True, "ended_at": None, **fact} for fact in claimed])
        elif kind == RELEASED:
            over = [(entry.parse(EvidenceReleased), entry.recorded_at) for entry in run]
            ends = [{"of": fact.digest, "by": fact.matter, "since": since} for fact, since in over]
            await tx.execute(_RELEASE, ends)
        elif kind == ERASED:
            digests = [entry.parse(EvidenceErased).digest for entry in run]
            for table in (_EVIDENCE, _USE):
                await tx.execute(delete(table).where(table.c.digest == _DIGESTS.any_()), {"digests": digests})
