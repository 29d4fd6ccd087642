"""Recording acts: one transaction for many requests, each act answered by itself.

Locks go upward: the things that acts name, the groups that these belong to, the teachers whose awards
change. Keys of acts are guarded by their rows: who finds them other than expected starts again.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from points.activities import store
from points.activities.domain.act import Act
from points.activities.domain.admission import Admission, Key, Known, Verdict, admit
from points.activities.domain.objects import State
from points.activities.domain.receipt import Receipt
from points.activities.entries import RECORDED_TYPE, entry_type, recorded
from points.activities.operations.errors import CrossedError
from points.activities.operations.judging import judge
from points.activities.operations.objects import (
    Batch,
    groups_touched,
    grow_groups,
    grow_things,
    is_group,
    neighbours,
)
from points.settings import Context
from shared.runtime.database import Transaction
from shared.runtime.journal import Draft, Entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one act; a conflict carries the receipt of the act that stands under its key."""

    verdict: Verdict
    receipt: Receipt


async def record(tx: Transaction, context: Context, acts: Sequence[Act]) -> list[Outcome]:
    """Take acts in, each once, and post what they earn.

    Raises:
        CrossedError: another transaction got in between; nothing may be committed.
    """
    keys = {act.key for act in acts}
    targets = {act.withdraws for act in acts if act.withdraws is not None}
    known = await store.load_acts(tx, keys | targets)
    admission = admit(acts, known)
    entries = await _take_in(tx, context, admission, known) if admission.fresh else {}
    before = await _recorded_at(tx, keys, known)
    outcomes: list[Outcome] = []
    for act, verdict in zip(acts, admission.verdicts, strict=True):
        event, at = before[act.key] if act.key in before else _said(entries[act.key])
        service = context.journal.layout.service
        receipt = Receipt(
            source=act.source, id=act.id, event=f"{service}/{event[0]}/{event[1]}", recorded_at=at
        )
        outcomes.append(Outcome(verdict, receipt))
    return outcomes


async def _recorded_at(
    tx: Transaction, keys: Collection[Key], known: Mapping[Key, Known]
) -> dict[Key, tuple[tuple[int, int], datetime]]:
    places = {key: place for key in keys if (place := _place(known.get(key))) is not None}
    found = await store.load_recorded(tx, set(places.values()))
    return {key: (place, found[place].recorded_at) for key, place in places.items()}


def _place(known: Known | None) -> tuple[int, int] | None:
    if known is None or known.partition is None or known.seq is None:
        return None
    return known.partition, known.seq


def _said(entry: Entry) -> tuple[tuple[int, int], datetime]:
    return (entry.partition, entry.seq), entry.recorded_at


async def _take_in(
    tx: Transaction, context: Context, admission: Admission, known: Mapping[Key, Known]
) -> dict[Key, Entry]:
    batch = await _batch(tx, admission, known)
    subjects = {act.subject for act in admission.fresh} | set(batch.struck)
    await context.journal.lock(tx, {subject for subject in subjects if not is_group(subject)})
    await grow_things(tx, context, batch)
    groups = groups_touched(batch)
    beside = await neighbours(tx, batch)
    await context.journal.lock(tx, groups | beside | {subject for subject in subjects if is_group(subject)})
    await grow_groups(tx, context, batch, groups)
    entries = await _append(tx, context, admission)
    await store.save_states(tx, _unsaved(batch), context.pack.reference)
    await judge(tx, context, batch)
    return entries


async def _batch(tx: Transaction, admission: Admission, known: Mapping[Key, Known]) -> Batch:
    acts: dict[str, list[Act]] = defaultdict(list)
    for act in admission.standing:
        acts[act.subject].append(act)
    places = {place for key in admission.struck if (place := _place(known[key])) is not None}
    struck = [
        found.act for found in (await store.load_recorded(tx, places)).values() if found.type == RECORDED_TYPE
    ]
    return Batch(acts=acts, struck={act.subject for act in struck}, gone=frozenset(act.key for act in struck))


def _unsaved(batch: Batch) -> dict[str, State]:
    """States that are not kept as they are now."""
    return {name: batch.after[name] for name in batch.changed(batch.after)}


async def _append(tx: Transaction, context: Context, admission: Admission) -> dict[Key, Entry]:
    drafts = [
        Draft(
            type=entry_type(act),
            subject=act.subject,
            effective_at=act.occurred_at,
            policy="",
            data=recorded(act),
        )
        for act in admission.fresh
    ]
    appended = await context.journal.append(tx, drafts)
    await store.keep(tx, list(zip(appended, admission.fresh, strict=True)))
    entries = {act.key: entry for act, entry in zip(admission.fresh, appended, strict=True)}
    expected = await store.as_expected(tx, entries, admission.named)
    if not expected or not await store.still_unseen(tx, admission.unseen):
        raise CrossedError
    return entries
