"""SQL of acts: their keys, which things name which groups, and the projection that keeps both."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row

from points.activities.domain.act import Act, content
from points.activities.domain.admission import Arrival, Key, Known, arrival
from points.activities.entries import RECORDED_TYPE, WITHDRAWN_TYPE
from points.activities.tables import act, belonging
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.unnest import columns_of, insert_rows, looked_up, rows_by, unnested

_KEY = [act.c.source, act.c.id]
_PLACED = [act.c.source, act.c.id, act.c.partition, act.c.seq, act.c.digest]
_LOAD = rows_by(act, _KEY)
_TAKE_PLACE = unnested(
    "update act set partition = rows.partition, seq = rows.seq, digest = rows.digest from {rows}"
    " where act.source = rows.source and act.id = rows.id and act.seq is null returning act.id",
    _PLACED,
)
_STRIKE = unnested(
    "update act set withdrawn = true from {rows} where act.source = rows.source and act.id = rows.id", _KEY
)
_BELONG = insert_rows(belonging, "on conflict do nothing")
_CHILDREN = rows_by(belonging, [belonging.c.parent])
_PARENTS = looked_up(
    "select distinct belonging.parent from belonging where belonging.thing = rows.thing",
    [belonging.c.thing],
)


class Placed(NamedTuple):
    """An act and where its entry stands."""

    arrival: Arrival
    partition: int
    seq: int


async def load_acts(tx: Transaction, keys: Collection[Key]) -> dict[Key, Known]:
    """What is recorded under these keys."""
    rows = await tx.fetch(_LOAD, columns_of(_KEY, sorted(keys)))
    return {(row.source, row.id): _known(row) for row in rows}


def _known(row: Row[Any]) -> Known:
    place = None if row.seq is None else (row.partition, row.seq)
    return Known(place=place, digest=row.digest, withdrawn=row.withdrawn)


async def load_children(tx: Transaction, parents: Collection[str]) -> dict[str, set[str]]:
    """Things that ever named each group."""
    found: dict[str, set[str]] = {parent: set() for parent in parents}
    if parents:
        for row in await tx.fetch(_CHILDREN, {"parent": list(parents)}):
            found[row.parent].add(row.thing)
    return found


async def load_parents(tx: Transaction, things: Collection[str]) -> set[str]:
    """Groups that any of these things ever named."""
    if not things:
        return set()
    return {row.parent for row in await tx.fetch(_PARENTS, {"thing": list(things)})}


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the tables up to these entries."""
    placed = [
        Placed(arrival(entry.parse(Act)), entry.partition, entry.seq)
        for entry in entries
        if entry.type in {RECORDED_TYPE, WITHDRAWN_TYPE}
    ]
    if placed:
        await keep(tx, placed, await load_acts(tx, touched(one.arrival for one in placed)))


def touched(arrivals: Iterable[Arrival]) -> set[Key]:
    """Keys of acts and of those that they withdraw."""
    keys: set[Key] = set()
    for one in arrivals:
        keys.add(one.key)
        if one.withdraws is not None:
            keys.add(one.withdraws)
    return keys


async def keep(tx: Transaction, placed: Sequence[Placed], known: Mapping[Key, Known]) -> bool:
    """Keep acts under their keys, strike what they withdraw, note which groups they name.

    `known` is what stood under all these keys before. False where something else stands there by now; a key
    that is new to both is a unique violation.
    """
    arrivals = [one.arrival for one in placed]
    targets = {one.withdraws for one in arrivals if one.withdraws is not None}
    waiting = [one for one in placed if one.arrival.key in known]
    unseen = targets - {one.key for one in arrivals} - known.keys()
    fresh = [(*one.key, partition, seq, one.digest, one.key in targets) for one, partition, seq in placed]
    if waiting:
        fresh = [row for row in fresh if row[:2] not in known]
        rows = sorted((*one.key, partition, seq, one.digest) for one, partition, seq in waiting)
        if len(await tx.fetch(_TAKE_PLACE, columns_of(_PLACED, rows))) != len(waiting):
            return False
    await tx.copy(act, [*fresh, *((*key, None, None, None, True) for key in sorted(unseen))])
    if struck := targets & known.keys():
        await tx.write(_STRIKE, columns_of(_KEY, sorted(struck)))
    pairs = {pair for one in arrivals for pair in _belongings(one.act)}
    if pairs:
        await tx.write(_BELONG, columns_of(list(belonging.columns), sorted(pairs)))
    return True


def _belongings(one: Act) -> Iterable[tuple[str, str]]:
    if one.type in {"session.created", "homework.recommended"}:
        yield one.named("workshop"), one.subject
    elif one.type == "resource.shared":
        yield content(one.text("content_hash")), one.subject
