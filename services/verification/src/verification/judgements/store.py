"""SQL of predictions and verdicts."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BigInteger, Integer, Row, Select, Text, cast, false, func, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from shared.access import Reach
from shared.contracts.verification import (
    VerificationAnswerOverdue,
    VerificationDoubted,
    VerificationPassed,
    VerificationPredicted,
    VerificationSubmitted,
)
from shared.policy.categories import TOTAL, Item, Part
from shared.runtime.database import Transaction
from shared.runtime.journal import Entry, Projection, canonical
from shared.runtime.listed import listed
from shared.runtime.unnest import POSTGRESQL, delete_rows, looked_up, unnested
from verification.figures.domain.hours import TeacherYear, by_column
from verification.judgements import tables
from verification.judgements.domain.assessment import Outcome
from verification.judgements.domain.decision import (
    Decision,
    Judgement,
    Prediction,
    Submission,
    Verdict,
)
from verification.judgements.entries import DOUBTED, FAILED, OVERDUE, PASSED, PREDICTED, SUBMITTED

_p, _d, _s = tables.prediction.c, tables.decision.c, tables.submission.c
_KEY = [_p.teacher, _p.year]
_JUDGED = tables.prediction.outerjoin(
    tables.decision, (_d.teacher == _p.teacher) & (_d.year == _p.year)
).outerjoin(tables.submission, (_s.teacher == _p.teacher) & (_s.year == _p.year))
_JUDGEMENT = select(
    *(column for column in _p if not isinstance(column.type, JSONB)),
    *(cast(column, Text).label(column.name) for column in _p if isinstance(column.type, JSONB)),
    _d.entry.label("decision_entry"),
    _d.prediction.label("decision_prediction"),
    _d.outcome.label("decision_outcome"),
    _d.authority,
    _d.verdict,
    _d.decided_at,
    _d.revision,
    _d.doubted,
    _s.entry.label("submission_entry"),
    _s.submitted_at,
    _s.told,
).select_from(_JUDGED)
_LOOKED_UP = looked_up(
    f"{_JUDGEMENT.compile(dialect=POSTGRESQL)}"
    " where prediction.teacher = rows.teacher and prediction.year = rows.year",
    _KEY,
)
_TABLES = {table.name: table for table in (tables.prediction, tables.decision, tables.submission)}
_DELETE = {name: delete_rows(table, _KEY) for name, table in _TABLES.items()}
_DOUBT = unnested(
    "update decision set doubted = true from {rows}"
    " where decision.teacher = rows.teacher and decision.year = rows.year",
    _KEY,
)
_TELL = unnested(
    "update submission set told = true from {rows}"
    " where submission.teacher = rows.teacher and submission.year = rows.year",
    _KEY,
)
SHAPES: Mapping[str, type[Any]] = {
    PREDICTED: VerificationPredicted,
    SUBMITTED: VerificationSubmitted,
    OVERDUE: VerificationAnswerOverdue,
    PASSED: VerificationPassed,
    FAILED: VerificationPassed,
    DOUBTED: VerificationDoubted,
}
"""The entries that are shown."""


class _Shown:
    """What entries in their order come to: the rows of each table, and the years that are marked in them."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[TeacherYear, tuple[Any, ...] | None]] = {name: {} for name in _TABLES}
        """By table and year; None where a row goes and no other comes."""
        self.doubted: set[TeacherYear] = set()
        self.told: set[TeacherYear] = set()

    def take(self, entry: Entry, fact: Any) -> None:  # noqa: ANN401 - a fact of whatever shape
        """Go on with another entry."""
        key = TeacherYear(fact.teacher, fact.year)
        if entry.type == PREDICTED:
            self.rows["prediction"][key] = _prediction_row(entry, fact)
        elif entry.type == SUBMITTED:
            self.rows["submission"][key] = (fact.teacher, fact.year, entry.id, entry.recorded_at, False)
            self.told.discard(key)
        elif entry.type == OVERDUE:
            self.told.add(key)
        elif entry.type == DOUBTED:
            self.doubted.add(key)
        elif entry.type in SHAPES:
            self.rows["decision"][key] = _decision_row(entry, fact)
            self.rows["submission"][key] = None  # a verdict ends what waits for it
            self.doubted.discard(key)
            self.told.discard(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which results a list shows."""

    year: int | None = None
    outcome: Outcome | None = None
    undecided: bool = False
    """Only years that were predicted and wait for their verdict."""
    overdue: bool = False
    """Only years that were handed over before an instant and are not answered."""
    overdue_before: datetime | None = None
    """That instant; None where no answer has a term."""
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
    if wanted.overdue:
        before = wanted.overdue_before
        query = query.where(false() if before is None else _s.submitted_at < before)
    for teachers in wanted.teachers:
        query = query.where(_p.teacher.in_(teachers))
    if after is not None:
        query = query.where(tuple_(_p.year, _p.teacher) > tuple_(*after))
    return [(TeacherYear(row.teacher, row.year), _judgement(row)) for row in await tx.execute(query)]


async def load_late(tx: Transaction, before: datetime, limit: int) -> list[TeacherYear]:
    """Whose submission was handed over before an instant, and is not said to be overdue yet."""
    query = select(_s.teacher, _s.year).where(_s.submitted_at < before, ~_s.told)
    rows = await tx.execute(query.order_by(_s.teacher, _s.year).limit(limit))
    return [TeacherYear(row.teacher, row.year) for row in rows]


class Awaited(NamedTuple):
    """How many submissions wait for a verdict."""

    all: int
    told: int
    """Of how many it was said that the answer is overdue."""
    behind: int
    """How many lie behind given positions."""
    since: datetime | None
    """When the oldest of these was handed over."""


async def count_awaited(tx: Transaction, positions: Mapping[int, int]) -> Awaited:
    """Count what waits for a verdict, and what of it lies behind positions of the journal."""
    reached = listed(
        "reached",
        ("partition", Integer, list(positions)),
        ("seq", BigInteger, list(positions.values())),
    )
    place = [cast(func.split_part(_s.entry, "/", part), BigInteger) for part in (2, 3)]
    behind = place[1] > func.coalesce(reached.c.seq, 0)
    query = select(
        func.count(),
        func.count().filter(_s.told),
        func.count().filter(behind),
        func.min(_s.submitted_at).filter(behind),
    ).select_from(tables.submission.outerjoin(reached, reached.c.partition == place[0]))
    return Awaited._make((await tx.execute(query)).one())


async def project(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Write what entries say; the last prediction and the last verdict on a teacher's year stand."""
    facts = [(entry, entry.parse(SHAPES[entry.type])) for entry in entries if entry.type in SHAPES]
    await apply(tx, facts, {TeacherYear(fact.teacher, fact.year) for _, fact in facts})


async def apply(tx: Transaction, facts: Iterable[tuple[Entry, Any]], known: Container[TeacherYear]) -> None:
    """Write what entries say whose facts are at hand; only years that are `known` may have rows already."""
    shown = _Shown()
    for entry, fact in facts:
        shown.take(entry, fact)
    for table, rows in shown.rows.items():
        if gone := [key for key in rows if key in known]:
            await tx.fetch(_DELETE[table], by_column(gone))
        await tx.copy(_TABLES[table], [row for row in rows.values() if row is not None])
    for statement, marked in ((_DOUBT, shown.doubted), (_TELL, shown.told)):
        if marked:
            await tx.fetch(statement, by_column(marked))


PROJECTION = Projection(tables=list(_TABLES.values()), project=project)


def _judgement(row: Row[Any]) -> Judgement:
    prediction = Prediction(
        outcome=row.outcome,
        figures=msgspec.json.decode(row.figures, type=dict[Part, Decimal]),
        required=_hours(row.required),
        shortfall=_hours(row.shortfall),
        withheld=msgspec.json.decode(row.withheld, type=tuple[str, ...]),
    )
    judgement = Judgement(prediction=prediction, entry=row.entry, submission=_submission(row))
    if row.decision_entry is None:
        return judgement
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
    return judgement._replace(decision=decision)


def _submission(row: Row[Any]) -> Submission | None:
    if row.submission_entry is None:
        return None
    return Submission(row.submission_entry, row.submitted_at, row.told)


@lru_cache
def _hours(stored: str) -> Mapping[Item, Decimal]:
    return msgspec.json.decode(stored, type=dict[Item, Decimal])


def _prediction_row(entry: Entry, said: VerificationPredicted) -> tuple[Any, ...]:
    parts = {part: hours for part, hours in said.figures.items() if part != TOTAL}
    return (
        *(said.teacher, said.year, entry.id, said.outcome, canonical(parts)),
        *(canonical(said.required), canonical(said.shortfall), said.run, canonical(said.withheld)),
    )


def _decision_row(entry: Entry, ruled: VerificationPassed) -> tuple[Any, ...]:
    return (
        *(ruled.teacher, ruled.year, entry.id, ruled.basis["prediction"]),
        *("pass" if entry.type == PASSED else "fail", ruled.authority),
        *(ruled.verdict, ruled.decided_at, ruled.revision, False),
    )
