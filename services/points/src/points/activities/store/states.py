"""SQL of object states: what is kept of a fold, and what the journal says about an object since.

A kept state of a thing is a fold up to a number of its partition: what was recorded later is folded on top,
and where something was struck since, the whole is folded again. A kept state of a group is always as it is.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import text

from points.activities.domain.act import Act
from points.activities.domain.admission import Key
from points.activities.domain.objects import KINDS, State, kind_of
from points.activities.entries import RECORDED_TYPE, STRUCK_TYPE, ActivityStruck
from points.activities.tables import object_state
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Journal
from shared.runtime.unnest import columns_of, insert_rows, rows_by

_STATES = rows_by(object_state, [object_state.c.subject, object_state.c.policy])
_SAVE = insert_rows(
    object_state,
    "on conflict (subject) do update"
    " set policy = excluded.policy, seq = excluded.seq, state = excluded.state",
)
_TYPES = (RECORDED_TYPE, STRUCK_TYPE)


class Kept(NamedTuple):
    """A state as it is kept, up to a number of its partition."""

    state: State
    seq: int
    text: str


class Said(NamedTuple):
    """What the journal says about an object, in order: acts recorded, and keys of acts struck."""

    acts: Sequence[Act] = ()
    struck: frozenset[Key] = frozenset()

    @property
    def standing(self) -> list[Act]:
        """The acts that stand."""
        return [act for act in self.acts if act.key not in self.struck]


def text_of(state: State) -> str:
    """How a state is written."""
    return msgspec.json.encode(state).decode()


def _nothing(_subject: str, _text: str) -> State | None:
    return None


async def load_kept(
    tx: Transaction,
    subjects: Collection[str],
    policy: str,
    remembered: Callable[[str, str], State | None] = _nothing,
) -> dict[str, Kept]:
    """States that are kept under a pack; what is `remembered` of a subject and its text is not read again."""
    if not subjects:
        return {}
    wanted = {"subject": list(subjects), "policy": [policy] * len(subjects)}
    found: dict[str, Kept] = {}
    for row in await tx.fetch(_STATES, wanted):
        subject, text = row.subject, row.state
        found[subject] = Kept(remembered(subject, text) or _state(subject, text), row.seq, text)
    return found


def _state(subject: str, text: str) -> State:
    state: State = msgspec.json.decode(text, type=KINDS[kind_of(subject)])
    return state


async def said_about(tx: Transaction, journal: Journal, after: Mapping[str, int]) -> dict[str, Said]:
    """What was said about each object after a number of its partition; absent where nothing was."""
    found = _by_subject(await journal.read_subjects(tx, after, _TYPES))
    return {subject: said(entries) for subject, entries in found.items()}


async def entries_since(
    tx: Transaction, journal: Journal, after: Mapping[int, int]
) -> dict[str, list[Entry]]:
    """What was said in some partitions after a number of each, by object and in order, unread."""
    return _by_subject(await journal.read_partitions(tx, after, _TYPES))


class _Doer(msgspec.Struct, frozen=True):
    """Of an act no more than who did it."""

    teacher: str


async def named_by(
    tx: Transaction, journal: Journal, teachers: Collection[str], before: datetime
) -> set[str]:
    """The objects that some teachers' acts from before an instant name.

    Nothing knows acts by teacher: every partition of objects is read through, one after another.
    """
    named: set[str] = set()
    for partition in (*journal.partitions("topic"), *journal.partitions("workshop")):
        for entry in await journal.read_partitions(tx, {partition: 0}, (RECORDED_TYPE,)):
            known = entry.subject in named or entry.effective_at >= before
            if not known and entry.parse(_Doer).teacher in teachers:
                named.add(entry.subject)
    return named


def said(entries: Iterable[Entry]) -> Said:
    """What some entries say about the object that they are about."""
    acts: list[Act] = []
    struck: set[Key] = set()
    for entry in entries:
        if entry.type == STRUCK_TYPE:
            gone = entry.parse(ActivityStruck)
            struck.add((gone.source, gone.id))
        else:
            acts.append(entry.parse(Act))
    return Said(acts, frozenset(struck))


def _by_subject(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.subject].append(entry)
    return found


async def save_states(tx: Transaction, kept: Mapping[str, Kept], policy: str) -> None:
    """Keep states."""
    rows = [(subject, policy, one.seq, one.text) for subject, one in sorted(kept.items())]
    if rows:
        await tx.write(_SAVE, columns_of(list(object_state.columns), rows))


async def forget_states(tx: Transaction) -> None:
    """Drop every state; the next act about an object folds it again."""
    await tx.execute(text("delete from object_state"))
