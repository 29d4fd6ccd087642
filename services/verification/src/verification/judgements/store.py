"""SQL of predictions and verdicts."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Row, Select, Text, cast, select, tuple_

from shared.access import Reach
from shared.contracts.verification import VerificationDoubted, VerificationPassed, VerificationPredicted
from shared.policy.categories import TOTAL, Item, Part
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Projection, canonical
from shared.runtime.unnest import POSTGRESQL, delete_rows, looked_up, unnested
from verification.figures.domain.hours import TeacherYear, by_column
from verification.judgements import tables
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import Decision, Judgement, Prediction, Verdict
from verification.judgements.entries import DOUBTED, FAILED, PASSED, PREDICTED

_p, _d = tables.prediction.c, tables.decision.c
_KEY = [_p.teacher, _p.year]
_JUDGEMENT = select(
    *(column for column in _p if column.name not in {"figures", "required", "shortfall"}),
    cast(_p.figures, Text).label("figures"),
    cast(_p.required, Text).label("required"),
    cast(_p.shortfall, Text).label("shortfall"),
    _d.entry.label("decision_entry"),
    _d.prediction.label("decision_prediction"),
    _d.outcome.label("decision_outcome"),
    _d.authority,
    _d.verdict,
    _d.decided_at,
    _d.revision,
    _d.doubted,
).outerjoin_from(tables.prediction, tables.decision, (_d.teacher == _p.teacher) & (_d.year == _p.year))
_LOOKED_UP = looked_up(
    f"{_JUDGEMENT.compile(dialect=POSTGRESQL)}"
    " where prediction.teacher = rows.teacher and prediction.year = rows.year",
    _KEY,
)
_DELETE = {table.name: delete_rows(table, _KEY) for table in (tables.prediction, tables.decision)}
_DOUBT = unnested(
    "update decision set doubted = true from {rows}"
    " where decision.teacher = rows.teacher and decision.year = rows.year",
    _KEY,
)
SHAPES: Mapping[str, type[Any]] = {
    PREDICTED: VerificationPredicted,
    PASSED: VerificationPassed,
    FAILED: VerificationPassed,
    DOUBTED: VerificationDoubted,
}
"""The entries that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which results a list shows."""

    year: int | None = None
    outcome: Outcome | None = None
    undecided: bool = False
    """Only years that were predicted and wait for their verdict."""
    teachers: Sequence[Select[tuple[str]]] = ()
    """Only teachers whom every one of these queries names."""


async def load(tx: Transaction, keys: Collection[TeacherYear]) -> dict[TeacherYear, Judgement]:
    """What is known of those keys that were ever judged."""
    rows = await tx.fetch(_LOOKED_UP, by_column(keys))
    return {TeacherYear(row.teacher, row.year): _judgement(row) for row in rows}


async def list_results(
    tx: Transaction, reach: Reach, wanted: Wanted, after: Sequence[Any] | None, limit: int
) -> list[tuple[TeacherYear, Judgement]]:
    """One more than `limit` results within a reach in order of year and teacher, behind the key `after`."""
    query = _JUDGEMENT.order_by(_p.year, _p.teacher).limit(limit + 1)
    query = query.where(await reach.within(tx, _p.teacher))
    if wanted.year is not None:
        query = query.where(_p.year == wanted.year)
    if wanted.outcome is not None:
        query = query.where(_d.outcome == wanted.outcome)
    if wanted.undecided:
        query = query.where(_d.outcome.is_(None))
    for teachers in wanted.teachers:
        query = query.where(_p.teacher.in_(teachers))
    if after is not None:
        query = query.where(tuple_(_p.year, _p.teacher) > tuple_(*after))
    return [(TeacherYear(row.teacher, row.year), _judgement(row)) for row in await tx.execute(query)]


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write what entries say; the last prediction and the last verdict on a teacher's year stand."""
    facts = [(entry, entry.parse(SHAPES[entry.type])) for entry in entries if entry.type in SHAPES]
    await apply(tx, facts, {TeacherYear(fact.teacher, fact.year) for _, fact in facts})


async def apply(tx: Transaction, facts: Iterable[tuple[Entry, Any]], known: Container[TeacherYear]) -> None:
    """Write what entries say whose facts are at hand; only years that are `known` may have rows already."""
    predicted: dict[TeacherYear, tuple[Any, ...]] = {}
    decided: dict[TeacherYear, tuple[Any, ...]] = {}
    doubted: set[TeacherYear] = set()
    for entry, fact in facts:
        key = TeacherYear(fact.teacher, fact.year)
        if entry.type == PREDICTED:
            predicted[key] = _prediction_row(entry, fact)
        elif entry.type == DOUBTED:
            doubted.add(key)
        elif entry.type in SHAPES:
            decided[key] = _decision_row(entry, fact)
            doubted.discard(key)
    for table, rows in ((tables.prediction, predicted), (tables.decision, decided)):
        if gone := [key for key in rows if key in known]:
            await tx.fetch(_DELETE[table.name], by_column(gone))
        await tx.copy(table, list(rows.values()))
    if doubted:
        await tx.fetch(_DOUBT, by_column(doubted))


PROJECTION = Projection(tables=[tables.prediction, tables.decision], project=project)


def _judgement(row: Row[Any]) -> Judgement:
    prediction = Prediction(
        outcome=row.outcome,
        figures=msgspec.json.decode(row.figures, type=dict[Part, Decimal]),
        required=_hours(row.required),
        shortfall=_hours(row.shortfall),
    )
    if row.decision_entry is None:
        return Judgement(prediction=prediction, entry=row.entry)
    verdict = Verdict(
        id=row.verdict, authority=row.authority, outcome=row.decision_outcome, decided_at=row.decided_at
    )
    decision = Decision(
        verdict=verdict,
        revision=row.revision,
        entry=row.decision_entry,
        prediction=row.decision_prediction,
        doubted=row.doubted,
    )
    return Judgement(prediction=prediction, entry=row.entry, decision=decision)


@lru_cache
def _hours(stored: str) -> Mapping[Item, Decimal]:
    return msgspec.json.decode(stored, type=dict[Item, Decimal])


def _prediction_row(entry: Entry, said: VerificationPredicted) -> tuple[Any, ...]:
    parts = {part: hours for part, hours in said.figures.items() if part != TOTAL}
    return (
        *(said.teacher, said.year, entry.id, said.outcome, canonical(parts)),
        *(canonical(said.required), canonical(said.shortfall), said.run),
    )


def _decision_row(entry: Entry, ruled: VerificationPassed) -> tuple[Any, ...]:
    return (
        *(ruled.teacher, ruled.year, entry.id, ruled.basis["prediction"]),
        *("pass" if entry.type == PASSED else "fail", ruled.authority),
        *(ruled.verdict, ruled.decided_at, ruled.revision, False),
    )
