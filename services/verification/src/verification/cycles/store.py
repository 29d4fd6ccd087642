"""SQL of verdicts on cycles."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, Select, Text, cast, select

from shared.access import Reach
from shared.contracts.verification import CyclePassed
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Projection, canonical
from shared.runtime.unnest import delete_rows, looked_up
from verification.cycles import tables
from verification.cycles.domain.verdict import Known, TeacherCycle
from verification.cycles.entries import FAILED, PASSED, key_of, known_of
from verification.figures.domain.hours import TeacherYear, by_column
from verification.judgements.domain.assessment import Outcome

_d = tables.cycle_decision.c
_KEY = [_d.teacher, _d.cycle, _d.first]
_SHOWN = "cycle_decision.entry, cycle_decision.policy, cycle_decision.outcome, cycle_decision.said::text"
_GIVEN = looked_up(
    f"select {_SHOWN} from cycle_decision where cycle_decision.teacher = rows.teacher"  # noqa: S608 - our own names
    " and cycle_decision.cycle = rows.cycle and cycle_decision.first = rows.first",
    _KEY,
)
_COVERING = looked_up(
    f"select {_SHOWN} from cycle_decision where cycle_decision.teacher = rows.teacher"  # noqa: S608 - our own names
    " and rows.first between cycle_decision.first and cycle_decision.last",
    [_d.teacher, _d.first],
)
_DELETE = delete_rows(tables.cycle_decision, _KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which verdicts on the cycles that end with a year a list shows."""

    cycle: str
    last: int
    outcome: Outcome | None = None
    short: bool | None = None
    """Only those in which a year is short of what each year asks, or in which none is."""
    teachers: Sequence[Select[tuple[str]]] = ()
    """Only teachers whom every one of these queries names."""


async def load(tx: Transaction, keys: Sequence[TeacherCycle]) -> dict[TeacherCycle, Known]:
    """The verdicts on those of the cycles on which one was given."""
    return _read(await tx.fetch(_GIVEN, _by_column(keys))) if keys else {}


async def load_covering(tx: Transaction, years: Collection[TeacherYear]) -> dict[TeacherCycle, Known]:
    """The verdicts on all cycles in which one of the years lies."""
    if not years:
        return {}
    columns = by_column(years)
    return _read(await tx.fetch(_COVERING, {"teacher": columns["teacher"], "first": columns["year"]}))


async def list_verdicts(
    tx: Transaction, reach: Reach, wanted: Wanted, after: str, limit: int
) -> list[tuple[TeacherCycle, Known]]:
    """One more than `limit` verdicts within a reach in order of teacher, behind `after`."""
    query = select(_d.entry, _d.policy, _d.outcome, cast(_d.said, Text).label("said"))
    query = query.where(_d.cycle == wanted.cycle, _d.last == wanted.last, _d.teacher > after)
    query = query.where(await reach.within(tx, _d.teacher))
    if wanted.outcome is not None:
        query = query.where(_d.outcome == wanted.outcome)
    if wanted.short is not None:
        query = query.where(_d.is_short == wanted.short)
    for teachers in wanted.teachers:
        query = query.where(_d.teacher.in_(teachers))
    rows = await tx.execute(query.order_by(_d.teacher, _d.first).limit(limit + 1))
    return list(_read(rows).items())


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write what entries say; the last verdict on a cycle stands."""
    given: dict[TeacherCycle, tuple[Any, ...]] = {}
    for entry in entries:
        if entry.type in {PASSED, FAILED}:
            said = entry.parse(CyclePassed)
            given[key_of(said)] = (
                *(said.teacher, said.cycle, said.first, said.last, entry.id, entry.policy),
                *("pass" if entry.type == PASSED else "fail", any(year.shortfall for year in said.years)),
                canonical(said),
            )
    if given:
        await tx.fetch(_DELETE, _by_column(given))
        await tx.copy(tables.cycle_decision, list(given.values()))


PROJECTION = Projection(tables=[tables.cycle_decision], project=project)


def _by_column(keys: Collection[TeacherCycle]) -> dict[str, Sequence[Any]]:
    return dict(zip(TeacherCycle._fields, zip(*keys, strict=True), strict=True))


def _read(rows: Iterable[Row[Any]]) -> dict[TeacherCycle, Known]:
    read = ((row, msgspec.json.decode(row.said, type=CyclePassed)) for row in rows)
    return {key_of(said): known_of(row.entry, row.policy, row.outcome, said) for row, said in read}
