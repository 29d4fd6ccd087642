"""Object states under lock: loaded or folded again, grown by acts, handed up to the groups they belong to.

Things are locked first; only then is it known which groups they belong to, and groups lie higher. Whoever
changes a thing also holds its groups, so whoever holds a group may read its things.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from points.activities import store
from points.activities.domain.act import Act
from points.activities.domain.objects import Group, State, empty, fold, groups_of, kind_of, refold, see
from points.activities.domain.objects.workshop import Workshop
from points.activities.operations.errors import CrossedError
from points.settings import Context
from shared.runtime.database import Transaction

GROUPS = frozenset({"workshop", "content"})


def is_group(subject: str) -> bool:
    """Whether an object is a group of things."""
    return kind_of(subject) in GROUPS


@dataclass(slots=True)
class Batch:
    """The acts of one transaction by object, and what becomes of the objects."""

    acts: Mapping[str, list[Act]]
    """New acts that stand, by the object that they name."""
    struck: Collection[str]
    """Objects of which a recorded act was withdrawn: folded again without it."""
    gone: Collection[tuple[str, str]]
    """Keys of the acts that were withdrawn."""
    before: dict[str, State] = field(default_factory=dict)
    after: dict[str, State] = field(default_factory=dict)

    @property
    def subjects(self) -> set[str]:
        """Objects that acts of this transaction concern."""
        return self.acts.keys() | set(self.struck)

    def changed(self, subjects: Iterable[str]) -> set[str]:
        """Which of these objects have another state now."""
        return {s for s in subjects if s in self.after and self.after[s] != self.before.get(s)}


async def grow_things(tx: Transaction, context: Context, batch: Batch) -> None:
    """Load the things of a batch and add its acts; their partitions are locked."""
    things = {subject for subject in batch.subjects if not is_group(subject)}
    await _grow(tx, context, batch, things)


async def grow_groups(tx: Transaction, context: Context, batch: Batch, groups: Collection[str]) -> None:
    """Load groups, add the acts that name them and let them see their things; they are locked."""
    await _grow(tx, context, batch, groups)
    concerned: dict[str, dict[str, State]] = defaultdict(dict)
    for name, state in batch.after.items():
        if not is_group(name):
            for group in groups_of(batch.before[name]) | groups_of(state):
                concerned[group][name] = state
    for group in groups:
        if group in concerned:
            batch.after[group] = see(cast("Group", batch.after[group]), group, concerned[group])


def groups_touched(batch: Batch) -> set[str]:
    """Groups that acts name, or that changed things belong or belonged to."""
    touched = {subject for subject in batch.subjects if is_group(subject)}
    for name in batch.after:
        if not is_group(name):
            touched |= groups_of(batch.before[name]) | groups_of(batch.after[name])
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
    refounded = [name for name in batch.changed(batch.after) if _refounded(batch, name)]
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


async def load(tx: Transaction, context: Context, subjects: Collection[str]) -> dict[str, State]:
    """States as they are kept; those that are not are folded again from the acts that stand."""
    kept = await store.load_states(tx, subjects, context.pack.reference)
    return kept | await _fold_again(tx, context, set(subjects) - kept.keys())


async def _grow(tx: Transaction, context: Context, batch: Batch, subjects: Collection[str]) -> None:
    batch.before |= await load(tx, context, subjects)
    again: set[str] = set()
    for subject in subjects:
        before, acts = batch.before[subject], batch.acts.get(subject, [])
        grown = fold(before, acts, context.book) if acts else before
        if grown is None or subject in batch.struck:
            again.add(subject)
        else:
            batch.after[subject] = grown
    batch.after |= await _fold_again(tx, context, again, batch)


async def _fold_again(
    tx: Transaction, context: Context, subjects: Collection[str], batch: Batch | None = None
) -> dict[str, State]:
    """States from the recorded acts that stand and those of a batch; groups see their things anew."""
    acts: dict[str, list[Act]] = defaultdict(list)
    for act in await store.acts_about(tx, subjects):
        if batch is None or act.key not in batch.gone:
            acts[act.subject].append(act)
    states: dict[str, State] = {}
    for subject in subjects:
        more = [] if batch is None else batch.acts.get(subject, [])
        everything = [*acts[subject], *more]
        states[subject] = refold(subject, everything, context.book) if everything else empty(subject)
    children = await store.load_children(tx, [subject for subject in subjects if is_group(subject)])
    for group, things in children.items():
        members = {name for name in things if kind_of(name) != "homework"}
        states[group] = see(cast("Group", states[group]), group, await load(tx, context, members))
    return states
