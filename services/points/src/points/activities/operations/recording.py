"""Recording acts: one transaction for many requests, each act answered by itself.

Locks go upward: the things that acts name, the groups that these belong to, the teachers whose awards
change. Keys of acts are guarded by their rows: who finds them other than expected starts again.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from points.activities.domain.act import Act
from points.activities.domain.admission import Admission, Arrival, Key, Known, Verdict, admit
from points.activities.domain.receipt import Receipt
from points.activities.entries import RECORDED_TYPE, STRUCK_TYPE, ActivityStruck, entry_type
from points.activities.operations.errors import CrossedError
from points.activities.operations.judging import judge
from points.activities.operations.objects import (
    Batch,
    groups_touched,
    grow_groups,
    grow_things,
    is_group,
    keep,
    neighbours,
)
from points.activities.store import acts as store
from points.activities.store.acts import Placed
from points.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft, Entry


class Outcome(NamedTuple):
    """What became of one act; a conflict carries the receipt of the act that stands under its key."""

    verdict: Verdict
    receipt: Receipt


class _Sorted(NamedTuple):
    """A batch sorted against what is recorded, under the locks of the things that it concerns."""

    known: Mapping[Key, Known]
    admission: Admission
    before: Mapping[Key, Entry]
    """Entries of acts that came again, and of those that new rulings name."""
    struck: Sequence[Act]
    """Acts recorded before that new rulings name; a ruling itself is never struck."""

    @property
    def subjects(self) -> set[str]:
        """Objects that change."""
        return {one.subject for one in self.admission.fresh} | {act.subject for act in self.struck}

    @property
    def things(self) -> set[str]:
        """Those of them that are no groups."""
        return set(filter(_is_thing, self.subjects))


async def record(tx: Transaction, context: Context, arrivals: Sequence[Arrival]) -> list[Outcome]:
    """Take acts in, each once, and post what they earn.

    Raises:
        CrossedError: another transaction got in between; nothing may be committed.
    """
    batch = await _sort(tx, context, arrivals)
    entries = await _take_in(tx, context, batch) if batch.admission.fresh else {}
    entries |= batch.before
    return [
        Outcome(verdict, _receipt(one.act, entries[one.key]))
        for one, verdict in zip(arrivals, batch.admission.verdicts, strict=True)
    ]


async def _sort(tx: Transaction, context: Context, arrivals: Sequence[Arrival]) -> _Sorted:
    """Lock the things that a batch concerns, then sort it against what is recorded.

    The same act names the same thing, so that copies which are sent it at once wait here for each other, and
    do not meet at its key.
    """
    await context.journal.lock_partitions(tx, await _places(tx, context, arrivals))
    known = await store.load_acts(tx, store.touched(arrivals))
    admission = admit(arrivals, known)
    new = {one.key for one in admission.fresh}
    before = await entries_of(tx, context, known, ({one.key for one in arrivals} - new) | admission.struck)
    struck = [before[key].parse(Act) for key in admission.struck if before[key].type == RECORDED_TYPE]
    if any(context.journal.partition(act.subject) not in tx.held for act in struck if _is_thing(act.subject)):
        raise CrossedError
    return _Sorted(known, admission, before, struck)


async def _places(tx: Transaction, context: Context, arrivals: Sequence[Arrival]) -> set[int]:
    """Partitions of the things that acts are about, and of those that rulings among them take acts from."""
    partition = context.journal.partition
    places = {partition(one.subject) for one in arrivals if _is_thing(one.subject)}
    if ruled := {one.withdraws for one in arrivals if one.withdraws is not None}:
        named = [known.place[0] for known in (await store.load_acts(tx, ruled)).values() if known.place]
        places |= set(named).intersection(context.journal.partitions("topic"))
    return places


def _is_thing(subject: str) -> bool:
    return not is_group(subject)


async def entries_of(
    tx: Transaction, context: Context, known: Mapping[Key, Known], keys: Collection[Key]
) -> dict[Key, Entry]:
    """Entries of acts that were recorded before."""
    places = {key: one.place for key, one in known.items() if key in keys and one.place is not None}
    found = await context.journal.read_places(tx, set(places.values()))
    return {key: found[place] for key, place in places.items()}


def _receipt(act: Act, entry: Entry) -> Receipt:
    return Receipt(act.source, act.id, entry.id, entry.recorded_at)


async def _take_in(tx: Transaction, context: Context, sorted_: _Sorted) -> dict[Key, Entry]:
    known, admission, _, struck = sorted_
    batch = _batch(admission, struck)
    await grow_things(tx, context, batch)
    groups = groups_touched(batch)
    beside = await neighbours(tx, batch)
    await context.journal.lock(tx, groups | beside | (sorted_.subjects - sorted_.things))
    await grow_groups(tx, context, batch, groups)
    entries = await _append(tx, context, admission, struck)
    placed = [Placed(one, *entries[one.key][1:3]) for one in admission.fresh]
    if not await store.keep(tx, placed, known):
        raise CrossedError
    await judge(tx, context, batch)
    await keep(tx, context, batch)
    return entries


def _batch(admission: Admission, struck: Sequence[Act]) -> Batch:
    acts: dict[str, list[Act]] = defaultdict(list)
    for one in admission.standing:
        acts[one.subject].append(one.act)
    gone: dict[str, list[Act]] = defaultdict(list)
    for act in struck:
        gone[act.subject].append(act)
    return Batch(acts=acts, struck=gone)


async def _append(
    tx: Transaction, context: Context, admission: Admission, struck: Sequence[Act]
) -> dict[Key, Entry]:
    """Record new acts, and strike those that rulings name, whether they came before or come now."""
    drafts = [
        Draft(entry_type(one.act), one.subject, one.act.occurred_at, "", one.act) for one in admission.fresh
    ]
    late = [one.act for one in admission.fresh if one.key in admission.named and one.withdraws is None]
    drafts += [
        Draft(STRUCK_TYPE, act.subject, act.occurred_at, "", ActivityStruck(source=act.source, id=act.id))
        for act in (*struck, *late)
    ]
    appended = await context.journal.append(tx, drafts)
    return {one.key: entry for one, entry in zip(admission.fresh, appended, strict=False)}
