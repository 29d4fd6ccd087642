"""SQL of object states: what is kept of a fold, and what the journal says about an object since.

A kept state of a thing is a fold up to a number of its partition: what was recorded later is folded on top,
and where something was struck since, the whole is folded again. A kept state of a group is always as it is.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BigInteger, Column, text

from points.activities.domain.act import Act
from points.activities.domain.admission import Key
from points.activities.domain.objects import KINDS, State, kind_of
from points.activities.entries import RECORDED_TYPE, STRUCK_TYPE, ActivityStruck
from points.activities.tables import object_state
from shared.runtime.database import Transaction
from shared.runtime.journal import tables as journal_tables
from shared.runtime.unnest import Unnested, arrays, insert_rows, looked_up, rows_by

_STATES = rows_by(object_state, [object_state.c.subject, object_state.c.policy])
_SAVE = insert_rows(
    object_state,
    "on conflict (subject) do update"
    " set policy = excluded.policy, seq = excluded.seq, state = excluded.state",
)
_AFTER = Column("after", BigInteger)


class Kept(NamedTuple):
    """A state as it is kept, up to a number of its partition."""

    state: State
    seq: int


class Said(NamedTuple):
    """What the journal says about an object, in order: acts recorded, and keys of acts struck."""

    acts: Sequence[Act] = ()
    struck: frozenset[Key] = frozenset()

    @property
    def standing(self) -> list[Act]:
        """The acts that stand."""
        return [act for act in self.acts if act.key not in self.struck]


async def load_kept(tx: Transaction, subjects: Collection[str], policy: str) -> dict[str, Kept]:
    """States that are kept under a pack."""
    if not subjects:
        return {}
    wanted = {"subject": list(subjects), "policy": [policy] * len(subjects)}
    return {
        row.subject: Kept(msgspec.json.decode(row.state, type=KINDS[kind_of(row.subject)]), row.seq)
        for row in await tx.fetch(_STATES, wanted)
    }


async def said_about(tx: Transaction, after: Mapping[str, int]) -> dict[str, Said]:
    """What was said about each object after a number of its partition; absent where nothing was."""
    if not after:
        return {}
    return _said(
        await tx.fetch(
            _said_by(journal_tables.journal.c.subject, journal_tables.so_far()),
            {"subject": list(after), "after": list(after.values())},
        )
    )


async def said_since(tx: Transaction, after: Mapping[int, int]) -> dict[str, Said]:
    """What was said in some partitions after a number of each, by object."""
    if not after:
        return {}
    return _said(
        await tx.fetch(
            _said_by(journal_tables.journal.c.partition, journal_tables.so_far()),
            {"partition": list(after), "after": list(after.values())},
        )
    )


@lru_cache(maxsize=4)
def _said_by(key: Column[Any], so_far: str) -> Unnested:
    return looked_up(
        f"select subject, seq, type, data from journal where {so_far}"  # noqa: S608 - our own names
        f" and type in ('{RECORDED_TYPE}', '{STRUCK_TYPE}')"
        f" and journal.{key.name} = rows.{key.name} and seq > rows.after order by seq",
        [key, _AFTER],
    )


def _said(rows: Sequence[Any]) -> dict[str, Said]:
    acts: dict[str, list[Act]] = defaultdict(list)
    struck: dict[str, set[Key]] = defaultdict(set)
    for row in rows:
        if row.type == STRUCK_TYPE:
            gone = msgspec.json.decode(row.data, type=ActivityStruck)
            struck[row.subject].add((gone.source, gone.id))
        else:
            acts[row.subject].append(msgspec.json.decode(row.data, type=Act))
    return {
        subject: Said(acts[subject], frozenset(struck[subject])) for subject in acts.keys() | struck.keys()
    }


async def save_states(tx: Transaction, kept: Mapping[str, Kept], policy: str) -> None:
    """Keep states."""
    rows = [
        {
            "subject": subject,
            "policy": policy,
            "seq": one.seq,
            "state": msgspec.json.encode(one.state).decode(),
        }
        for subject, one in sorted(kept.items())
    ]
    if rows:
        await tx.fetch(_SAVE, arrays(list(object_state.columns), rows))


async def forget_states(tx: Transaction) -> None:
    """Drop every state; the next act about an object folds it again."""
    await tx.execute(text("delete from object_state"))
