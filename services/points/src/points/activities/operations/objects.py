"""Object states under lock: remembered, loaded or folded again, grown by acts, handed up to their groups.

Things are locked first; only then is it known which groups they concern, and groups lie higher. Whoever
changes what a group sees of a thing also holds the group, so whoever holds it may read that of its things.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from points.activities.domain.act import Act
from points.activities.domain.objects import (
    Group,
    State,
    empty,
    fold,
    groups_concerned,
    kind_of,
    refold,
    see,
)
from points.activities.domain.objects.content import Content
from points.activities.domain.objects.workshop import Workshop
from points.activities.operations.errors import CrossedError
from points.activities.store import acts as store
from points.activities.store import states
from points.activities.store.memory import UNSAVED, Judged, Remembered
from points.activities.store.states import Kept, Said
from points.settings import Context
from shared.runtime.database import Transaction

GROUPS = ("workshop:", "content:")


def is_group(subject: str) -> bool:
    """Whether an object is a group of things."""
    return subject.startswith(GROUPS)


@dataclass(slots=True)
class Batch:
    """The acts of one transaction by object, and what becomes of the objects."""

    acts: Mapping[str, Sequence[Act]]
    """New acts that stand, by the object that they name."""
    struck: Mapping[str, Sequence[Act]]
    """Recorded acts that were withdrawn, by the object that they name."""
    before: dict[str, State] = field(default_factory=dict)
    after: dict[str, State] = field(default_factory=dict)
    unsaved: dict[str, int] = field(default_factory=dict)
    """Acts of each thing that its kept state did not hold before."""
    changed: frozenset[str] = frozenset()
    """Objects that have another state now, once groups have grown."""
    judged: dict[str, Judged] = field(default_factory=dict)
    """What was judged on objects as they were before, where that is known; then on what they are now."""

    @property
    def subjects(self) -> set[str]:
        """Objects that acts of this transaction concern."""
        return self.acts.keys() | set(self.struck)


async def grow_things(tx: Transaction, context: Context, batch: Batch) -> None:
    """Recall or load the things of a batch and add its acts; their partitions are locked."""
    things = {subject for subject in batch.subjects if not is_group(subject)}
    heads = {partition: head.seq for partition, head in tx.held.items()}
    memory = context.memory
    memory.catch_up(await states.entries_since(tx, context.journal, memory.behind(heads)), heads)
    remembered = memory.recall(things, context.book)
    remembered |= await _load_things(tx, context, things - remembered.keys())
    for name, one in remembered.items():
        batch.before[name], batch.unsaved[name] = one.state, one.unsaved
        if one.judged is not None:
            batch.judged[name] = one.judged
    await _grow(tx, context, batch, things)


async def grow_groups(tx: Transaction, context: Context, batch: Batch, groups: Collection[str]) -> None:
    """Load groups, add the acts that name them and let them see their things; they are locked."""
    batch.before |= await load(tx, context, groups)
    for name, one in context.memory.recall(groups, context.book).items():
        if one.judged is not None and one.state == batch.before[name]:
            batch.judged[name] = one.judged
    await _grow(tx, context, batch, groups)
    concerned: dict[str, dict[str, State]] = defaultdict(dict)
    for name, state in batch.after.items():
        if not is_group(name):
            for group in groups_concerned(batch.before[name], state):
                concerned[group][name] = state
    for group in groups:
        if group in concerned:
            batch.after[group] = see(cast("Group", batch.after[group]), group, concerned[group])
    batch.changed = frozenset(
        name
        for name, state in batch.after.items()
        if state is not (before := batch.before[name]) and state != before
    )


def groups_touched(batch: Batch) -> set[str]:
    """Groups that acts name, or that changes of things concern."""
    touched = {subject for subject in batch.subjects if is_group(subject)}
    for name, state in batch.after.items():
        touched |= groups_concerned(batch.before[name], state)
    return touched


async def neighbours(tx: Transaction, batch: Batch) -> set[str]:
    """Groups whose hosts decide about things that a changed host decides about as well."""
    refounded = [
        subject
        for subject in batch.subjects
        if kind_of(subject) == "workshop" and _may_refound(subject, batch)
    ]
    children = await store.load_children(tx, refounded)
    return await store.load_parents(tx, set().union(*children.values()))


def _may_refound(subject: str, batch: Batch) -> bool:
    acts = batch.acts.get(subject, [])
    return subject in batch.struck or any(act.type == "workshop.founded" for act in acts)


async def dependents(tx: Transaction, context: Context, batch: Batch) -> dict[str, State]:
    """Things that a workshop whose founding changed decides about, as they are.

    Raises:
        CrossedError: another transaction tied one of them to a group that is not locked here.
    """
    refounded = [name for name in batch.changed if _refounded(batch, name)]
    children = await store.load_children(tx, refounded)
    names = set().union(*children.values())
    for group in await store.load_parents(tx, names):
        if context.journal.partition(group) not in tx.held:
            raise CrossedError
    known = {name: batch.after[name] for name in names if name in batch.after}
    return known | await load(tx, context, names - known.keys())


def _refounded(batch: Batch, name: str) -> bool:
    before, after = batch.before[name], batch.after[name]
    if isinstance(before, Workshop) and isinstance(after, Workshop):
        return before.founding != after.founding
    return False


async def keep(tx: Transaction, context: Context, batch: Batch) -> None:
    """Keep what has changed: groups always, things once so many acts are missing in what is kept."""
    heads = {partition: head.seq for partition, head in tx.held.items()}
    saved: dict[str, Kept] = {}
    remembered: dict[str, Remembered] = {}
    for name, state in batch.after.items():
        text: str | None = None
        if is_group(name):
            due, unsaved = name in batch.changed, 0
            text = context.memory.text_of(name, state) or states.text_of(state)
        else:
            unsaved = batch.unsaved[name] + len(batch.acts.get(name, ()))
            due = name in batch.struck or unsaved >= UNSAVED
        remembered[name] = Remembered(state, batch.judged.get(name), 0 if due else unsaved, text)
        if due:
            saved[name] = Kept(state, heads[context.journal.partition(name)], text or states.text_of(state))
    await states.save_states(tx, saved, context.pack.reference)
    tx.on_commit(lambda: context.memory.keep(remembered, heads))


async def load(tx: Transaction, context: Context, subjects: Collection[str]) -> dict[str, State]:
    """States as they are: what is kept and what was said since, or folded again from the acts that stand."""
    if not subjects:
        return {}
    groups = {subject for subject in subjects if is_group(subject)}
    kept = await states.load_kept(tx, groups, context.pack.reference, context.memory.state_of)
    found = {name: one.state for name, one in kept.items()}
    found |= await _fold_again(tx, context, groups - kept.keys())
    things = await _load_things(tx, context, set(subjects) - groups)
    return found | {name: one.state for name, one in things.items()}


async def _load_things(tx: Transaction, context: Context, subjects: Collection[str]) -> dict[str, Remembered]:
    kept = await states.load_kept(tx, subjects, context.pack.reference)
    after = {name: kept[name].seq if name in kept else 0 for name in subjects}
    said = await states.said_about(tx, context.journal, after)
    again = {name: 0 for name in kept.keys() & said.keys() if said[name].struck}
    said |= await states.said_about(tx, context.journal, again)
    found: dict[str, Remembered] = {}
    for name in subjects:
        news = said.get(name, Said())
        state = empty(name) if name in again or name not in kept else kept[name].state
        grown = fold(state, news.standing, context.book) if news.acts else state
        if grown is not None:
            found[name] = Remembered(grown, None, len(news.acts))
    return found | {
        name: Remembered(state, None, UNSAVED)
        for name, state in (await _fold_again(tx, context, set(subjects) - found.keys())).items()
    }


async def _grow(tx: Transaction, context: Context, batch: Batch, subjects: Collection[str]) -> None:
    again: set[str] = set()
    for subject in subjects:
        before, acts = batch.before[subject], batch.acts.get(subject, ())
        grown = fold(before, acts, context.book) if acts else before
        if grown is None or any(_rests_on(before, act) for act in batch.struck.get(subject, ())):
            again.add(subject)
        else:
            batch.after[subject] = grown
    batch.after |= await _fold_again(tx, context, again, batch)


def _rests_on(state: State, act: Act) -> bool:
    return not isinstance(state, Content) and state.rests_on(act.moment)


async def _fold_again(
    tx: Transaction, context: Context, subjects: Collection[str], batch: Batch | None = None
) -> dict[str, State]:
    """States from the recorded acts that stand and those of a batch; groups see their things anew."""
    said = await states.said_about(tx, context.journal, dict.fromkeys(subjects, 0))
    grown: dict[str, State] = {}
    for subject in subjects:
        acts = said.get(subject, Said()).standing
        if batch is not None:
            gone = {act.key for act in batch.struck.get(subject, ())}
            acts = [act for act in acts if act.key not in gone]
            acts += batch.acts.get(subject, ())
        grown[subject] = refold(subject, acts, context.book) if acts else empty(subject)
    children = await store.load_children(tx, [subject for subject in subjects if is_group(subject)])
    members = {
        group: {name for name in things if kind_of(name) != "homework"} for group, things in children.items()
    }
    things = await load(tx, context, set().union(*members.values()))
    for group, names in members.items():
        grown[group] = see(cast("Group", grown[group]), group, {name: things[name] for name in names})
    return grown
