"""SQL of the annual plans: one with its entries, lists, what is admitted, reports, and their projection."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Select,
    SmallInteger,
    Text,
    bindparam,
    exists,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert

from hours.annual_plans import tables
from hours.annual_plans.domain import (
    AnnualPlan,
    AnnualPlanDecided,
    AnnualPlanDeclared,
    AnnualPlanReported,
    Fact,
    PlanEntry,
    Planned,
    Reported,
    State,
    after,
    key_of,
)
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry

TYPES: Mapping[str, type[Fact]] = {
    "annual_plan.declared.v1": AnnualPlanDeclared,
    "annual_plan.decided.v1": AnnualPlanDecided,
    "annual_plan.reported.v1": AnnualPlanReported,
}
NAMES = {shape: name for name, shape in TYPES.items()}

_PLAN, _ENTRY, _REPORT = tables.annual_plan, tables.annual_plan_entry, tables.annual_plan_report
_SAME = (_ENTRY.c.organiser == _PLAN.c.organiser) & (_ENTRY.c.year == _PLAN.c.year)

ADMITTED_ENTRIES = (
    select(_ENTRY.c.entry, _ENTRY.c.rule).where(_ENTRY.c.state == "admitted").subquery("admitted_entry")
)
"""Entries under which hours of classes are registered: rows for a statement of a room above."""


async def load(tx: Transaction, organiser: str, year: int) -> AnnualPlan | None:
    """The plan of an organiser and a year, with its entries."""
    query = select(_PLAN).where(_PLAN.c.organiser == organiser, _PLAN.c.year == year)
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    own = select(_ENTRY).where(_ENTRY.c.organiser == organiser, _ENTRY.c.year == year)
    rows = await tx.execute(own.order_by(_ENTRY.c.turn))
    return AnnualPlan(
        organiser=row.organiser,
        year=row.year,
        entries={one.number: _entry(one) for one in rows},
        reported=_reported(row),
    )


def _reported(row: Row[Any]) -> Reported | None:
    if row.reported_at is None:
        return None
    return Reported(at=row.reported_at, by=row.reported_by, digest=row.digest, files=tuple(row.files))


def _entry(row: Row[Any]) -> PlanEntry:
    return PlanEntry(
        planned=Planned(
            number=row.number,
            name=row.name,
            rule=row.rule,
            hours=row.hours,
            people=row.people,
            first=row.first,
            last=row.last,
        ),
        added_later=row.added_later,
        declared_at=row.declared_at,
        hands=frozenset(row.hands),
        state=row.state,
        reason=row.reason,
    )


async def holds(tx: Transaction, entry: str, of: Mapping[str, object]) -> bool:
    """Whether there is an entry of that key whose columns are as `of` says."""
    same = [_ENTRY.c[name] == value for name, value in of.items()]
    return bool((await tx.execute(select(exists().where(_ENTRY.c.entry == entry, *same)))).scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which plans are asked for; None is any."""

    within: Collection[str] | None
    """Organisers to whom the caller reaches; None for all."""
    organiser: str | None
    year: int | None
    state: State | None
    """One that an entry has."""
    reported: bool | None
    this_year: int
    """Before which a year is over: of it a report is missing."""

    def clauses(self) -> list[ColumnElement[bool]]:
        """The same, as the statement asks."""
        plan = _PLAN.c
        asked: list[ColumnElement[bool]] = []
        if self.within is not None:
            asked.append(plan.organiser == bindparam("within", sorted(self.within), ARRAY(Text)).any_())
        if self.organiser is not None:
            asked.append(plan.organiser == self.organiser)
        if self.year is not None:
            asked.append(plan.year == self.year)
        if self.state is not None:
            asked.append(exists().where(_SAME, _ENTRY.c.state == self.state))
        if self.reported is True:
            asked.append(plan.reported_at.is_not(None))
        elif self.reported is False:
            asked += [plan.reported_at.is_(None), plan.year < self.this_year]
        return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A plan in a list: how many entries are in each state, and its report."""

    organiser: str
    year: int
    counts: Mapping[State, int]
    reported: Reported | None


_STATES: tuple[State, ...] = ("declared", "admitted", "returned")


def _count(state: State) -> ColumnElement[int]:
    counted = select(func.count()).select_from(_ENTRY).where(_SAME, _ENTRY.c.state == state)
    return counted.correlate(_PLAN).scalar_subquery().label(state)


_LISTED: Select[Any] = select(_PLAN, *map(_count, _STATES))


async def page(
    tx: Transaction, wanted: Wanted, *, after_keys: Sequence[Any] | None, limit: int
) -> list[Listed]:
    """Plans in order of organiser and year, at most `limit`."""
    keys = tuple_(_PLAN.c.organiser, _PLAN.c.year)
    query = _LISTED.where(*wanted.clauses())
    if after_keys is not None:
        organiser, year = after_keys
        query = query.where(keys > tuple_(organiser, bindparam("after_year", year, SmallInteger)))
    rows = await tx.execute(query.order_by(_PLAN.c.organiser, _PLAN.c.year).limit(limit))
    return [
        Listed(
            organiser=row.organiser,
            year=row.year,
            counts={state: getattr(row, state) for state in _STATES},
            reported=_reported(row),
        )
        for row in rows
    ]


async def keep_words(tx: Transaction, organiser: str, year: int, words: str) -> None:
    """Keep what an organiser reported, in place of what was kept."""
    statement = insert(_REPORT).values(organiser=organiser, year=year, words=words)
    await tx.execute(
        statement.on_conflict_do_update(index_elements=_REPORT.primary_key, set_={"words": words})
    )


async def load_words(tx: Transaction, organiser: str, year: int) -> str | None:
    """What an organiser reported; None where it has not."""
    query = select(_REPORT.c.words).where(_REPORT.c.organiser == organiser, _REPORT.c.year == year)
    words: str | None = (await tx.execute(query)).scalar_one_or_none()
    return words


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the annual plans up to these entries."""
    for entry in entries:
        shape: Any = TYPES.get(entry.type)
        if shape is None:
            continue
        fact: Fact = entry.parse(shape)
        known = await load(tx, fact.organiser, fact.year)
        await _put(tx, after(known, fact, entry.effective_at))


async def _put(tx: Transaction, plan: AnnualPlan) -> None:
    reported = plan.reported
    row = {
        "organiser": plan.organiser,
        "year": plan.year,
        "reported_at": reported and reported.at,
        "reported_by": reported and reported.by,
        "digest": reported and reported.digest,
        "files": list(reported.files) if reported else [],
    }
    statement = insert(_PLAN).values(row)
    await tx.execute(statement.on_conflict_do_update(index_elements=_PLAN.primary_key, set_=row))
    rows = [_row(plan, turn, entry) for turn, entry in enumerate(plan.entries.values(), 1)]
    changed = insert(_ENTRY)
    columns = {name: changed.excluded[name] for name in rows[0]}
    await tx.execute(changed.on_conflict_do_update(index_elements=["entry"], set_=columns), rows)


def _row(plan: AnnualPlan, turn: int, entry: PlanEntry) -> dict[str, Any]:
    planned = entry.planned
    return {
        "entry": key_of(plan.organiser, plan.year, planned.number),
        "organiser": plan.organiser,
        "year": plan.year,
        "turn": turn,
        "number": planned.number,
        "name": planned.name,
        "rule": planned.rule,
        "hours": planned.hours,
        "people": planned.people,
        "first": planned.first,
        "last": planned.last,
        "added_later": entry.added_later,
        "declared_at": entry.declared_at,
        "hands": sorted(entry.hands),
        "state": entry.state,
        "reason": entry.reason,
    }
