"""SQL of intake: keys of acts, which things belong to which groups, object states, and the projection."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Column, Row, text

from points.activities.domain.act import Act, content, digest
from points.activities.domain.admission import Key, Known
from points.activities.domain.objects import KINDS, State, kind_of
from points.activities.entries import RECORDED_TYPE, WITHDRAWN_TYPE, ActivityRecorded, act_of
from points.activities.tables import act, belonging, object_state
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry
from shared.runtime.journal import tables as journal_tables
from shared.runtime.unnest import arrays, insert_rows, unnested

_KEY = [act.c.source, act.c.id]
_LOAD = unnested("select act.* from act join {rows} on act.source = rows.source and act.id = rows.id", _KEY)
_TAKE_PLACE = insert_rows(
    act,
    "on conflict (source, id) do update"
    " set partition = excluded.partition, seq = excluded.seq, digest = excluded.digest"
    " where act.seq is null",
)
_WITHDRAW = insert_rows(act, "on conflict (source, id) do update set withdrawn = true")
_PLACED = [act.c.source, act.c.id, act.c.partition, act.c.seq, act.c.withdrawn]
_COUNT_PLACED = unnested(
    "select count(*) from act join {rows} on act.source = rows.source and act.id = rows.id"
    " and act.partition = rows.partition and act.seq = rows.seq and act.withdrawn = rows.withdrawn",
    _PLACED,
)
_COUNT_UNSEEN = unnested(
    "select count(*) from act join {rows} on act.source = rows.source and act.id = rows.id"
    " where act.seq is null",
    _KEY,
)
_BELONG = insert_rows(belonging, "on conflict do nothing")
_CHILDREN = unnested(
    "select belonging.parent, belonging.thing from belonging join {rows} on belonging.parent = rows.parent",
    [belonging.c.parent],
)
_PARENTS = unnested(
    "select distinct belonging.parent from belonging join {rows} on belonging.thing = rows.thing",
    [belonging.c.thing],
)
_STATES = unnested(
    "select object_state.subject, object_state.state from object_state join {rows}"
    " on object_state.subject = rows.subject and object_state.policy = rows.policy",
    [object_state.c.subject, object_state.c.policy],
)
_SAVE = insert_rows(
    object_state,
    "on conflict (subject) do update set policy = excluded.policy, state = excluded.state",
)
_PLACES = [journal_tables.journal.c.partition, journal_tables.journal.c.seq]
_ENTRIES = unnested(
    "select journal.partition, journal.seq, journal.type, journal.recorded_at, journal.data from journal"
    " join {rows} on journal.partition = rows.partition and journal.seq = rows.seq",
    _PLACES,
)
_OF_SUBJECTS = unnested(
    "select journal.data from journal join {rows}"
    " on journal.subject = rows.subject and journal.type = rows.type",
    [journal_tables.journal.c.subject, journal_tables.journal.c.type],
)


class Recorded(NamedTuple):
    """An act with the entry that holds it."""

    act: Act
    type: str
    recorded_at: datetime


async def load_acts(tx: Transaction, keys: Collection[Key]) -> dict[Key, Known]:
    """What is recorded under these keys."""
    rows = await tx.execute(_LOAD, _columns(_KEY, sorted(keys)))
    return {(row.source, row.id): _known(row) for row in rows}


def _known(row: Row[Any]) -> Known:
    digest_ = None if row.digest is None else bytes(row.digest)
    return Known(partition=row.partition, seq=row.seq, digest=digest_, withdrawn=row.withdrawn)


async def load_recorded(
    tx: Transaction, places: Collection[tuple[int, int]]
) -> dict[tuple[int, int], Recorded]:
    """Acts by partition and number."""
    if not places:
        return {}
    rows = await tx.execute(_ENTRIES, _columns(_PLACES, sorted(places)))
    return {
        (row.partition, row.seq): Recorded(
            act_of(msgspec.json.decode(row.data, type=ActivityRecorded)), row.type, row.recorded_at
        )
        for row in rows
    }


async def acts_about(tx: Transaction, subjects: Collection[str]) -> list[Act]:
    """All recorded acts about objects that stand."""
    if not subjects:
        return []
    wanted = {"subject": list(subjects), "type": [RECORDED_TYPE] * len(subjects)}
    rows = await tx.execute(_OF_SUBJECTS, wanted)
    acts = [act_of(msgspec.json.decode(row.data, type=ActivityRecorded)) for row in rows]
    if not acts:
        return []
    known = await load_acts(tx, [one.key for one in acts])
    return [one for one in acts if not known[one.key].withdrawn]


async def as_expected(tx: Transaction, entries: Mapping[Key, Entry], named: Collection[Key]) -> bool:
    """Whether the rows of new acts are this transaction's, and withdrawn exactly where it believes so."""
    rows = [
        {"source": key[0], "id": key[1], "partition": e.partition, "seq": e.seq, "withdrawn": key in named}
        for key, e in entries.items()
    ]
    return bool((await tx.execute(_COUNT_PLACED, arrays(_PLACED, rows))).scalar_one() == len(rows))


async def still_unseen(tx: Transaction, keys: Collection[Key]) -> bool:
    """Whether nobody has recorded these acts in the meantime."""
    if not keys:
        return True
    return bool((await tx.execute(_COUNT_UNSEEN, _columns(_KEY, sorted(keys)))).scalar_one() == len(keys))


async def load_children(tx: Transaction, parents: Collection[str]) -> dict[str, set[str]]:
    """Things that ever named each group."""
    found: dict[str, set[str]] = {parent: set() for parent in parents}
    if parents:
        for row in await tx.execute(_CHILDREN, {"parent": list(parents)}):
            found[row.parent].add(row.thing)
    return found


async def load_parents(tx: Transaction, things: Collection[str]) -> set[str]:
    """Groups that any of these things ever named."""
    if not things:
        return set()
    return set((await tx.execute(_PARENTS, {"thing": list(things)})).scalars())


async def load_states(tx: Transaction, subjects: Collection[str], policy: str) -> dict[str, State]:
    """States that are kept under a pack."""
    if not subjects:
        return {}
    wanted = {"subject": list(subjects), "policy": [policy] * len(subjects)}
    return {
        row.subject: msgspec.json.decode(row.state, type=KINDS[kind_of(row.subject)])
        for row in await tx.execute(_STATES, wanted)
    }


async def save_states(tx: Transaction, states: Mapping[str, State], policy: str) -> None:
    """Keep states."""
    rows = [
        {"subject": subject, "policy": policy, "state": msgspec.json.encode(state).decode()}
        for subject, state in sorted(states.items())
    ]
    if rows:
        await tx.execute(_SAVE, arrays(list(object_state.columns), rows))


async def forget_states(tx: Transaction) -> None:
    """Drop every state; the next act about an object folds it again."""
    await tx.execute(text("delete from object_state"))


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the tables up to these entries."""
    acts = [
        (entry, act_of(entry.parse(ActivityRecorded)))
        for entry in entries
        if entry.type in {RECORDED_TYPE, WITHDRAWN_TYPE}
    ]
    await keep(tx, acts)


async def keep(tx: Transaction, acts: Sequence[tuple[Entry, Act]]) -> None:
    """Keep acts under their keys, strike what they withdraw, note which groups they name."""
    if not acts:
        return
    placed = [_act_row(one, entry) for entry, one in acts]
    await tx.execute(_TAKE_PLACE, arrays(list(act.columns), sorted(placed, key=_by_key)))
    targets = {one.withdraws for _, one in acts if one.withdraws is not None}
    if targets:
        rows = [_target_row(key) for key in sorted(targets)]
        await tx.execute(_WITHDRAW, arrays(list(act.columns), rows))
    pairs = {pair for _, one in acts for pair in _belongings(one)}
    if pairs:
        await tx.execute(_BELONG, _columns(list(belonging.columns), sorted(pairs)))


def _act_row(one: Act, entry: Entry) -> dict[str, Any]:
    return {
        "source": one.source,
        "id": one.id,
        "partition": entry.partition,
        "seq": entry.seq,
        "digest": digest(one),
        "withdrawn": False,
    }


def _target_row(key: Key) -> dict[str, Any]:
    place = dict.fromkeys(("partition", "seq", "digest"))
    return {"source": key[0], "id": key[1], **place, "withdrawn": True}


def _by_key(row: Mapping[str, Any]) -> Key:
    return row["source"], row["id"]


def _belongings(one: Act) -> Iterable[tuple[str, str]]:
    if one.type in {"session.created", "homework.recommended"}:
        yield one.named("workshop"), one.subject
    elif one.type == "resource.shared":
        yield content(one.text("content_hash")), one.subject


def _columns(columns: Sequence[Column[Any]], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {column.name: [row[place] for row in rows] for place, column in enumerate(columns)}
