"""SQL of the plans: how far each is, its results, and the projection of what was done to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Row, Text, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from hours.plans import tables
from hours.plans.domain.entries import TYPES, Fact, PlanAssessed, PlanDrafted, PlanRegistered, Theme
from hours.plans.domain.plan import Plan, State, after, drafted
from hours.plans.domain.results import Assessed
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, canonical
from shared.runtime.pages import narrowed

_PLAN = tables.plan.c
AWAITED = select(_PLAN.awaits, _PLAN.plan).where(_PLAN.state != "draft", _PLAN.awaits.is_not(None))
"""Who is to act on which plan; a draft awaits nobody but who wrote it."""


async def load(tx: Transaction, number: str) -> Plan | None:
    """One plan."""
    row = (await tx.execute(select(tables.plan).where(tables.plan.c.plan == number))).one_or_none()
    return None if row is None else _plan(row)


async def load_entry(tx: Transaction, number: str) -> str | None:
    """Event id of the first entry of a plan; None where there is no such plan."""
    found: str | None = (
        await tx.execute(select(tables.plan.c.entry).where(tables.plan.c.plan == number))
    ).scalar()
    return found


async def load_results(
    tx: Transaction, number: str, teachers: Collection[str] | None = None
) -> dict[str, Assessed]:
    """Results of a plan by teacher, in order; of some teachers, or of all."""
    result = tables.plan_result.c
    query = select(tables.plan_result).where(result.plan == number).order_by(result.teacher)
    if teachers is not None:
        query = query.where(result.teacher == bindparam("teachers", sorted(teachers), ARRAY(Text)).any_())
    return {
        row.teacher: Assessed(
            teacher=row.teacher,
            hours=row.hours,
            grade=row.grade,
            handed_in=row.handed_in,
            records=row.records,
            registered=row.registered,
        )
        for row in await tx.execute(query)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which plans are asked for: of a school or that await somebody by `of`; None is any."""

    within: Collection[str] | None
    """Schools to which the caller reaches; None for all."""
    of: Mapping[str, str | None]
    year: int | None
    state: State | None
    today: date
    """By which approved plans are running or not."""


async def page(tx: Transaction, wanted: Wanted, *, after: str | None, limit: int) -> list[Plan]:
    """Plans in order of id, at most `limit`."""
    plan, within = tables.plan.c, None
    if wanted.within is not None:
        within = plan.school == bindparam("within", sorted(wanted.within), ARRAY(Text)).any_()
    query = select(tables.plan)
    if wanted.year is not None:
        query = query.where(plan.year == wanted.year)
    if wanted.state is not None:
        query = query.where(*_in_state(wanted.state, wanted.today))
    query = narrowed(query, plan.plan, after, wanted.of, within).limit(limit)
    return [_plan(row) for row in await tx.execute(query)]


def _in_state(state: State, today: date) -> list[ColumnElement[bool]]:
    plan = tables.plan.c
    match state:
        case "running":
            return [plan.state == "approved", plan.first <= today]
        case "approved":
            return [plan.state == "approved", plan.first > today]
        case _:
            return [plan.state == state]


def _plan(row: Row[Any]) -> Plan:
    return Plan(
        plan=row.plan,
        school=row.school,
        year=row.year,
        rule=row.rule,
        title=row.title,
        themes=msgspec.json.decode(row.themes, type=list[Theme]),
        state=row.state,
        awaits=row.awaits,
        authority=row.authority,
        latest=row.latest,
        submitted_at=row.submitted_at,
        approved_at=row.approved_at,
        accounts=frozenset(msgspec.json.decode(row.accounts, type=list[str])),
    )


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Bring the plans up to these entries."""
    for entry in entries:
        shape: Any = TYPES.get(entry.type)
        if shape is None:
            continue
        fact: Fact = entry.parse(shape)
        if isinstance(fact, PlanDrafted):
            await tx.execute(insert(tables.plan).values({**_row(drafted(fact)), "entry": entry.id}))
            continue
        known = await load(tx, fact.plan)
        assert known is not None, "a plan is drafted first"
        changed = _row(after(known, fact, entry.effective_at))
        await tx.execute(update(tables.plan).where(tables.plan.c.plan == fact.plan).values(changed))
        match fact:
            case PlanAssessed():
                await _put_results(tx, fact, entry.effective_at)
            case PlanRegistered():
                await _count_records(tx, fact)
            case _:
                pass


def _row(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan.plan,
        "school": plan.school,
        "year": plan.year,
        "rule": plan.rule,
        "title": plan.title,
        "themes": canonical(plan.themes),
        "first": plan.first,
        "state": plan.state,
        "awaits": plan.awaits,
        "authority": plan.authority,
        "latest": plan.latest,
        "submitted_at": plan.submitted_at,
        "approved_at": plan.approved_at,
        "accounts": canonical(sorted(plan.accounts)),
    }


async def _put_results(tx: Transaction, fact: PlanAssessed, at: datetime) -> None:
    new = {"plan": fact.plan, "handed_in": at, "records": 0, "registered": False}
    rows = [{**new, "teacher": one.teacher, "hours": one.hours, "grade": one.grade} for one in fact.results]
    if not rows:
        return
    statement = insert(tables.plan_result)
    changed = {name: statement.excluded[name] for name in ("hours", "grade", "handed_in", "registered")}
    key = list(tables.plan_result.primary_key.columns)
    await tx.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), rows)


async def _count_records(tx: Transaction, fact: PlanRegistered) -> None:
    result = tables.plan_result.c
    those = bindparam("teachers", list(fact.teachers), ARRAY(Text)).any_()
    query = update(tables.plan_result).where(result.plan == fact.plan, result.teacher == those)
    await tx.execute(query.values(records=result.records + 1, registered=True))
