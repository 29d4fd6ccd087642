"""What is done with the tree of organisations: rows are taken by difference, the tree answers who lies where.

Whoever changes the tree holds its root, so a batch is judged by a tree that nobody else changes meanwhile.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hours.organisations import store
from hours.organisations.domain import Organisation, Tree, Wanted, judge, told
from hours.settings import Context
from shared.contracts.hours import OrganisationAbolished, OrganisationChanged, OrganisationRegistered
from shared.policy.calendar import day_of
from shared.runtime.database import Transaction
from shared.runtime.errors import DomainError
from shared.runtime.journal import Draft

Outcome = Literal["registered", "changed", "unchanged"]

ROOT = "organisation:"
"""Above the provinces: the subject that every change of the tree locks."""


async def register(
    tx: Transaction, context: Context, rows: Sequence[Wanted], within: Collection[str] | None, now: datetime
) -> list[Outcome | DomainError]:
    """Take organisations in order: a new one registers, a changed one changes; a bad one fails alone.

    They stand `within` these organisations, before and after, or in the same batch below one that does; None
    is anywhere.
    """
    await context.journal.lock(tx, {ROOT, *(_subject(row.organisation) for row in rows)})
    tree = await store.load_tree(tx, [row.organisation for row in rows])
    outcomes: list[Outcome | DomainError] = []
    drafts: list[Draft] = []
    held = None if within is None else set(within)
    for row in rows:
        outcome = _judge(tree, row) if _is_held(held, tree, row.organisation) else _elsewhere(row)
        if outcome in {"registered", "changed"}:
            drafts.append(_draft(context, tree, row, now))
            tree.take(row)
            if held is not None:
                held.add(row.organisation.organisation)
        outcomes.append(outcome)
    await store.project(tx, await context.journal.append(tx, drafts))
    return outcomes


def _is_held(held: Collection[str] | None, tree: Tree, one: Organisation) -> bool:
    """Whether an organisation and what it is to stand below are held by who hands it in.

    Who is not in the tree yet holds a place all the same, and does not put itself there.
    """
    before = tree.organisations.get(one.organisation)
    if held is None or before is None:
        return held is None or one.parent in held
    return one.organisation in held and (one.parent in held or one.parent == before.parent)


def _elsewhere(row: Wanted) -> DomainError:
    return DomainError.at(
        "/organisation", "organisation.out_of_reach", organisation=row.organisation.organisation
    )


def _judge(tree: Tree, row: Wanted) -> Outcome | DomainError:
    before = tree.organisations.get(row.organisation.organisation)
    known = tree.known(row.organisation)
    if before == row.organisation and (known is None or known.since == tree.since(row)):
        return "unchanged"
    refused = judge(tree, row)
    if refused is not None:
        return DomainError.at(refused.path, refused.code, **refused.figures)
    return "changed" if before else "registered"


def _subject(organisation: Organisation) -> str:
    return f"{ROOT}{organisation.organisation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abolition:
    """An organisation is to be no more from a day on."""

    organisation: str
    until: date
    successor: str
    """Empty where none is named."""
    by: str
    within: Collection[str] | None
    """What is held by who says so; None is everything."""
    at: datetime


async def abolish(tx: Transaction, context: Context, wanted: Abolition) -> None:
    """End an organisation that nobody works at, nothing stands below, and no matter awaits.

    Who comes to it, or is to come, is written in any partition, so all of them are locked.

    Raises:
        DomainError: `organisation.unknown`, `organisation.out_of_reach`, `organisation.abolished`,
            `abolition.in_future`, `organisation.successor_unknown`, `organisation.has_below`,
            `organisation.has_teachers`, `organisation.is_awaited`.
    """
    for kind in ("class", "organisation"):
        await context.journal.lock_partitions(tx, context.journal.partitions(kind))
    name = wanted.organisation
    await _hold_abolishable(tx, wanted)
    today = day_of(wanted.at, context.pack.pack.timezone)
    if wanted.until > today:
        raise DomainError.at("/day", "abolition.in_future", day=wanted.until, today=today)
    if below := await store.below(tx, name):
        raise DomainError("organisation.has_below", organisation=name, count=len(below), first=below[0])
    if teachers := await store.count(tx, name, context.schools):
        raise DomainError("organisation.has_teachers", organisation=name, count=teachers)
    if awaiting := await store.awaiting(tx, name, context.awaited):
        count, matters = sum(awaiting.values()), told(awaiting)
        raise DomainError(
            "organisation.is_awaited", organisation=name, count=count, awaiting=awaiting, matters=matters
        )
    fact = OrganisationAbolished(
        organisation=name, until=wanted.until, successor=wanted.successor, by=wanted.by
    )
    draft = Draft(
        type=store.ABOLISHED,
        subject=f"{ROOT}{name}",
        effective_at=wanted.at,
        policy=context.pack.reference,
        data=fact,
    )
    await store.project(tx, await context.journal.append(tx, [draft]))


async def _hold_abolishable(tx: Transaction, wanted: Abolition) -> None:
    """Go on where it stands below what the caller holds, and its successor is another one of its level."""
    name, within = wanted.organisation, wanted.within
    found = await store.load(tx, [name, wanted.successor])
    one, successor = found.get(name), found.get(wanted.successor)
    if one is None or (within is not None and name not in within):
        raise DomainError("organisation.unknown", organisation=name)
    if within is not None and one.parent not in within:
        raise DomainError("organisation.out_of_reach", organisation=name)
    await hold_standing(tx, name)
    if not wanted.successor:
        return
    gone = await store.abolished(tx, [wanted.successor])
    if successor is None or successor == one or successor.level != one.level or gone:
        figures = {"successor": wanted.successor, "level": one.level}
        raise DomainError.at("/successor", "organisation.successor_unknown", **figures)


async def hold_standing(tx: Transaction, organisation: str) -> None:
    """Go on where an organisation is not abolished.

    Raises: DomainError `organisation.abolished`, 409.
    """
    for gone in (await store.abolished(tx, [organisation])).values():
        raise DomainError("organisation.abolished", organisation=gone.organisation, until=gone.until)


def _draft(context: Context, tree: Tree, row: Wanted, now: datetime) -> Draft:
    one = row.organisation
    is_new = one.organisation not in tree.organisations
    shape = OrganisationRegistered if is_new else OrganisationChanged
    return Draft(
        type=store.REGISTERED if is_new else store.CHANGED,
        subject=_subject(one),
        effective_at=now,
        policy=context.pack.reference,
        data=shape(
            organisation=one.organisation,
            level=one.level,
            name=one.name,
            parent=one.parent,
            division=one.division,
            division_since=tree.since(row),
            school_code=one.school_code,
            credit_code=one.credit_code,
        ),
    )


async def find(tx: Transaction, organisations: Iterable[str]) -> dict[str, Organisation]:
    """Those of `organisations` that are in the tree."""
    return await store.load(tx, organisations)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an organisation stands, as a roster names it."""

    is_school: bool
    district: str
    """The name of the district it lies in; empty where it stands below a city or a province."""
    abolished: date | None
    """The first day on which it is no more; None where it stands."""


async def places(tx: Transaction, organisations: Iterable[str]) -> dict[str, Place]:
    """Where those of `organisations` stand that are in the tree."""
    found = await store.load(tx, organisations)
    parents = await store.load(tx, {one.parent for one in found.values()})
    gone = await store.abolished(tx, found)
    return {
        name: Place(
            is_school=one.level == "school",
            district=_district(parents.get(one.parent)),
            abolished=gone[name].until if name in gone else None,
        )
        for name, one in found.items()
    }


def _district(parent: Organisation | None) -> str:
    """Only a school stands below a district, and directly."""
    return parent.name if parent is not None and parent.level == "district" else ""


async def authorities(tx: Transaction, schools: Iterable[str]) -> dict[str, str]:
    """What those of `schools` that are schools of the tree stand below, as callers such as `district:D01`."""
    found = await store.load(tx, schools)
    above = await store.load(tx, {one.parent for one in found.values() if one.level == "school"})
    return {
        name: f"{above[one.parent].level}:{one.parent}"
        for name, one in found.items()
        if one.level == "school"
    }


async def above(tx: Transaction, organisation: Organisation) -> list[Organisation]:
    """What an organisation stands below, from the nearest up."""
    found: list[Organisation] = []
    while organisation.parent:
        organisation = (await store.load(tx, [organisation.parent]))[organisation.parent]
        found.append(organisation)
    return found
